"""Conversations: kept in SQLite as they grow, answered by threads of their own.

Nothing here knows Streamlit: pages come and go, an answer goes on. `Conversations` is the shelf that
holds them, `Conversation` one of them, `Exchange` a question and its answer so far.
"""

from rag.conversations.conversation import Answers, Conversation
from rag.conversations.exchange import Exchange, Rating, State, Translation
from rag.conversations.records import Found, Head
from rag.conversations.shelf import Conversations

__all__ = [
    "Answers",
    "Conversation",
    "Conversations",
    "Exchange",
    "Found",
    "Head",
    "Rating",
    "State",
    "Translation",
]
