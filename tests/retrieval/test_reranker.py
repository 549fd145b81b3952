"""The reranker: what every cross-encoder must do, on one of kilobytes; and one that has learnt to rank.

No package ships a cross-encoder's weights. So a real encoder is given a head here and taught, for some
seconds, to tell the passage that is about a question's subject from those that are not.
"""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from examples import minilm_folder
from tiny_cross_encoder import write_tiny

from rag.errors import ModelMissing
from rag.retrieval.reranker import Reranker, load_reranker
from rag.settings import Settings

pytestmark = pytest.mark.slow  # loads torch and trains a network

QUESTION = "a b c ?"
TEXTS = ["a b c d", "e f", "a", "f e d c b a " * 20, "b b b b", "c a"]
ODD_TEXTS = [
    "",
    " \n\t",
    "\x00\x07\ufeff",
    "\ud83d lone surrogate \udc00",
    "👩‍👩‍👧‍👦🇻🇳",
    "a b c " * 100_000,
]
KNOWN = ["harbour", "library", "bridge", "school", "hospital", "market", "theatre", "airport", "castle"]
UNKNOWN = ["monastery", "vineyard", "prison", "lighthouse", "cinema", "brewery", "stadium", "observatory"]
DONE = ["closed", "opened", "burned", "flooded", "painted", "sold", "repaired", "visited"]
TIMES = ["Monday", "Friday", "March", "October", "winter", "spring"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("models") / "tiny-reranker")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """MiniLM as a CrossEncoder that was taught with the subjects of KNOWN: 256 pairs, 10 to 30 s."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.manual_seed(0)
    chance = random.Random(0)
    model = CrossEncoder(str(minilm_folder()), num_labels=1, device="cpu")
    network, tokenizer = model.model, model.tokenizer
    network.bert.embeddings.word_embeddings.requires_grad_(False)
    network.train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
    for _ in range(16):
        subjects = [chance.sample(KNOWN, 2) for _ in range(8)]
        rows = [(ask(a, chance), tell(b, chance)) for a, other in subjects for b in (a, other)]
        inputs = tokenizer(*map(list, zip(*rows, strict=True)), padding=True, return_tensors="pt")
        right = torch.tensor([1.0, 0.0] * len(subjects))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(network(**inputs).logits[:, 0], right)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    folder = tmp_path_factory.mktemp("models") / "taught"
    model.save_pretrained(str(folder))
    return folder


def ask(subject: str, chance: random.Random) -> str:
    return chance.choice(["When was the {} {}?", "Who {1} the {0}?"]).format(subject, chance.choice(DONE))


def tell(subject: str, chance: random.Random) -> str:
    form = chance.choice(["The {0} was {1} in {2}, the mayor said.", "In {2} workers {1} the old {0}."])
    return form.format(subject, chance.choice(DONE), chance.choice(TIMES))


def test_no_reranker_is_loaded_unless_one_is_set(tmp_path: Path) -> None:
    assert load_reranker(Settings(models=tmp_path)) is None


def test_every_text_has_a_score_between_0_and_1_whatever_it_holds(tiny: Path) -> None:
    reranker = Reranker(str(tiny))
    for question in (QUESTION, "", ODD_TEXTS[3], ODD_TEXTS[-1]):
        scores = reranker.scores(question, ODD_TEXTS)
        assert len(scores) == len(ODD_TEXTS)
        assert all(0 <= score <= 1 for score in scores)
    assert reranker.scores(QUESTION, []) == []


def test_order_and_neighbours_do_not_matter(tiny: Path) -> None:
    reranker = Reranker(str(tiny))
    together = reranker.scores(QUESTION, TEXTS)
    assert len({round(score, 6) for score in together}) == len(TEXTS)  # they do differ
    assert reranker.scores(QUESTION, TEXTS[::-1])[::-1] == pytest.approx(together, abs=1e-5)
    assert [reranker.scores(QUESTION, [text])[0] for text in TEXTS] == pytest.approx(together, abs=1e-5)
    assert reranker.scores("f e d", TEXTS) != pytest.approx(together, abs=1e-3)  # the question is read


def test_many_threads_get_what_one_gets(tiny: Path) -> None:
    reranker = Reranker(str(tiny))
    expected = reranker.scores(QUESTION, TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for got in pool.map(lambda _: reranker.scores(QUESTION, TEXTS), range(32)):
            assert got == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("activation", ["Identity", "Sigmoid", "Tanh"])
def test_the_activation_that_a_model_names_changes_nothing(
    tiny: Path, tmp_path: Path, activation: str
) -> None:
    named = write_tiny(tmp_path / "named")
    config = json.loads((named / "config.json").read_text())
    config["sentence_transformers"] = {"activation_fn": f"torch.nn.modules.activation.{activation}"}
    (named / "config.json").write_text(json.dumps(config))
    assert Reranker(str(named)).scores(QUESTION, TEXTS) == Reranker(str(tiny)).scores(QUESTION, TEXTS)


def test_scores_of_a_sure_model_are_no_draw(tiny: Path, tmp_path: Path) -> None:
    usual = Reranker(str(tiny)).scores(QUESTION, TEXTS)
    sure = Reranker(str(write_tiny(tmp_path / "sure", scale=7))).scores(QUESTION, TEXTS)
    assert max(sure) > 1 - 1e-7  # in single precision these would be 1.0
    assert sorted(range(len(TEXTS)), key=sure.__getitem__) == sorted(range(len(TEXTS)), key=usual.__getitem__)
    assert len(set(sure)) == len(TEXTS)


def test_a_folder_inside_the_models_folder_goes_by_its_name(tiny: Path) -> None:
    reranker = load_reranker(Settings(models=tiny.parent, reranker="tiny-reranker"))
    assert reranker is not None
    assert reranker.name == "tiny-reranker"
    assert reranker.scores(QUESTION, TEXTS) == Reranker(str(tiny)).scores(QUESTION, TEXTS)


def check_refused(name_or_folder: str, why: str) -> None:
    with pytest.raises(ModelMissing, match=why) as caught:
        load_reranker(Settings(reranker=name_or_folder))
    assert "set BYLINE_RERANKER to" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    check_refused(str(tmp_path), "contains no usable model")


def test_a_model_that_cannot_be_fetched_is_refused() -> None:
    check_refused("nobody/no-such-model", "The reranker nobody/no-such-model is not on this machine")


def test_a_model_of_several_labels_is_refused(tmp_path: Path) -> None:
    check_refused(str(write_tiny(tmp_path / "nli", labels=3)), "nli gives 3 scores for a pair, not one")


def test_an_embedding_model_is_refused(tmp_path: Path) -> None:
    encoder = write_tiny(tmp_path / "encoder", head=False)
    check_refused(str(encoder), "encoder was not trained to score pairs")


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    check_refused(str(write_tiny(tmp_path / "pickled", safe=False)), "contains no usable model")


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    folder, trace = write_tiny(tmp_path / "armed"), tmp_path / "it-ran"
    (folder / "modeling_own.py").write_text(f"open({str(trace)!r}, 'w')\n")
    config = json.loads((folder / "config.json").read_text())
    config["model_type"] = "own"
    config["auto_map"] = {
        "AutoConfig": "modeling_own.OwnConfig",
        "AutoModelForSequenceClassification": "modeling_own.Own",
    }
    (folder / "config.json").write_text(json.dumps(config))
    check_refused(str(folder), "contains no usable model")
    assert not trace.exists()


@pytest.mark.model
@pytest.mark.slow
def test_a_trained_model_puts_the_passage_on_the_subject_first(trained: Path) -> None:
    reranker = Reranker(str(trained))
    chance = random.Random(1)
    right = 0
    for subject in UNKNOWN * 3:
        others = [other for other in UNKNOWN if other != subject]
        passages = [tell(other, chance) for other in [*others, subject]]
        scores = reranker.scores(ask(subject, chance), passages)
        right += scores.index(max(scores)) == len(others)
    assert right >= 20  # of 24; 3 by chance


@pytest.mark.model
@pytest.mark.slow
def test_a_trained_model_keeps_the_contract(trained: Path) -> None:
    reranker = load_reranker(Settings(models=trained.parent, reranker=trained.name))
    assert reranker is not None
    texts = ["", ODD_TEXTS[3], "The vineyard was sold in March.", "In spring workers painted the prison."]
    expected = reranker.scores("Who sold the vineyard?", texts)
    assert all(0 <= score <= 1 for score in expected)
    with ThreadPoolExecutor(4) as pool:
        for got in pool.map(lambda _: reranker.scores("Who sold the vineyard?", texts), range(4)):
            assert got == pytest.approx(expected, abs=1e-5)
