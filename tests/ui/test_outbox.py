"""The outbox of questions."""

from __future__ import annotations

from rag.ui.outbox import MAX_IDS, AcknowledgedIds


def test_a_question_that_is_sent_again_is_taken_once() -> None:
    taken = AcknowledgedIds()
    assert [taken.add("a"), taken.add("a"), taken.add("b")] == [True, False, True]
    assert "a" in taken and "c" not in taken


def test_only_the_oldest_ids_are_forgotten() -> None:
    taken = AcknowledgedIds()
    for n in range(MAX_IDS + 1):
        taken.add(str(n))
    assert "0" not in taken and "1" in taken
