"""The Markdown that answers are written in: the marks of list items and of tables."""

from __future__ import annotations

import re

ITEM = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")
"""Matches the mark of a list item at the beginning of a line, with the spaces around it."""
TABLE_RULE = re.compile(r"\|[-:| ]+\|\s*")
"""Matches the line of a table below its first row."""
