from __future__ import annotations

from pathlib import Path

import pytest
from engines import gguf
from hypothesis import given
from hypothesis import strategies as st

from rag.llm.generator import Text, Thought
from rag.llm.llamacpp import embedded_models
from rag.llm.thinking import ThinkingSplitter, opens_thinking


def split(pieces: list[str], opened: bool = False) -> tuple[str, str]:
    """What was thought and what was answered, in all."""
    splitter = ThinkingSplitter(opened)
    found = [piece for text in pieces for piece in splitter.feed(text)] + splitter.finish()
    thought = "".join(piece.text for piece in found if isinstance(piece, Thought))
    answer = "".join(piece.text for piece in found if isinstance(piece, Text))
    return thought, answer


@pytest.mark.parametrize(
    ("written", "thought", "answer"),
    [
        ("Three ships sailed [1].", "", "Three ships sailed [1]."),
        ("<think>Look at 1.</think>\n\nThree ships [1].", "Look at 1.", "Three ships [1]."),
        (" \n<think>\nHm.</think>Yes.", "Hm.", "Yes."),
        ("<think>\n\n</think>\n\nYes.", "", "Yes."),
        ("<think>One.</think>\n<think>Two.</think>\nYes.", "One.Two.", "Yes."),
        ("<think>never closed, 2 < 3 </thin", "never closed, 2 < 3 </thin", ""),
        ("<think>", "", ""),
        ("<thin", "", "<thin"),
        ("<table> is a tag.", "", "<table> is a tag."),
        ("Models write <think>so</think> [1].", "", "Models write <think>so</think> [1]."),
        ("A lone </think> is text.", "", "A lone </think> is text."),
        ("", "", ""),
        ("思考 <b", "", "思考 <b"),
    ],
)
def test_thoughts_are_told_from_the_answer_however_the_stream_is_cut(
    written: str, thought: str, answer: str
) -> None:
    assert split([written]) == (thought, answer)
    assert split(list(written)) == (thought, answer)


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", "</th", "ink>", " ", "\n", "a", "越"])),
    st.integers(1, 9),
    st.booleans(),
)
def test_where_the_stream_is_cut_changes_nothing(parts: list[str], size: int, opened: bool) -> None:
    written = "".join(parts)
    cut = [written[i : i + size] for i in range(0, len(written), size)]
    assert split(cut, opened) == split([written], opened)


TAGLESS = st.text(st.characters(codec="utf-8", exclude_characters="<"), max_size=60)


@given(TAGLESS, TAGLESS)
def test_only_the_tags_and_white_space_in_front_are_lost(thought: str, answer: str) -> None:
    thought_kept, answer_kept = split([f"<think>{thought}</think>{answer}"])
    assert (thought_kept, answer_kept) == (thought.lstrip(), answer.lstrip())


def test_text_is_not_held_back_longer_than_it_could_be_a_tag() -> None:
    splitter = ThinkingSplitter()
    assert splitter.feed("<") == []
    assert splitter.feed("b> and") == [Text("<b> and")]
    assert splitter.feed(" <think>") == [Text(" <think>")]


def test_a_thought_streams_while_it_is_written() -> None:
    splitter = ThinkingSplitter()
    assert splitter.feed("<think>First, ") == [Thought("First, ")]
    assert splitter.feed("passage 1 </thi") == [Thought("passage 1 ")]
    assert splitter.feed("nk>Yes") == [Text("Yes")]


def test_a_template_that_opens_the_block_leaves_the_model_only_the_end_of_it() -> None:
    assert split(["Look at 1.</thi", "nk>\n\nYes [1]."], opened=True) == ("Look at 1.", "Yes [1].")
    assert split(["Never closed."], opened=True) == ("Never closed.", "")


def test_thoughts_that_the_engine_hands_over_apart_are_kept_apart() -> None:
    splitter = ThinkingSplitter(opened=True)  # told wrongly: an engine that reads the tags knows better
    assert splitter.feed("", thinking="Look at 1.") == [Thought("Look at 1.")]
    assert splitter.feed("", thinking=" Yes.") == [Thought(" Yes.")]
    assert splitter.feed("\n\nThree ships") == [Text("Three ships")]
    assert splitter.feed("", thinking="More?") == [Thought("More?")]
    assert splitter.feed(" sailed [1].") == [Text(" sailed [1].")]
    assert splitter.finish() == []


@pytest.mark.parametrize(
    ("template", "opens"),
    [
        ("{{ .System }}<|im_start|>assistant\n<think>\n", True),
        ("{% if add_generation_prompt %}{{'<|Assistant|><think>\\n'}}{% endif %}", True),
        ("{%- if not think %}{{ '<think>\\n\\n</think>\\n\\n' }}{%- endif %}", False),
        ("{{ content.split('</think>')[-1] }}<|im_start|>assistant\n<think>\n", True),
        ("{{ .Prompt }}", False),
        ("", False),
    ],
)
def test_a_template_says_whether_it_opens_the_block(template: str, opens: bool) -> None:
    assert opens_thinking(template) is opens


def test_only_the_tokens_of_the_answer_tell_how_sure_the_model_was() -> None:
    splitter = ThinkingSplitter()
    for text, chance in [("<thi", -9.0), ("nk>", -8.0), ("Hm.", -7.0), ("</think>", -0.1), ("\n\n", -0.2)]:
        splitter.feed(text, "", [chance])
    splitter.feed("Three ships", "", [-0.5, -1.0])
    assert splitter.logprobs == [-0.1, -0.2, -0.5, -1.0]
    splitter.feed("", "More?", [-6.0])
    assert splitter.logprobs == []


def test_a_model_that_cannot_be_kept_from_thinking_is_listed_as_such(tmp_path: Path) -> None:
    opened = "{{ messages }}<|assistant|><think>\n"
    switched = "{%- if enable_thinking is false %}<think>\n\n</think>{%- else %}<think>{%- endif %}"
    for name, template in (
        ("deep", opened),
        ("switched", switched),
        ("plain", "{{ messages }}"),
        ("none", ""),
    ):
        gguf(tmp_path, name, template)
    assert {model.name for model in embedded_models(tmp_path) if model.thinks} == {"deep"}
