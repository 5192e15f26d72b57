"""What was probably meant by a word that is none of those there are.

Example:
    >>> meant("mnied", ["mined", "post_consumer"]), meant("stolen", ["mined"])
    ('mined', '')
    >>> near_origin("mines"), near_origin("recycling plant"), near_origin("mine"), near_origin("smelter")
    ('mine', 'recycler', '', '')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ALIKE = 0.7
"""So alike is what has a few letters missing, added or changed (difflib's ratio)."""
_NEAR = 0.6
"""So alike is what is worth a question."""
_SLIP = 0.85
"""So alike is a single slip, in a word that may be free."""

_MEANT: Mapping[str, str] = {
    "mine": "mined",
    "primary": "mined",
    "virgin": "mined",
    "postconsumer": "post_consumer",
    "pcr": "post_consumer",
    "preconsumer": "pre_consumer",
    "pir": "pre_consumer",
    "post_industrial": "pre_consumer",
    "unknown": "untraced",
    "price": "economic",
    "value": "economic",
    "weight": "mass",
    "accepted": "received",
    "arrived": "received",
    "rejected": "refused",
    "returned": "refused",
    "evaporation": "moisture",
    "drying": "moisture",
    "assay": "measurement",
    "weighing": "measurement",
    "run": "transformation",
    "scrapped": "disposed",
    "waste": "disposed",
    "sold": "delivered",
    "error": "incorrect_data",
    "wrong": "incorrect_data",
    "mistake": "incorrect_data",
}
"""Other words for some of ours; they count only where the word on the right is one that there is."""

_ORIGINS: Mapping[str, frozenset[str]] = {
    "mine": frozenset({"mine", "mines", "mining", "miner", "miners"}),
    "recycler": frozenset({"recycler", "recyclers", "recycling", "recycle", "recycled", "recyling"}),
}
_PLACES = frozenset("plant plants site facility works company operation operations centre center".split())
ROLES = ("auditor", "producer", "processor", "recycler", "carrier", "manufacturer")
"""The usual roles of companies."""


def meant(word: str, words: Iterable[str]) -> str:
    """The one of some words that was probably meant; empty if that cannot be told."""
    from difflib import get_close_matches

    known = list(words)
    given = word.strip().casefold().replace("-", "_").replace(" ", "_")
    if given in known:
        return given
    if _MEANT.get(given) in known:
        return _MEANT[given]
    return next(iter(get_close_matches(given, known, n=1, cutoff=_ALIKE)), "")


def hint(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """``did you mean …?``, or something else where nobody can tell."""
    found = meant(word, words)
    if not found:
        return otherwise
    from traceledger.model.suggestions import did_you_mean

    return did_you_mean([found])


def nearest(word: str, words: Iterable[str], most: int = 3) -> list[str]:
    """Those of some names that are nearly written so, whatever their case; the likeliest first."""
    from difflib import get_close_matches

    known: dict[str, str] = {}
    for name in words:
        known.setdefault(name.casefold(), name)
    return [known[found] for found in get_close_matches(word.casefold(), known, n=most, cutoff=_NEAR)]


def near_origin(kind: str) -> str:
    """The kind of origin, ``mine`` or ``recycler``, that a kind of facility misses narrowly; empty if none.

    Kinds are free, but only these two, written so, are origins: a facility whose kind is ``mines`` could
    never mint. What only sounds alike (``mineral store``, ``refinery``) is a kind of its own.
    """
    words = [word for word in kind.split() if word not in _PLACES]
    for origin, forms in _ORIGINS.items():
        if kind != origin and words and words[-1] in forms:
            return origin
    return _slip(kind, _ORIGINS)


def near_role(role: str) -> str:
    """The usual role that a role misses narrowly: requirements and rights go by the role as it is written."""
    return _slip(role, ROLES)


def _slip(word: str, words: Iterable[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, list(words), n=1, cutoff=_SLIP)
    return found[0] if found and found[0] != word else ""
