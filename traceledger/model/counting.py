"""How many of something, in English.

Example:
    >>> counted(1, "batch", "batches"), counted(2, "batch", "batches"), counted(0, "operation")
    ('1 batch', '2 batches', '0 operations')
"""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """The number and the word for so many.

    Args:
        number: how many.
        one: the word for one.
        many: the word for any other number; by default that for one, with an s.
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
