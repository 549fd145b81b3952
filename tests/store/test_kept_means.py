"""What a language adds to every vector is measured once for a model, not once for a library."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.embedding.language_means import LanguageMeans
from rag.store.kept_means import language_means_of
from rag.testing import HashEmbedder


class Counting(HashEmbedder):
    asked = 0

    def embed_query(self, text: str):
        self.asked += 1
        return super().embed_query(text)


def same(one: LanguageMeans, other: LanguageMeans) -> bool:
    pairs = ((one.passages, other.passages), (one.questions, other.questions))
    return all(a.keys() == b.keys() and all(np.array_equal(a[k], b[k]) for k in a) for a, b in pairs)


def test_a_second_library_takes_what_the_first_has_measured(tmp_path: Path) -> None:
    first, second = Counting(), Counting()
    measured = language_means_of(first, tmp_path)
    assert first.asked > 0
    assert same(language_means_of(second, tmp_path), measured)
    assert second.asked == 0


def test_another_model_is_measured_anew(tmp_path: Path) -> None:
    language_means_of(HashEmbedder(), tmp_path)
    other = Counting()
    other.fingerprint = "2"
    language_means_of(other, tmp_path)
    assert other.asked > 0


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 torn"])
def test_a_damaged_file_is_measured_anew_and_replaced(tmp_path: Path, content: bytes) -> None:
    measured = language_means_of(HashEmbedder(), tmp_path)
    (file,) = (tmp_path / "language-means").iterdir()
    file.write_bytes(content)
    assert same(language_means_of(HashEmbedder(), tmp_path), measured)
    again = Counting()
    assert same(language_means_of(again, tmp_path), measured)
    assert again.asked == 0


def test_a_folder_that_cannot_be_written_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file")
    assert "" in language_means_of(HashEmbedder(), tmp_path / "models").passages
