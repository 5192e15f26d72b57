"""Asking what was probably meant, as the hint of an error.

Example:
    >>> asked = did_you_mean(["katanga/KOL-1", "katanga/KOL-11"])
    >>> asked, asked.suggestions
    ('did you mean katanga/KOL-1 or katanga/KOL-11?', ('katanga/KOL-1', 'katanga/KOL-11'))
"""

from __future__ import annotations

from collections.abc import Sequence

from traceledger.languages import translatable
from traceledger.languages.phrases import Phrase

MOST = 3
"""Most names that a question names."""


class Suggestion(Phrase):
    """``did you mean …?``, as the hint of an error: whoever reads that gets what is suggested as a list too.

    Attributes:
        suggestions: what may have been meant, the likeliest first.
    """

    suggestions: tuple[str, ...]


def did_you_mean(names: Sequence[str]) -> Suggestion:
    """The question whether one of up to three was meant; at least one is needed."""
    some = tuple(names[:MOST])
    messages = (
        translatable("did you mean {first}?"),
        translatable("did you mean {first} or {second}?"),
        translatable("did you mean {first}, {second} or {third}?"),
    )
    made = Suggestion(messages[len(some) - 1], dict(zip(("first", "second", "third"), some, strict=False)))
    made.suggestions = some
    return made
