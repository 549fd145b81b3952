"""Embedders: what every one must do, on a model of kilobytes; and how good the real ones are."""

from __future__ import annotations

import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tiny_e5
from examples import minilm_folder

from rag.downloads.e5_convert import ONNX_FILE, convert
from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.embedding.nli import load_entailment
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.sentence_transformers import SentenceTransformerEmbedder
from rag.errors import ModelMissing, SettingsError
from rag.retrieval.reranker import load_reranker
from rag.settings import DEFAULT_EMBEDDER, Settings

ODD_TEXTS = [
    "",
    " \n\t",
    "\x00\x07\ufeff",
    "\ud83d lone surrogate \udc00",
    "e" + "\u0301" * 200,
    "👩‍👩‍👧‍👦🇻🇳",
    "a b c " * 100_000,
]
PASSAGES = {
    "en": "The two navies will hold their first joint rescue exercise in the gulf next month.",
    "fr": "Le ministère a ouvert une école de langues dans l'ancienne caserne du port.",
    "zh": "市图书馆将在下周一重新开放，读者可以免费借阅新书。",
    "vi": "Cây cầu mới nối hai bờ sông sẽ được khánh thành vào mùa xuân.",
    "ru": "Горный посёлок остался без дороги после весеннего паводка.",
}
QUESTIONS = {
    "en": "When is the naval rescue exercise?",
    "fr": "Où se trouve l'école de langues ?",
    "zh": "图书馆什么时候重新开放？",
    "vi": "Khi nào cây cầu mới được khánh thành?",
    "ru": "Почему посёлок остался без дороги?",
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    weights, tokenizer, _ = tiny_e5.write_model(folder)
    convert(weights, tokenizer, folder / "model")
    return folder / "model"


@pytest.fixture(scope="session")
def e5() -> OnnxEmbedder:
    return OnnxEmbedder(e5_folder())


def e5_folder() -> Path:
    folder = Settings.load().models / DEFAULT_EMBEDDER
    if not (folder / ONNX_FILE).is_file():
        pytest.skip(f"the embedding model is not in {folder}: run `python -m rag setup`")
    return folder


def check_contract(embedder: Embedder) -> None:
    """What holds for every embedder, whatever the texts."""
    vectors = embedder.embed_passages(ODD_TEXTS)
    assert vectors.shape == (len(ODD_TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    for text in ODD_TEXTS:
        query = embedder.embed_query(text)
        assert query.shape == (embedder.dimension,)
        assert query.dtype == np.float32
        assert np.linalg.norm(query) == pytest.approx(1, abs=1e-4)


def check_order(embedder: Embedder, texts: list[str]) -> None:
    """A text's vector is the same alone, among others, and in another order."""
    together = embedder.embed_passages(texts)
    backwards = embedder.embed_passages(texts[::-1])[::-1]
    alone = np.concatenate([embedder.embed_passages([text]) for text in texts])
    assert ((together * backwards).sum(1)).min() > 0.9999
    assert ((together * alone).sum(1)).min() > 0.9999
    assert (together @ together.T - np.eye(len(texts))).max() < 0.9999  # they do differ


def test_odd_texts_have_vectors_too(tiny: Path) -> None:
    check_contract(OnnxEmbedder(tiny))


def test_order_and_neighbours_do_not_matter(tiny: Path) -> None:
    check_order(OnnxEmbedder(tiny), ["a", "a b c d e f a", "f e " * 90, "c c b", "d"])


def test_the_vector_is_that_of_the_prefixed_text(tmp_path: Path) -> None:
    weights, tokenizer, tensors = tiny_e5.write_model(tmp_path)
    convert(weights, tokenizer, tmp_path / "model")
    embedder = OnnxEmbedder(tmp_path / "model")
    assert embedder.embed_query("a d") @ tiny_e5.embed(tensors, [0, 4, 6, 9, 2]) > 0.998
    assert embedder.embed_passages(["a d"])[0] @ tiny_e5.embed(tensors, [0, 5, 6, 9, 2]) > 0.998


def test_a_long_text_is_read_to_the_512th_token(tiny: Path) -> None:
    embedder = OnnxEmbedder(tiny)
    fits, cut, other = embedder.embed_passages(["a " * 509, "a " * 509 + "f " * 400, "a " * 200 + "f " * 309])
    assert fits @ cut == pytest.approx(1, abs=1e-6)
    assert fits @ other < 0.9999


def test_many_threads_get_what_one_gets(tiny: Path) -> None:
    embedder = OnnxEmbedder(tiny, threads=2)
    texts = [" ".join("abcdef"[: n % 6 + 1]) + " f" * (n % 7) for n in range(60)]
    expected = embedder.embed_passages(texts)
    with ThreadPoolExecutor(8) as pool:
        for got in pool.map(lambda _: embedder.embed_passages(texts), range(8)):
            np.testing.assert_array_equal(got, expected)


def test_the_fingerprint_changes_when_vectors_would(tiny: Path, tmp_path: Path) -> None:
    original = OnnxEmbedder(tiny).fingerprint
    assert len(original) == 64
    assert OnnxEmbedder(tiny).fingerprint == original

    def altered(name: str, old: bytes, new: bytes) -> str:
        copy = shutil.copytree(tiny, tmp_path / name)
        content = (copy / name).read_bytes()
        assert old in content
        (copy / name).write_bytes(content.replace(old, new))
        return OnnxEmbedder(copy).fingerprint

    others = {
        altered("tokenizer.json", b'"f"', b'"g"'),
        altered("config_sentence_transformers.json", b"passage: ", b"document: "),
    }
    weights, tokenizer, _ = tiny_e5.write_model(tmp_path / "other", seed=1)
    convert(weights, tokenizer, tmp_path / "other" / "model")
    others.add(OnnxEmbedder(tmp_path / "other" / "model").fingerprint)
    assert len(others | {original}) == 4


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="python -m rag setup"):
        load_embedder(Settings(models=tmp_path))


def test_a_damaged_model_says_what_to_do(tiny: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(tiny, tmp_path / DEFAULT_EMBEDDER)
    (copy / ONNX_FILE).write_bytes((tiny / ONNX_FILE).read_bytes()[:5000])
    with pytest.raises(ModelMissing, match=r"is damaged .* delete that folder") as caught:
        load_embedder(Settings(models=tmp_path)).embed_query("where?")
    assert "\n" not in str(caught.value)


@pytest.mark.model
def test_start_up_takes_no_torch() -> None:
    code = (
        "import sys; from rag.embedding.load import load_embedder; from rag.settings import Settings\n"
        "load_embedder(Settings.load()).embed_query('where?'); assert 'torch' not in sys.modules"
    )
    e5_folder()
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.model
def test_e5_keeps_the_contract(e5: OnnxEmbedder) -> None:
    check_contract(e5)
    check_order(e5, [*PASSAGES.values(), *(f"{text} {text}" for text in PASSAGES.values())])


@pytest.mark.model
def test_e5_in_int8_is_e5(e5: OnnxEmbedder) -> None:
    exact = SentenceTransformerEmbedder(str(e5_folder()))
    texts = [*PASSAGES.values(), " ".join(PASSAGES.values()) * 8]
    assert (e5.embed_passages(texts) * exact.embed_passages(texts)).sum(1).min() > 0.995
    for question in QUESTIONS.values():
        assert e5.embed_query(question) @ exact.embed_query(question) > 0.995


@pytest.mark.model
@pytest.mark.parametrize("language", QUESTIONS)
def test_e5_finds_the_passage_of_a_question(e5: OnnxEmbedder, language: str) -> None:
    scores = e5.embed_passages(list(PASSAGES.values())) @ e5.embed_query(QUESTIONS[language])
    assert list(PASSAGES)[int(scores.argmax())] == language


@pytest.mark.model
def test_e5_puts_a_translation_nearer_than_another_subject(e5: OnnxEmbedder) -> None:
    english, chinese, french, other = e5.embed_passages(
        [
            PASSAGES["en"],
            "两国海军下个月将在海湾举行首次联合搜救演习。",
            "Les deux marines tiendront le mois prochain leur premier exercice commun de sauvetage.",
            "The bakery on the corner has raised the price of bread again.",
        ]
    )
    assert min(english @ chinese, english @ french, chinese @ french) > english @ other


@pytest.mark.model
def test_a_sentence_transformers_folder_can_be_used() -> None:
    embedder = load_embedder(Settings(embedder=str(minilm_folder())))
    assert (embedder.name, embedder.dimension) == ("model", 384)
    check_contract(embedder)
    check_order(embedder, ["a short one", "a rather longer one, with a clause", "rain " * 60])
    bread, baker, engine = embedder.embed_passages(["fresh bread", "a bakery", "diesel engine"])
    assert bread @ baker > bread @ engine


@pytest.mark.model
def test_a_folder_inside_the_models_folder_goes_by_its_name(tmp_path: Path) -> None:
    shutil.copytree(minilm_folder(), tmp_path / "minilm")
    embedder = load_embedder(Settings(models=tmp_path, embedder="minilm"))
    assert embedder.name == "minilm"
    assert embedder.fingerprint == SentenceTransformerEmbedder(str(minilm_folder())).fingerprint


@pytest.mark.model
def test_prefixes_are_put_in_front_and_change_the_fingerprint() -> None:
    plain = SentenceTransformerEmbedder(str(minilm_folder()))
    prefixed = load_embedder(
        Settings(embedder=str(minilm_folder()), query_prefix="find: ", passage_prefix="note: ")
    )
    assert prefixed.embed_query("rain") @ plain.embed_query("find: rain") == pytest.approx(1, abs=1e-5)
    assert prefixed.embed_passages(["rain"])[0] @ plain.embed_passages(["note: rain"])[0] > 0.9999
    assert prefixed.embed_query("rain") @ plain.embed_query("rain") < 0.999
    assert prefixed.fingerprint != plain.fingerprint


@pytest.mark.model
def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="contains no usable model"):
        load_embedder(Settings(embedder=str(tmp_path)))


@pytest.mark.model
def test_a_model_that_cannot_be_fetched_says_so() -> None:
    with pytest.raises(ModelMissing, match="nobody/no-such-model is not on this machine") as caught:
        load_embedder(Settings(embedder="nobody/no-such-model"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("setting", ["embedder", "reranker", "nli"])
def test_without_torch_the_setting_that_needs_it_is_named(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # as in the container image
    settings = Settings(models=tmp_path, **{setting: "someone/model"})
    with pytest.raises(SettingsError, match=f"BYLINE_{setting.upper()} .*sentence-transformers"):
        {"embedder": load_embedder, "reranker": load_reranker, "nli": load_entailment}[setting](settings)
