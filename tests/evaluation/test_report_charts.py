"""Reports as pictures and tables: the figures are in them."""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from eval_examples import ranker_of
from rich.console import Console

from rag.errors import NotPermitted, SettingsError
from rag.evaluation import report_charts, report_tables
from rag.evaluation.cross_lingual_search import RetrievalReport, evaluate_retrieval
from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.datasets import Dataset, Document, Question
from rag.evaluation.headline_search import HeadlinesReport

INDEX = IndexFacts(
    articles=1960, passages=4321, skipped=[{"source": "x.md", "reason": "It is empty."}],
    seconds=7.25, embedder="hashing", reused=False,
)  # fmt: skip
TIMES = {"searches": 8, "hits": 100, "median_ms": 12.3, "p95_ms": 45.6}
ROWS = {code: {"hit@1": at, "hit@5": at + 0.1, "recall@5": 0.2, "recall@20": 0.3, "mrr@10": 0.4, "ndcg@10": 0.5}
        for code, at in {"en": 0.61, "zh": 0.72}.items()}  # fmt: skip
REPORT: RetrievalReport = {
    "data": {"passages": 980, "questions": 2, "languages": ["en", "zh"]},
    "index": INDEX,
    "search": TIMES,
    "all_languages": {
        "share": {"en": {"en": 0.99, "zh": 0.13}, "zh": {"en": 0.27, "zh": 0.98}},
        "share_mean": 0.5925,
        "share_worst": {"question": "en", "passage": "zh", "value": 0.13},
        "by_language": ROWS,
        "mean": ROWS["en"],
    },
    "other_languages": {
        "by_language": {"en": {"hit@1": 0.11, "hit@5": 0.22}},
        "mean": {"hit@1": 0.11, "hit@5": 0.22},
    },
}
HEADLINES: HeadlinesReport = {
    "data": {"asked": {"en": {"articles": 3, "titles": 2, "sentences": 1}}, "repeated_titles": 2},
    "index": INDEX,
    "search": TIMES,
    "by_language": {"en": {"hit@1": 0.61, "hit@5": 0.93, "mrr@10": 0.77}},
    "mean": {"hit@1": 0.61, "hit@5": 0.93, "mrr@10": 0.77},
}


def texts(svg: Path) -> list[str]:
    root = ElementTree.parse(svg).getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.slow
def test_the_heat_map_shows_every_share(tmp_path: Path) -> None:
    report_charts.save(report_charts.retrieval_chart(REPORT), tmp_path / "new" / "share.svg")
    found = texts(tmp_path / "new" / "share.svg")
    assert {"0.99", "0.13", "0.27", "0.98"} <= {*found}
    assert {"0.61", "0.71", "0.72", "0.82", "hit@1", "hit@5"} <= {*found}
    assert any("worst 0.130 (en question, zh passage)" in text for text in found)
    # in the order of the question, not of the alphabet or the value
    cells = [text for text in found if re.fullmatch(r"0\.\d\d", text)]
    assert cells[:4] == ["0.99", "0.13", "0.27", "0.98"]


def test_the_colour_scale_does_not_move_with_the_figures() -> None:
    scales = [
        layer["encoding"]["color"]["scale"]["domain"]
        for panel in report_charts.retrieval_chart(REPORT).to_dict()["hconcat"]
        for layer in panel["layer"]
        if layer["mark"]["type"] == "rect"
    ]
    assert scales == [[0, 1]]


def test_a_png_is_a_png(tmp_path: Path) -> None:
    report_charts.save(report_charts.headlines_chart(HEADLINES), tmp_path / "news.PNG")
    head = (tmp_path / "news.PNG").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:])
    assert min(width, height) > 200


def test_headlines_in_svg(tmp_path: Path) -> None:
    report_charts.save(report_charts.headlines_chart(HEADLINES), tmp_path / "news.svg")
    found = texts(tmp_path / "news.svg")
    assert {"0.61", "0.93"} <= {*found}
    assert any("2 titles and 1 sentence" in text for text in found)


@pytest.mark.parametrize("name", ["share.gif", "share", "share.svg.txt"])
def test_a_picture_of_another_kind_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=r"\.svg or \.png"):
        report_charts.check_picture(Path(name))


def test_without_the_packages_that_draw_a_picture_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)  # as in the container image
    report_charts.check_picture(None)
    with pytest.raises(SettingsError, match="vl-convert-python"):
        report_charts.check_picture(Path("share.svg"))


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotPermitted, match="cannot be written"):
        report_charts.save(report_charts.headlines_chart(HEADLINES), tmp_path / "file" / "news.svg")


def printed(*parts: object) -> str:
    console = Console(width=80, record=True, file=None, highlight=False, markup=False)
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def test_the_tables_show_every_figure_within_80_columns() -> None:
    shown = printed(*report_tables.retrieval_tables(REPORT))
    assert max(map(len, shown.splitlines())) <= 80
    assert re.search(r"en +0\.990 +0\.130 +0\.560", shown)  # the row's mean beside it
    assert re.search(r"zh +0\.720 +0\.820 +0\.200 +0\.300 +0\.400 +0\.500", shown)
    assert re.search(r"en +0\.110 +0\.220", shown)
    assert "mean 0.593, worst 0.130 (en question, zh passage)" in shown
    assert "x.md: It is empty." in shown
    assert "p95 45.6 ms" in shown


def test_six_languages_fit_the_terminal() -> None:
    codes = ("en", "zh", "vi", "ru", "de", "es")
    documents = [Document(id="p", language=code, text="A text.") for code in codes]
    asked = [Question(id="q", language=code, text="?", answers=frozenset(["en/p"])) for code in codes]
    report = evaluate_retrieval(Dataset(documents, asked, codes), ranker_of({}), INDEX)
    shown = printed(*report_tables.retrieval_tables(report))
    assert re.search(r"question +en +zh +vi +ru +de +es +mean", shown)
    assert "…" not in shown


def test_the_table_of_headlines() -> None:
    shown = printed(*report_tables.headlines_tables(HEADLINES))
    assert re.search(r"en +0\.610 +0\.930 +0\.770", shown)
    assert "en: 3 articles, asked for by 2 titles and 1 sentence" in shown
    assert "with a title that another has too: 2 articles" in shown
