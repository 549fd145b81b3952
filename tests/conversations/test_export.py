"""A conversation as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conversing import ScriptedConversations, last, until
from ui_examples import ARTICLE, answer, hit

from rag.conversations import export
from rag.events import Answered, NotFound
from rag.locales.message import verbatim
from rag.types import Sentence

OTHER = replace(
    ARTICLE,
    id="a2",
    source="https://quay.example/2025/rain",
    title="Rain *falls*",
    outlet=None,
    published=None,
)
ANSWER = replace(
    answer("It opened [2][1]. Two ships came [3]. It rained.", sentences=(Sentence("It rained.", (4,)),)),
    hits=(hit(), hit("A quay was built."), hit("Then rain.", OTHER), hit("Then rain.", OTHER)),
)


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[ScriptedConversations]:
    opened = ScriptedConversations(tmp_path / "conversations.sqlite", lambda *_: iter([Answered(ANSWER)]))
    yield opened
    opened.close()


def test_markdown_numbers_each_article_once_with_the_passages_cited(
    conversations: ScriptedConversations,
) -> None:
    saved = export.exported_file(conversations.asked("When? [x](http://evil.example)", "Why?"), "md")
    assert saved.text.startswith("# When? \\[x\\](http://evil.example)\n\n## When? \\[x\\]")
    assert saved.text.count("It opened [1][1]. Two ships came [2]. It rained. [2]") == 2
    first, second = saved.text.split("---\n\n")[1].split("\n\n2. ")
    assert first.startswith("1. The harbour opens, Quay News, 2025-03-09. `/library/en/harbour.md`")
    assert [line for line in first.split("\n") if ">" in line] == [
        "   > A quay was built.",
        "   > The harbour opened in March. Two ships came 🚢 in.",
    ]
    assert second == "Rain \\*falls\\*. <https://quay.example/2025/rain>\n\n   > Then rain.\n"


def test_what_was_not_found_says_so(conversations: ScriptedConversations) -> None:
    conversations.ask = lambda *_: iter(
        [NotFound(answer("Not in your articles.", outcome="not_found", advice=(verbatim("Try A."),)))]
    )
    text = export.exported_file(conversations.asked("When?"), "md").text
    assert "Not in your articles.\n\nTry A.\n" in text and "---" not in text


def test_json_has_every_version_and_all_that_was_kept(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?")
    conversation.ask("Who?", "other", instead=last(conversation).id)
    until(lambda: not conversation.running)
    saved = json.loads(export.exported_file(conversation, "json").text)
    assert [e["question"] for e in saved["exchanges"]] == ["When?", "Who?"]
    assert saved["shown"] == [last(conversation).id] and saved["title"] == "When?"
    assert saved["exchanges"][0]["hits"][0]["passage"]["text"] == hit().passage.text


@pytest.mark.parametrize(
    ("title", "name"),
    [("A/B: ../../c?", "A B c.md"), ("  ", "id.md"), ("x" * 200, "x" * 60 + ".md"), ("越南", "越南.md")],
)
def test_a_files_name_is_safe(conversations: ScriptedConversations, title: str, name: str) -> None:
    conversation = conversations.new()
    conversation._head = replace(conversation.head, title=title)
    wanted = name.replace("id", conversation.id)
    assert export.exported_file(conversation, "md").name == wanted


LISTED = "1 of the 5 articles is dated 2025.\nNewest first:\n- The harbour opens [1]"


def test_a_list_of_articles_is_exported_with_its_citations_and_no_model(
    conversations: ScriptedConversations,
) -> None:
    conversations.ask = lambda *_: iter(
        [Answered(replace(answer(LISTED, sentences=()), kind="library", model=""))]
    )
    conversation = conversations.asked("Which articles of 2025?")
    text = export.exported_file(conversation, "md").text
    assert "- The harbour opens [1]" in text and "*small*" not in text
    assert "1. The harbour opens, Quay News, 2025-03-09." in text
    assert json.loads(export.exported_file(conversation, "json").text)["exchanges"][0]["kind"] == "library"


def test_the_questions_that_a_greeting_offers_are_exported(conversations: ScriptedConversations) -> None:
    hello = replace(answer("Hello.", sentences=()), kind="greeting", offers=("Where?", "Why?"), hits=())
    conversations.ask = lambda *_: iter([Answered(hello)])
    conversation = conversations.asked("hi")
    assert "Hello.\n- Where?\n- Why?" in export.exported_file(conversation, "md").text
    assert export.as_text(last(conversation)) == "Hello.\n- Where?\n- Why?"
