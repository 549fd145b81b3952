"""Conversations: stored in SQLite while they are written, answered in threads of their own.

Independent of Streamlit: an answer continues when its page is closed. `Conversations` manages all of them, a
`Conversation` is one, an `Exchange` a question with its answer so far.
"""

from rag.conversations.answers import Answers
from rag.conversations.conversation import Conversation
from rag.conversations.exchange import Exchange, Rating, State, Translation
from rag.conversations.manager import Conversations
from rag.conversations.reader import Reader
from rag.conversations.summaries import ConversationMatch, Head

__all__ = [
    "Answers",
    "Conversation",
    "ConversationMatch",
    "Conversations",
    "Exchange",
    "Head",
    "Rating",
    "Reader",
    "State",
    "Translation",
]
