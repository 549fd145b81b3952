"""Openings of sentences that refer to the sentence before, in five languages."""

from __future__ import annotations

import re

_PRONOUNS = (
    r"He|She|It|They|His|Her|Its|Their|Il|Elle|Ils|Elles|Son|Sa|Ses|Leurs?|Celui|Celle|Он|Она|Оно|Они|Его|Её|Их|"
    r"Ông|Bà|Họ|Nó|Anh|Chị"
)
_DEMONSTRATIVES = (
    r"This|These|That|Those|The (?:two|latter|former)|Ce|Cet|Cette|Ces|Это|Эт[аио]т?|Последн\w{2}|"
    r"Điều (?:này|đó)|Đó|Đây|Trong đó"
)
_HAN_PRONOUNS, _HAN_DEMONSTRATIVES = "他她它其该此", "这那"
_NO_NAME = r"\b(?! [A-ZĐ])"
"""No capital follows: "Ông" and "Anh" before a name are titles."""

OPENS_WITH_PRONOUN = re.compile(rf"(?:{_PRONOUNS}){_NO_NAME}|[{_HAN_PRONOUNS}]")
"""Matches at the start of a sentence whose subject is a pronoun, or named by a possessive."""
REFERS_BACK = re.compile(
    rf"(?:{_PRONOUNS}|{_DEMONSTRATIVES}){_NO_NAME}|[{_HAN_PRONOUNS}{_HAN_DEMONSTRATIVES}]"
)
"""Matches at the start of a sentence that cannot be read without the one before: also at a demonstrative."""
