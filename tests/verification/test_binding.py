"""A value must stand with what the sentence says it of: the faults that users saw, each as a test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.verification.claims import WRONG
from rag.verification.expected import expected, has_type
from rag.verification.facts import Facts, FactsCache, extract

CORPUS = Path(__file__).parents[2] / "corpus"


def article(path: str) -> Facts:
    head, body = (CORPUS / path).read_text("utf-8").split("---\n", 2)[1:]
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    text = f"{fields['title'].strip(chr(34))}\n{body.strip()}"
    return Facts(text, fields["language"], date.fromisoformat(fields["published"]))


def wrong(sentence: str, language: str, facts: Facts) -> set[str]:
    return {v.claim.text for v in facts.verdicts(extract(sentence, language)) if v.status in WRONG}


CHRONOLOGY = "en/vietnam-asean-chronology.md"


@pytest.mark.parametrize(
    ("path", "language", "true", "false", "value"),
    [
        (
            CHRONOLOGY,
            "en",
            "Cambodia joined ASEAN on 30 April 1999.",
            "Cambodia joined ASEAN in December 1998.",
            "December",
        ),
        (CHRONOLOGY, "en", "Myanmar joined in July 1997.", "Myanmar joined in December 1998.", "December"),
        (
            "en/coast-guards-manila-bay.md",
            "en",
            "The Vietnamese ship is 90 metres long.",
            "The Vietnamese ship is 8002 metres long.",
            "8002 metres",
        ),
        (
            "zh/yue-e-fangwu-dashiji.md",
            "zh",
            "第四次国防战略对话于2018年12月3日举行。",
            "第四次国防战略对话于2019年12月3日举行。",
            "2019",
        ),
        (
            "fr/kartapolov-hanoi.md",
            "zh",
            "第四次国防战略对话于2018年12月3日举行。",
            "第四次国防战略对话于2019年12月3日举行。",
            "2019",
        ),
        (
            "ru/vostochnyi-timor-asean.md",
            "ru",
            "Восточный Тимор стал независимым в 2002 году.",
            "Восточный Тимор стал независимым в 2022 году.",
            "2022",
        ),
    ],
)
def test_a_value_of_something_else_in_the_passage_is_noticed(
    path: str, language: str, true: str, false: str, value: str
) -> None:
    facts = article(path)
    assert wrong(true, language, facts) == set()
    assert value in wrong(false, language, facts)


def test_one_figure_for_several_subjects_must_be_told_of_each() -> None:
    facts = Facts(
        "Vietnam's border with Laos is 2,337 km long. With China it shares 1,449 km, with Cambodia 1,137 km.",
        "en",
    )
    assert wrong("The border with Laos is 2,337 km long.", "en", facts) == set()
    said = wrong("The borders with China, Laos and Cambodia are 2,337 km long.", "en", facts)
    assert {"China", "Cambodia"} & said


def test_a_name_without_a_figure_of_its_own_is_not_accused() -> None:
    facts = Facts("The border is 2,337 km long. Vietnam, Laos and China surveyed it together.", "en")
    assert wrong("The border of Vietnam, Laos and China is 2,337 km long.", "en", facts) == set()


def test_a_figure_told_of_the_other_one_is_left_open() -> None:
    facts = Facts("Some 9,000 cars a day use the Lenne bridge, 21,500 the other one, the Volme.", "en")
    assert wrong("Some 21,500 cars a day cross the Volme.", "en", facts) == set()


def test_a_number_that_counts_something_else_is_noticed_by_the_embedder() -> None:
    facts = article("fr/kartapolov-hanoi.md")
    near = {"submarines": 0.38, "teams": 0.67}

    def affinity(text: str, spans: object) -> list[float]:
        return [near.get(text, 0.4)] * len(list(spans))  # type: ignore[call-overload]

    def wrong_claims(sentence: str) -> set[str]:
        return {v.claim.text for v in facts.verdicts(extract(sentence, "en"), affinity) if v.status in WRONG}

    assert "eight" in wrong_claims("Vietnam bought eight submarines from Russia in 2019.")
    assert wrong_claims("Vietnam sent eight teams to the Army Games in 2019.") == set()


def test_a_row_of_a_table_binds_its_cells() -> None:
    facts = Facts(
        "| Ship | Length | Captain |\n|---|---|---|\n| Aurora | 112 m | Pekka Virtanen |\n"
        "| Neptune | 164 m | Thomas Lindqvist |",
        "en",
    )
    assert wrong("The Neptune is 164 metres long.", "en", facts) == set()
    assert "112 metres" in wrong("The Neptune is 112 metres long.", "en", facts)


def test_a_verdict_names_the_value_that_stands_in_the_place_of_the_claimed_one() -> None:
    found = article(CHRONOLOGY).verdicts(extract("Cambodia joined ASEAN in December 1998.", "en"))
    assert "30 April 1999" in {v.rival for v in found}


def test_a_month_without_a_year_is_of_the_articles_year() -> None:
    facts = Facts("Inflation fell to 3.1 percent in December.", "en", date(2025, 1, 22))
    assert wrong("Inflation fell to 3.1 percent in December 2024.", "en", facts) == set()
    assert "2021" in wrong("Inflation fell to 3.1 percent in December 2021.", "en", facts)


@pytest.mark.parametrize(
    ("sentence", "language", "passage", "passage_language"),
    [
        ("Vietnam took part in the Armygames.", "en", "Vietnam sent teams to the Army Games.", "en"),
        ("Тимор-Лешти вступил в АСЕАН.", "ru", "East Timor joined ASEAN.", "en"),
        ("Timor-Leste joined ASEAN.", "en", "Восточный Тимор вступил в АСЕАН.", "ru"),
        ("The plant is in Ninh Thuan.", "en", "核电站位于宁顺。", "zh"),
        ("AlexanderVasilyevich Fomin spoke.", "en", "AlexanderVasilyevich Fomin spoke in Moscow.", "en"),
        (
            "The teams went to the Army Games.",
            "en",
            "Les équipes sont allées aux Jeux internationaux de l'Armée.",
            "fr",
        ),
    ],
)
def test_variants_of_a_name_are_the_same(
    sentence: str, language: str, passage: str, passage_language: str
) -> None:
    assert wrong(sentence, language, Facts(passage, passage_language)) == set()


@pytest.mark.parametrize(
    ("question", "language", "kind", "answers", "evades"),
    [
        ("In which year did Vietnam join?", "en", "year", "It joined in 1995.", "It joined at a meeting."),
        ("En quelle année ?", "fr", "year", "En 1995.", "Lors d'une réunion."),
        ("边界有多长？", "zh", "length", "长1449公里。", "边界很长。"),
        ("Sông dài bao nhiêu km?", "vi", "length", "Sông dài 500 km.", "Sông rất dài."),
        ("Сколько команд участвовало?", "ru", "count", "Участвовало семь команд.", "Участвовали команды."),
        ("How much did it cost?", "en", "money", "It cost 3 million dollars.", "It was dear."),
        ("What percentage was left?", "en", "percent", "16% was left.", "Little was left."),
    ],
)
def test_what_is_asked_for_must_be_in_the_answer(
    question: str, language: str, kind: str, answers: str, evades: str
) -> None:
    found = expected(question, language)
    assert found == kind
    assert found is not None
    assert has_type([extract(answers, language)], found)
    assert not has_type([extract(evades, language)], found)


def test_a_passage_is_read_once_for_all_sentences() -> None:
    cache = FactsCache(size=1)
    first = cache.of("A text.", "en")
    assert cache.of("A text.", "en") is first
    cache.of("Another.", "en")
    assert cache.of("A text.", "en") is not first
