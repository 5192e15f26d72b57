r"""A rule on names and lots that look alike.

Example:
    >>> skeleton("K\u041eL-2026") == skeleton("KOL-2026")
    True
    >>> gs1_lot("urn:epc:class:lgtin:952012.0345678.L7") == gs1_lot("https://id.gs1.org/01/09520123456788/10/L7")
    True
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from traceledger.audit.integrity import plain_lot
from traceledger.audit.values import Issue, Level, Rule, Subject
from traceledger.audit.view import AuditView
from traceledger.errors import InputError
from traceledger.model import gs1
from traceledger.model.gs1 import Key

_PAIRS = (
    "0410A 0412B 0415E 041AK 041CM 041DH 041EO 0420P 0421C 0422T 0423Y 0425X 0406I 0408J 0405S 050CG "
    "051AQ 051CW 0430a 0435e 043Eo 0440p 0441c 0443y 0445x 0456i 0458j 0455s 04BBh 0501d 051Bq 051Dw "
    "0391A 0392B 0395E 0396Z 0397H 0399I 039AK 039CM 039DN 039FO 03A1P 03A4T 03A5Y 03A7X 03B1a 03B9i "
    "03BAk 03BDv 03BFo 03C1p 03C5u 03C7x 03B3y 03F2c 0030o 0031i 006Ci 0131i 007Ci"
)
_LETTERS = {int(pair[:4], 16): pair[4] for pair in _PAIRS.split()}
"""Cyrillic, Greek, and digits, by the Latin letter that they pass for (UTS 39, confusables)."""


def skeleton(text: str) -> str:
    """What a text looks like: without case, blanks and punctuation, look-alike letters made one."""
    letters = unicodedata.normalize("NFKC", text).translate(_LETTERS).casefold()
    letters = unicodedata.normalize("NFKC", letters).translate(_LETTERS)
    return "".join(letter for letter in letters if letter.isalnum() or unicodedata.combining(letter))


def gs1_lot(identifier: str) -> Key | None:
    """The GS1 key that tells a lot or an item from others, whatever notation it is in; else ``None``."""
    try:
        found = gs1.read(identifier)
    except InputError:
        # It is written as a key and is none: a text like others.
        return None
    return None if found is None or found.is_class else found.identity


@dataclass(frozen=True, slots=True)
class _Named:
    """Something with a text of its own: whose it is, and which batch; without one it is the owner itself."""

    owner: bytes
    text: str
    batch: int | None = None


def check_alike(view: AuditView) -> Iterator[Issue]:
    """Lots, companies and facilities whose names look alike and are not the same."""
    least = view.settings.duplicates.min_length
    lots = _lots(view)
    keys = {item.text: key for item in lots if (key := gs1_lot(item.text)) is not None}
    yield from _alike(view, _by(lots, lambda item: keys.get(item.text)), Level.HIGH)
    plain = [item for item in lots if item.text not in keys]
    shown = [item for item in plain if len(plain_lot(item.text)) >= least]
    minted = {mint.event.batch for mint in view.mints}
    # Of one company all lots are compared, between companies those that each minted.
    yield from _alike(view, _by(shown, lambda item: (item.owner, skeleton(item.text))))
    entered = [item for item in shown if item.batch in minted]
    yield from _alike(view, _by(entered, lambda item: skeleton(item.text)), strangers=True)
    yield from _alike(view, _by(_companies(view), lambda item: skeleton(item.text)), strangers=True)


def _by(items: Iterable[_Named], key: Callable[[_Named], Hashable]) -> list[list[_Named]]:
    """What has the same key, where that are several; of most there is one, whose key is not kept."""
    known = list(items)
    hashes = array("q", (hash(key(item)) for item in known))
    counted = Counter(hashes)
    groups: dict[Hashable, list[_Named]] = defaultdict(list)
    for item, hashed in zip(known, hashes, strict=True):
        if counted[hashed] > 1 and (found := key(item)) is not None:
            groups[found].append(item)
    return [group for group in groups.values() if len(group) > 1]


def _lots(view: AuditView) -> list[_Named]:
    """Lots that nobody reversed or declared wrong, in the order in which they were made."""
    return [
        _Named(facts.now.creator, facts.now.identifier, batch)
        for batch, facts in view.standing.items()
        if not view.in_error(batch)
    ]


def _companies(view: AuditView) -> list[_Named]:
    return [_Named(address, found.name) for address, found in view.participants.items()]


def _alike(
    view: AuditView, groups: list[list[_Named]], level: Level | None = None, *, strangers: bool = False
) -> Iterator[Issue]:
    """Each later name with the first that looks like it and is written otherwise."""
    for group in groups:
        for place, item in enumerate(group[1:], start=1):
            first = next((one for one in group[:place] if _differ(one, item, strangers=strangers)), None)
            if first is not None:
                yield _issue(view, first, item, level)


def _differ(one: _Named, other: _Named, *, strangers: bool) -> bool:
    """Whether two look-alikes are written otherwise; for lots, in more than case and punctuation."""
    if strangers and one.owner == other.owner:
        return False
    if one.batch is None:
        return True
    return plain_lot(one.text) != plain_lot(other.text)


def _issue(view: AuditView, one: _Named, other: _Named, level: Level | None) -> Issue:
    subject, first = _subject(view, other), _subject(view, one).name
    batches = tuple(item.batch for item in (other, one) if item.batch is not None)
    text = other.text.encode("ascii", "backslashreplace").decode()
    named = (
        f"is called {text}, which looks like" if one.batch is None else "is written otherwise, but looks like"
    )
    if level is Level.HIGH:
        named = "is, in another writing, the GS1 lot of"
    return Issue(
        subject=subject,
        message=f"{named} {first}",
        participant=other.owner,
        batches=batches,
        related=(first,),
        facts={"written": text, "first": one.text.encode("ascii", "backslashreplace").decode()},
        level=level,
    )


def _subject(view: AuditView, item: _Named) -> Subject:
    """How an issue calls it."""
    if item.batch is None:
        return view.participant_subject(item.owner)
    return view.batch_subject(item.batch)


RULES = (
    Rule(
        "looks-alike",
        Level.MEDIUM,
        "Names or lots look alike and are not the same",
        "A Cyrillic letter, a full-width digit or the other writing of a GS1 identifier makes a second lot "
        "of one that was sold, or a company that passes for another. A GS1 lot written twice is high.",
        "Unicode Technical Standard 39, confusables; GS1 Digital Link and EPC Tag Data Standard",
        check_alike,
    ),
)
