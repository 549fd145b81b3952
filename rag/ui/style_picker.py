"""The picker of a conversation's style: length of answers, and instructions on their wording."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from rag.answering.prompts import MAX_INSTRUCTION_CHARACTERS
from rag.conversations import Conversation
from rag.types import AnswerLength, AnswerStyle
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

LENGTHS: tuple[AnswerLength, ...] = get_args(AnswerLength)
_NEW, _LENGTH, _INSTRUCTIONS = "style-new", "style-length", "style-instructions"
"""Session keys: the style of the next new conversation, and the two fields."""


def chosen(conversation: Conversation | None) -> AnswerStyle:
    """Return the style of a conversation, or of the next new one."""
    if conversation is not None:
        return conversation.head.style
    style = st.session_state.get(_NEW)
    return style if isinstance(style, AnswerStyle) else AnswerStyle()


def forget_new() -> None:
    """Forget the style of the next new conversation, once that has it."""
    st.session_state.pop(_NEW, None)


def draw(conversation: Conversation | None, s: Strings) -> None:
    """Draw a button with the style, and its fields."""
    style = chosen(conversation)
    label = " · ".join(describe(style, s)) or s.style.title
    with st.popover(plain(label), key="style-picker", type="tertiary", icon=":material/edit_note:"):
        st.session_state[_LENGTH], st.session_state[_INSTRUCTIONS] = style.length, style.instructions
        st.radio(
            s.style.length,
            LENGTHS,
            format_func=lambda length: getattr(s.style, length),
            key=_LENGTH,
            horizontal=True,
            on_change=_set,
            args=(conversation,),
        )
        st.text_area(
            s.style.instructions,
            key=_INSTRUCTIONS,
            max_chars=MAX_INSTRUCTION_CHARACTERS,
            placeholder=s.style.hint,
            on_change=_set,
            args=(conversation,),
        )
        st.caption(plain(s.style.more))


def describe(style: AnswerStyle, s: Strings) -> list[str]:
    """Describe the parts of a style that differ from the default."""
    length = [str(getattr(s.style, style.length))] if style.length != "normal" else []
    return length + [s.style.instructed] * bool(style.instructions.strip())


def _set(conversation: Conversation | None) -> None:
    """Set the style of the conversation. A callback."""
    length: AnswerLength = st.session_state[_LENGTH]
    style = AnswerStyle(length=length, instructions=str(st.session_state[_INSTRUCTIONS]).strip())
    if conversation is None:
        st.session_state[_NEW] = style
    else:
        conversation.write_as(style)
