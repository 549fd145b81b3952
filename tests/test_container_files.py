"""The container files: what a person who deploys them relies on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")


def test_the_image_has_no_torch_and_every_extra_and_runs_without_rights() -> None:
    installed, _, removed = CONTAINERFILE.partition("pip uninstall")
    assert {"sentence-transformers", "transformers"} <= set(
        removed.split()
    ) and "torch" not in installed.split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {
        name: of for name, of in project["optional-dependencies"].items() if name not in ("dev", "bench")
    }
    wanted = {re.split(r"[>=<]", one)[0] for of in extras.values() for one in of}
    assert wanted <= set(installed.replace('"', "").split())
    assert "\nUSER 10001:10001\n" in CONTAINERFILE and "/health" in CONTAINERFILE


def test_compose_starts_two_copies_a_worker_and_what_they_need() -> None:
    services = COMPOSE["services"]
    assert {"app-1", "app-2", "worker", "postgres", "chroma", "ollama", "proxy"} <= set(services)
    assert services["worker"]["command"] == ["python", "-m", "rag", "work"]
    assert services["app-1"]["volumes"] != services["app-2"]["volumes"], "each has a data folder of its own"
    for name, service in services.items():
        assert re.search(r":\d+(\.\d+)+", service["image"]), f"{name}: the image's version is named"
        assert "no-new-privileges:true" in service["security_opt"] and not service.get("privileged")
        assert "healthcheck" in service or "byline" in service["image"]
    assert [name for name, of in services.items() if "ports" in of] == ["proxy"]
    assert COMPOSE["networks"]["data"]["internal"]
    assert {name for name, of in services.items() if of["networks"] == ["data"]} == {
        "worker", "postgres", "chroma"
    }  # fmt: skip
    secrets = [
        value
        for of in services.values()
        for key, value in of.get("environment", {}).items()
        if "PASSWORD" in key
    ]
    assert secrets and all(value.startswith("${POSTGRES_PASSWORD:?") for value in secrets), "no default"


def test_the_proxy_keeps_a_browser_at_one_copy() -> None:
    config = (ROOT / "docs/deploying/haproxy.cfg").read_text("utf-8")
    assert re.search(r"cookie byline_copy insert .*httponly", config)
    assert {"app-1", "app-2"} == set(re.findall(r"server (\S+) \1:8501 cookie \1", config))


def test_the_chart_renders_pods_without_rights_that_kubernetes_takes() -> None:
    helm = pytest.importorskip("helm_python")
    schemas = pytest.importorskip("kubernetes_validate")
    values = {
        "image": {"repository": "registry.example/byline"},
        "host": "news.example",
        "database": {"secret": "byline-database"},
        "chroma": {"replicas": 2},
        "ingress": {"enabled": True},
    }
    rendered = helm.Chart.load(str(ROOT / "docs/deploying/chart")).render(values)
    found = [one for text in rendered.values() for one in yaml.safe_load_all(text) if one]
    for one in found:
        schemas.validate(one, "1.37", strict=True)
    sets = {one["metadata"]["name"]: one["spec"] for one in found if one["kind"] == "StatefulSet"}
    assert len(sets) == 3
    for spec in sets.values():
        pod = spec["template"]["spec"]
        (container,) = pod["containers"]
        assert (
            pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
        )
    app = next(spec for name, spec in sets.items() if name.endswith("-app"))
    environment = {one["name"]: one for one in app["template"]["spec"]["containers"][0]["env"]}
    assert environment["BYLINE_CHROMA"]["value"].count("http://") == 2
    assert environment["BYLINE_DATABASE"]["valueFrom"]["secretKeyRef"] == {
        "name": "byline-database",
        "key": "url",
    }
