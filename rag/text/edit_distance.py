"""The edit distance of two words."""

from __future__ import annotations


def edit_distance(one: str, other: str) -> int:
    """Count the letters to insert, delete, replace or swap with their neighbour.

    This is the optimal string alignment distance: a swap counts 1, and no letter is edited twice.
    """
    before, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
