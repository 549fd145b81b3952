"""The inference model: what every one must do, on one of kilobytes that learns a few pairs here, in seconds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from examples import hit
from tiny_cross_encoder import write_tiny

from rag.answering.verifier import Verifier
from rag.embedding.nli import EntailmentModel, load_entailment
from rag.errors import ModelMissing
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Sentence
from rag.verification.support import QuestionText

pytestmark = pytest.mark.slow  # loads torch and trains a network

LABELS = ("contradiction", "neutral", "entailment")
OPENED = "The harbour of the bay was opened."
NOT_OPENED = "The harbour of the bay was not opened."
CLOSED = "The bank in the city was closed."
PAIRS = {
    (OPENED, OPENED): "entailment",
    (OPENED, NOT_OPENED): "contradiction",
    (OPENED, CLOSED): "neutral",
    (CLOSED, CLOSED): "entailment",
    (CLOSED, OPENED): "neutral",
    (CLOSED, NOT_OPENED): "neutral",
}
WORDS = ["the", "harbour", "of", "bay", "opened", "was", "not", "bank", "in", "city", "closed", "."]
ODD_TEXTS = ["", "\x00\ufeff", "\ud83d lone surrogate \udc00", "👩‍👩‍👧‍👦🇻🇳", "the bank " * 50_000]


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that knows PAIRS."""
    import torch
    from transformers import BertForSequenceClassification, BertTokenizer

    folder = write_tiny(tmp_path_factory.mktemp("models") / "nli", labels=3, words=WORDS, names=LABELS)
    network = BertForSequenceClassification.from_pretrained(folder)
    tokenizer = BertTokenizer.from_pretrained(folder)
    inputs = tokenizer(*map(list, zip(*PAIRS, strict=True)), padding=True, return_tensors="pt")
    wanted = torch.tensor([LABELS.index(label) for label in PAIRS.values()])
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # on busy processors several wait for each other, for so small a model
    for _ in range(40):
        loss = torch.nn.functional.cross_entropy(network(**inputs).logits, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    torch.set_num_threads(threads)
    network.save_pretrained(folder)
    return folder


def with_labels(folder: Path, to: Path, order: Sequence[int], names: Sequence[str]) -> Path:
    """The same model, its outputs in another order and under other names."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(folder, to)
    weights = load_file(to / "model.safetensors")
    for name in ("classifier.weight", "classifier.bias"):
        weights[name] = weights[name][list(order)].contiguous()
    save_file(weights, to / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((to / "config.json").read_text())
    config["id2label"] = {str(n): name for n, name in enumerate(names)}
    config["label2id"] = {name: n for n, name in enumerate(names)}
    (to / "config.json").write_text(json.dumps(config))
    return to


def test_none_is_loaded_unless_one_is_set(tmp_path: Path) -> None:
    assert load_entailment(Settings(models=tmp_path)) is None


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ((2, 1, 0), ("entailment", "neutral", "contradiction")),
        ((1, 2, 0), ("NEUTRAL", "ENTAILMENT", "CONTRADICTORY")),
    ],
)
def test_the_order_of_the_labels_is_the_models_own(
    taught: Path, tmp_path: Path, order: Sequence[int], names: Sequence[str]
) -> None:
    judgements = EntailmentModel(str(with_labels(taught, tmp_path / "nli", order, names))).judge(list(PAIRS))
    for label, judgement in zip(PAIRS.values(), judgements, strict=True):
        assert (judgement.entailed > 0.8) == (label == "entailment")
        assert (judgement.contradicted > 0.8) == (label == "contradiction")


def test_every_pair_is_judged_in_order_whatever_it_holds(taught: Path) -> None:
    entailment = EntailmentModel(str(taught))
    assert entailment.judge([]) == []
    judged = entailment.judge([(text, other) for text in ODD_TEXTS for other in ODD_TEXTS])
    assert len(judged) == len(ODD_TEXTS) ** 2
    assert all(
        one.entailed >= 0 and one.contradicted >= 0 and one.entailed + one.contradicted <= 1 for one in judged
    )
    one_by_one = [entailment.judge([pair])[0].entailed for pair in PAIRS]
    assert [one.entailed for one in entailment.judge(list(PAIRS))] == pytest.approx(one_by_one, abs=1e-5)


def test_many_threads_get_what_one_gets(taught: Path) -> None:
    entailment = EntailmentModel(str(taught))
    (expected,) = entailment.judge([(OPENED, CLOSED)])
    with ThreadPoolExecutor(8) as pool:
        for (got,) in pool.map(lambda _: entailment.judge([(OPENED, CLOSED)]), range(24)):
            assert got.entailed == pytest.approx(expected.entailed, abs=1e-6)


def test_a_folder_inside_the_models_folder_goes_by_its_name(taught: Path) -> None:
    found = load_entailment(Settings(models=taught.parent, nli="nli"))
    assert found is not None
    assert found.name == "nli"


def check_refused(name_or_folder: Path | str, why: str) -> None:
    with pytest.raises(ModelMissing, match=why) as caught:
        load_entailment(Settings(nli=str(name_or_folder)))
    assert "set BYLINE_NLI to" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_does_not_name_its_labels_is_refused(tmp_path: Path) -> None:
    check_refused(
        write_tiny(tmp_path / "plain", labels=3), "The labels of plain are label_0, label_1, label_2"
    )


def test_a_reranker_and_a_model_of_two_labels_are_refused(tmp_path: Path) -> None:
    check_refused(write_tiny(tmp_path / "reranker"), "The labels of reranker are label_0")
    names = ["entailment", "not_entailment"]
    check_refused(write_tiny(tmp_path / "two", labels=2, names=names), "are entailment, not_entailment")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    check_refused(tmp_path, "contains no usable model")


def test_an_embedding_model_is_refused(tmp_path: Path) -> None:
    check_refused(
        write_tiny(tmp_path / "encoder", head=False, labels=3, names=LABELS), "was not trained to score pairs"
    )


@pytest.fixture
def verifier(store: Store, embedder: HashEmbedder, taught: Path) -> Verifier:
    return Verifier(Retriever(store, embedder), EntailmentModel(str(taught)))


ASKED = QuestionText("What happened?", "en")


def test_a_sentence_is_checked_by_what_the_model_says_of_the_passages(verifier: Verifier) -> None:
    hits = [hit(CLOSED, title=""), hit(OPENED, title="")]
    (entailed, against), _ = verifier.check([Sentence(f"{OPENED}"), Sentence(NOT_OPENED, (2,))], hits, ASKED)
    assert (entailed.support, entailed.citations) == ("supported", (2,))
    assert (against.support, against.citations, str(against.reason)) == (
        "unsupported",
        (),
        "passage 2 contradicts it",
    )


def test_without_a_model_only_the_embedder_is_asked(store: Store, embedder: HashEmbedder) -> None:
    alone = Verifier(Retriever(store, embedder))
    (checked,), ((like,),) = alone.check([Sentence(NOT_OPENED, (1,))], [hit(OPENED, title="")], ASKED)
    assert like.cosine > 0.5
    assert str(checked.reason) != "passage 1 contradicts it"
