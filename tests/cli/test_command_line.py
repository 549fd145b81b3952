"""The command line as a user runs it: its output, its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, byline, byline_process
from examples import BRIDGE, HARBOUR, LIBRARY, minilm_folder, write

from rag.settings import DEFAULT_EMBEDDER, Settings

pytestmark = pytest.mark.slow  # opens a library for every command


def test_a_machine_without_models_is_told_what_to_do(tmp_path: Path) -> None:
    done = byline_process("ask", "Who?", "--data", tmp_path / "data", BYLINE_MODELS=str(tmp_path / "none"))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "python -m rag setup" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    done = byline("search", "x", "--data", tmp_path, BYLINE_PASSAGES="many")
    assert done.returncode == 1
    assert "BYLINE_PASSAGES" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (Settings.load().models / DEFAULT_EMBEDDER).is_dir():
        pytest.skip("the embedding model is not on this machine: python -m rag setup")
    folder = tmp_path_factory.mktemp("cli")
    write(folder / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
    done = byline_process("ingest", folder / "articles", "--data", folder / "data", "--json")
    assert done.returncode == 0, done.stderr
    counted = {
        "added": 3,
        "updated": 0,
        "unchanged": 0,
        "removed": 0,
        "skipped": [],
        "stopped": False,
        "outdated": 0,
        "shortened": [],
        "overlong": [],
    }
    told = json.loads(done.stdout)
    assert len(told.pop("articles")) == 3 and told == counted
    return folder / "data"


@pytest.mark.model
def test_the_data_folder_is_named_before_or_behind_the_command(data: Path) -> None:
    behind = byline("search", "harbour", "--json", "--data", data)
    before = byline("--data", data, "search", "harbour", "--json")
    named = byline("search", "harbour", "--json", BYLINE_DATA=str(data))
    assert behind.stdout == before.stdout == named.stdout
    assert json.loads(behind.stdout)["passages"]


@pytest.mark.model
def test_search_finds_across_languages(data: Path) -> None:
    done = byline("search", "How long is the new bridge?", "--k", "1", "--json", "--data", data)
    (passage,) = json.loads(done.stdout)["passages"]
    assert passage["article"]["language"] == "zh"
    assert passage["article"]["source"].endswith("bridge.txt")
    assert passage["n"] == 1
    assert "八百米" in passage["text"]


@pytest.mark.model
def test_a_language_filter(data: Path) -> None:
    done = byline("search", "bridge", "--language", "fr", "--json", "--data", data)
    assert {p["article"]["language"] for p in json.loads(done.stdout)["passages"]} == {"fr"}


@pytest.mark.model
def test_chosen_articles_are_named_by_id_or_title(data: Path) -> None:
    named = ("--article", "library.txt", "--article", "青石桥通车")
    found = json.loads(byline("search", "harbour", *named, "--json", "--data", data).stdout)["passages"]
    articles = {passage["article"]["id"]: passage["article"]["language"] for passage in found}
    assert {*articles.values()} == {"fr", "zh"}
    french = next(id for id, language in articles.items() if language == "fr")
    again = json.loads(byline("search", "harbour", "--article", french, "--json", "--data", data).stdout)
    assert {passage["article"]["id"] for passage in again["passages"]} == {french}
    unknown = byline("ask", "harbour?", "--article", "nowhere.txt", "--data", data)
    assert (unknown.returncode, unknown.stderr.count("\n")) == (1, 1) and "nowhere.txt" in unknown.stderr


def collection(name: str, articles: int) -> dict[str, object]:
    return {"name": name, "articles": articles, "groups": []}


@pytest.mark.model
def test_collections_are_made_searched_and_deleted(data: Path) -> None:
    def byline_json(*words: str | Path) -> object:
        return json.loads(byline(*words, "--json", "--data", data).stdout)

    assert byline_json("collections") == []
    assert byline_json("collections", "add", "Travaux", "library.txt") == collection("Travaux", 1)
    byline_json("ingest", data.parent / "articles" / "bridge.txt", "--collection", "travaux")
    assert byline_json("collections") == [collection("Travaux", 2)]
    found = byline_json("search", "harbour", "--collection", "travaux")["passages"]
    assert {passage["article"]["language"] for passage in found} == {"fr", "zh"}
    unknown = byline("ask", "harbour?", "--collection", "Ponts", "--data", data)
    assert unknown.returncode == 1 and "no collection “Ponts”. Collections: Travaux" in unknown.stderr
    assert byline_json("collections", "remove", "Travaux", "bridge.txt") == collection("Travaux", 1)
    assert byline_json("collections", "rename", "Travaux", "Ponts") == collection("Ponts", 1)
    assert byline_json("collections", "remove", "Ponts") == {"removed": "Ponts"}
    assert byline_json("collections") == []


@pytest.mark.model
def test_metadata_is_mended_and_restored(data: Path) -> None:
    done = byline(
        "mend", "library.txt", "--outlet", "Le Quai", "--date", "2025-03-09", "--json", "--data", data
    )
    (mended,) = json.loads(done.stdout)
    assert (mended["outlet"], mended["published"], mended["language"]) == ("Le Quai", "2025-03-09", "fr")
    found = byline("search", "bibliothèque", "--since", "2025-03-09", "--json", "--data", data)
    assert {one["article"]["id"] for one in json.loads(found.stdout)["passages"]} == {mended["id"]}
    wrong = byline("mend", "library.txt", "--date", "March", "--data", data)
    assert (wrong.returncode, wrong.stderr) == (1, "byline: March is not a day: write it as 2025-03-09.\n")
    (restored,) = json.loads(byline("mend", "library.txt", "--undo", "--json", "--data", data).stdout)
    assert (restored["outlet"], restored["published"]) == (None, None)
    assert "Say what to set" in byline("mend", "library.txt", "--data", data).stderr


@pytest.mark.model
def test_each_passage_says_why_it_is_there_and_the_parts_add_up(data: Path) -> None:
    done = byline("search", "How long is the new bridge?", "--json", "--data", data)
    for passage in json.loads(done.stdout)["passages"]:
        why = passage["why"]
        assert why.pop("rerank") is None
        assert set(why) == {"dense", "balance", "keyword"}
        assert sum(why.values()) == pytest.approx(passage["score"], abs=1e-5)


@pytest.mark.model
def test_explain_names_the_step_at_which_an_article_was_lost(data: Path) -> None:
    words = ("search", "How long is the new bridge?", "--explain", "library.txt", "--data", data)
    lost = json.loads(byline(*words, "--since", "2020-01-01", "--json").stdout)
    assert (lost["lost_at"], lost["article"]["title"]) == ("filters", "La bibliothèque ferme ses portes")
    found = byline(*words, "--k", "3").stdout
    assert "LOST" not in found
    nowhere = byline("search", "bridge", "--explain", "no-such-article", "--data", data)
    assert nowhere.returncode == 1
    assert nowhere.stderr.count("\n") == 1


@pytest.mark.model
def test_days_in_the_wrong_order_are_named(data: Path) -> None:
    done = byline("search", "x", "--since", "2021-02-01", "--until", "2021-01-01", "--data", data)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "2021-02-01" in done.stderr


@pytest.mark.model
def test_the_library_is_asked_about_itself_and_greeted_without_a_language_model(
    data: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / DEFAULT_EMBEDDER).symlink_to(Settings.load().models / DEFAULT_EMBEDDER)
    alone = {"BYLINE_MODELS": str(models), "OLLAMA_HOST": "127.0.0.1:9"}
    counted = byline("ask", "How many articles are there in French?", "--json", "--data", data, **alone)
    told = json.loads(counted.stdout)
    assert (told["kind"], told["outcome"], told["found"]) == ("library", "answered", True)
    assert told["answer"].startswith("1 of the 3 articles is in French.")
    assert told["passages"][0]["article"]["source"].endswith("library.txt")
    hello = byline("ask", "bonjour", "--data", data, **alone)
    assert hello.stdout.startswith("Bonjour ! Demandez ce que disent vos 3 articles")
    assert "- Quels sont les derniers articles ?" in hello.stdout


@pytest.mark.model
def test_a_file_of_questions_gives_one_line_each_in_order(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.json"
    file.write_text(json.dumps([{"q": "harbour", "id": 1}, {"q": "大桥"}]), encoding="utf-8")
    done = byline("search", "--file", file, "--k", "2", "--json", "--data", data)
    assert [json.loads(line)["question"] for line in done.stdout.splitlines()] == ["harbour", "大桥"]


@pytest.mark.model
@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"question": "x"}]', '[{"q": " "}]'])
def test_a_file_that_holds_no_questions_is_named(data: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "questions.json"
    file.write_text(content, encoding="utf-8")
    done = byline("search", "--file", file, "--json", "--data", data)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "questions.json" in done.stderr


@pytest.mark.model
def test_verify_finds_nothing_and_repair_mends_a_lost_index(data: Path) -> None:
    assert byline_process("verify", "--data", data).stdout == "Nothing is wrong.\n"
    for file in (data / "vectors").rglob("*.sqlite3"):
        file.write_bytes(b"garbage" * 100)
    broken = byline_process("verify", "--data", data, "--json")
    assert broken.returncode == 1
    assert json.loads(broken.stdout)["faults"]
    assert byline_process("repair", "--data", data).returncode == 0
    assert byline_process("verify", "--data", data).stdout == "Nothing is wrong.\n"
    assert json.loads(byline("search", "harbour", "--json", "--data", data).stdout)["passages"]


@pytest.mark.model
def test_another_embedding_model_is_refused_until_the_index_is_rebuilt(data: Path) -> None:
    done = byline("search", "x", "--data", data, BYLINE_EMBEDDER=str(minilm_folder()))
    assert done.returncode == 1
    assert "repair" in done.stderr
    assert "Traceback" not in done.stderr


OWNER = """
import sys; from pathlib import Path
from rag.service.background import BackgroundServices; from rag.library import Library; from rag.settings import Settings
with Library.open(Settings.load(Path(sys.argv[1]))) as library:
    keeper = BackgroundServices(library)
    keeper.start()
    print("open", flush=True)
    sys.stdin.read()
    keeper.close()
"""


@pytest.mark.model
def test_while_the_app_owns_the_library_the_command_line_hands_its_work_over(
    data: Path, tmp_path: Path
) -> None:
    write(
        tmp_path / "more", lighthouse="The lighthouse keeper\n\nThe lighthouse of Ardmore has a new keeper."
    )
    app = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(data)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert app.stdin and app.stdout
    assert app.stdout.readline() == b"open\n"
    added = byline_process("ingest", tmp_path / "more", "--json", "--data", data)
    assert json.loads(added.stdout)["added"] == 1, added.stderr
    found = byline("search", "Who keeps the lighthouse?", "--k", "1", "--json", "--data", data)
    assert "Ardmore" in json.loads(found.stdout)["passages"][0]["text"]
    lost = byline("ingest", tmp_path / "nowhere", "--data", data)
    assert (lost.returncode, lost.stderr.count("\n")) == (1, 1)
    assert "does not exist" in lost.stderr
    app.stdin.close()
    app.wait(20)
    alone = byline("search", "Who keeps the lighthouse?", "--k", "1", "--json", "--data", data)
    assert json.loads(alone.stdout) == json.loads(found.stdout)
