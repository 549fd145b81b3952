"""What Prometheus reads at /metrics, and what a container's probes ask."""

from __future__ import annotations

import sys

import pytest
from api_examples import QUESTION, ApiLibrary, app_of, client_of
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from rag.errors import LibraryBusy, SettingsError
from rag.service.api_keys import ApiKeys
from rag.service.observation import observe


def values(text: str) -> dict[str, float]:
    """Values by name and labels, without buckets and times of creation."""
    samples = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return {
        " ".join([one.name, *one.labels.values()]): one.value
        for one in samples
        if not one.name.endswith(("_bucket", "_created"))
    }


def test_answers_are_counted_and_timed(asked_library: ApiLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_library.settings = asked_library.settings.model_copy(update={"metrics": True})
    observe(asked_library)
    client = client_of(asked_library, monkeypatch)
    (*_, end) = asked_library.ask(QUESTION)
    outcome = type(end).__name__.lower()
    next(stopped := asked_library.ask(QUESTION))
    stopped.close()
    list(asked_library.ask("Hello!"))

    answered = client.get("/metrics")
    assert answered.headers["content-type"].startswith("text/plain")
    found = values(answered.text)
    assert found["byline_articles"] == 1 and found["byline_passages"] >= 1
    assert found[f"byline_answers_total content {outcome}"] == 1
    assert found["byline_answers_total  stopped"] == 1
    assert found["byline_answers_total greeting answered"] == 1
    assert found["byline_answer_seconds_count passages"] == 2
    assert found["byline_answer_seconds_count first_word"] == 1
    assert found["byline_answer_seconds_count end"] == 3
    assert 0 < found["byline_answer_seconds_sum first_word"] < found["byline_answer_seconds_sum end"]


def test_without_the_setting_nothing_observes_and_metrics_say_how(
    asked_library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    observe(asked_library)
    assert asked_library.observers == []
    answered = client_of(asked_library, monkeypatch).get("/metrics")
    assert answered.status_code == 404 and "BYLINE_METRICS=true" in answered.text


def test_a_package_that_is_missing_is_named(
    asked_library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_library.settings = asked_library.settings.model_copy(update={"metrics": True})
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delitem(sys.modules, "rag.observability.metrics", raising=False)
    with pytest.raises(SettingsError, match="pip install prometheus-client"):
        observe(asked_library)


def test_metrics_are_not_for_other_machines_nor_for_a_key_of_collections(
    asked_library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(asked_library, monkeypatch, data=str(asked_library.settings.data))
    limited = ApiKeys(asked_library.settings.data).create("limited", ["ports"])
    assert client.get("/metrics", headers={"Authorization": f"Bearer {limited}"}).status_code == 403
    other = TestClient(app_of(asked_library), "http://127.0.0.1:8501", client=("192.0.2.7", 50000))
    assert other.get("/metrics").status_code == 401


def test_health_and_readiness_are_for_everyone(
    asked_library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = TestClient(app_of(asked_library), "http://127.0.0.1:8501", client=("192.0.2.7", 50000))
    assert other.get("/health").text == "ok\n"
    monkeypatch.setattr("rag.api.health.missing_models", lambda _: ["model"])
    assert (other.get("/ready").status_code, other.get("/ready").json()["problems"]) == (
        503,
        ["models_missing"],
    )
    monkeypatch.setattr("rag.api.health.missing_models", lambda _: [])
    assert other.get("/ready").json() == {"ready": True, "problems": []}


def test_a_library_that_cannot_be_opened_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette.applications import Starlette

    from rag.api.routes import api_routes

    def busy() -> ApiLibrary:
        raise LibraryBusy("busy", folder="library")

    client = TestClient(Starlette(routes=[*api_routes(busy, lambda: "127.0.0.1")]))
    assert client.get("/ready").status_code == 503
    assert client.get("/ready").json() == {"ready": False, "problems": ["busy"]}
    assert client.get("/health").status_code == 200
