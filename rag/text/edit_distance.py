"""Edit distance of two words."""

from __future__ import annotations


def edit_distance(one: str, other: str) -> int:
    """Compute the optimal string alignment distance.

    It counts letters inserted, deleted, replaced or swapped with their neighbour; no letter is edited twice.
    """
    previous, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, previous, row = previous, row, [i]
        for j, other_letter in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != other_letter))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other_letter:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
