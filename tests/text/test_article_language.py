"""The language of an article is never said to be English where it is not."""

from __future__ import annotations

import pytest

from rag.text.article_language import UNKNOWN, article_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Η νέα προβλήτα του λιμανιού άνοιξε την Τρίτη.", "el"),
        ("הרציף החדש של הנמל נפתח ביום שלישי.", "he"),
        ("बंदरगाह का नया घाट मंगलवार को खुला।", "hi"),
        ("កំពង់ផែថ្មីបានបើកនៅថ្ងៃអង្គារ។", "km"),
        ("ທ່າເຮືອໃໝ່ເປີດໃນວັນອັງຄານ.", "lo"),
        ("ဆိပ်ကမ်းသစ်ကို အင်္ဂါနေ့တွင် ဖွင့်လှစ်ခဲ့သည်။", "my"),
        ("12 03 2024, 18:00", UNKNOWN),
        ("𐌰𐌱𐌲𐌳 𐌴𐌵𐌶", UNKNOWN),
        ("The ferry stays, says TASS (ТАСС).", "en"),
        ("Bến cảng mới mở cửa hôm thứ Ba.", "vi"),
        (
            "Färjan till öarna går från och med måndag bara tre gånger om dagen, sade bolagets chef på ett möte i"
            " stadshuset. Öborna tycker att det är för lite under sommaren, när båtarna är fulla.",
            "sv",
        ),
    ],
)
def test_the_language_of_an_article(text: str, language: str) -> None:
    assert article_language(text) == language
