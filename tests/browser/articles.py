"""Three small articles; the passage that matters stands in the middle of the long one."""

from __future__ import annotations

from pathlib import Path


def article(title: str, language: str, published: str, source: str, *paragraphs: str) -> str:
    """An article as a Markdown file."""
    head = f"title: '{title}'\nlanguage: {language}\npublished: {published}\nsource: '{source}'"
    text = "\n\n".join(paragraphs)
    return f"---\n{head}\n---\n\n{text}\n"


RAIN = [f"In week {n} the rain held the dredgers back, and the town stopped asking." for n in range(30)]
BAND = [f"Band number {n} played its march, and the boats blew their horns." for n in range(12)]

ARTICLES = {
    "harbour.md": article(
        "The harbour opens again",
        "en",
        "2025-03-10",
        "Quay News",
        *RAIN,
        "The harbour of Kestrel Bay opened again on Monday after three years of dredging. "
        "The works cost 42 million crowns, and forty ships are expected every week.",
        *BAND,
    ),
    "bibliotheque.md": article(
        "La bibliothèque ferme ses portes",
        "fr",
        "2025-02-02",
        "Le Courrier de Montfleur",
        "La bibliothèque de Montfleur ferme ses portes le 3 mars pour dix-huit mois de travaux. "
        "Les 60 000 livres seront gardés dans une ancienne gare.",
    ),
    "cau.md": article(
        "Cầu Đá Xanh thông xe",
        "vi",
        "2025-05-01",
        "Báo Bến Sông",
        "Cầu Đá Xanh chính thức thông xe sáng ngày 1 tháng 5, dài tám trăm mét. "
        "Mỗi ngày cầu đón ba vạn lượt xe qua lại giữa hai bờ.",
    ),
}


def write(folder: Path, articles: dict[str, str]) -> Path:
    """Put articles into a folder; the names are those of the files."""
    folder.mkdir(parents=True)
    for name, text in articles.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
