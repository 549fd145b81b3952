"""The model picker: which model a question goes to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from rag.llm.generator import Model
from rag.ui import app_state


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> list[Model]:
    """The models of this machine; the second is the default. A test may take one away."""
    available = [Model(name=name, runtime="ollama", size=1_000_000) for name in ("amber", "bronze", "copper")]
    monkeypatch.setattr(app_state, "models", lambda: available)
    return available


@pytest.fixture
def page(models: list[Model]) -> AppTest:
    def script(library) -> None:  # type: ignore[no-untyped-def]  # runs as a file of its own
        from rag.ui import model_picker
        from rag.ui.strings import strings

        model_picker.draw(library, None, strings("en"))

    inventory = SimpleNamespace(troubles=lambda: [])
    library = SimpleNamespace(inventory=inventory, default_model=lambda: "bronze")
    return AppTest.from_function(script, args=(library,), default_timeout=60).run()


def test_the_browser_picks_no_other_model_than_the_page(page: AppTest) -> None:
    """A widget whose value was not sent in time shows its default, and the next question carries that."""
    (radio,) = page.radio
    assert radio.value == "bronze"
    assert radio.options[radio.proto.default].replace("\u2060", "") == "bronze"


def test_a_model_that_is_gone_gives_way_to_the_default_and_is_named(
    page: AppTest, models: list[Model]
) -> None:
    page.radio[0].set_value("copper").run()
    assert page.radio[0].value == "copper"
    models.pop()
    page.run()
    assert page.radio[0].value == "bronze"
    assert any("copper" in caption.value for caption in page.caption)
    page.radio[0].set_value("amber").run()
    assert page.radio[0].value == "amber"
    assert not any("copper" in caption.value for caption in page.caption)
