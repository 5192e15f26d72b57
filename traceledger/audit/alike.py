r"""A rule on names and lots that look alike.

Example:
    >>> skeleton("K\u041eL-2026") == skeleton("KOL-2026")
    True
    >>> gs1_lot("urn:epc:class:lgtin:952012.0345678.L7") == gs1_lot("https://id.gs1.org/01/09520123456788/10/L7")
    True
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from traceledger.audit.facts import BatchFacts
from traceledger.audit.integrity import plain_lot
from traceledger.audit.repeats import Repeats
from traceledger.audit.values import Check, Issue, Level, Rule, Subject
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

    @property
    def plain(self) -> str:
        """The text without what a second entry may differ in."""
        return plain_lot(self.text)


def check_alike(view: AuditView) -> Check:
    """Lots, companies and facilities whose names look alike and are not the same."""
    least = view.settings.duplicates.min_length
    # Of one company all lots are compared, between companies those that each minted.
    gs1_lots, own_lots, entered = Repeats(), Repeats(), Repeats()

    def look(lot: BatchFacts) -> None:
        text = lot.now.identifier
        if lot.now.wrong:
            return
        key = gs1_lot(text)
        if key is not None:
            gs1_lots.add(key, lot.number)
        elif len(plain_lot(text)) >= least:
            shown = skeleton(text)
            own_lots.add((lot.now.creator, shown), lot.number)
            if lot.making.minted:
                entered.add(shown, lot.number)

    def named(batch: int) -> _Named:
        now = view.made(batch).now
        return _Named(now.creator, now.identifier, batch)

    def end() -> Iterator[Issue]:
        def groups(of: Repeats, key: Callable[[_Named], Hashable]) -> Iterator[list[_Named]]:
            return (list(map(named, group)) for group in of.groups(lambda batch: key(named(batch))))

        yield from _alike(view, groups(gs1_lots, lambda item: gs1_lot(item.text)), Level.HIGH)
        yield from _alike(view, groups(own_lots, lambda item: (item.owner, skeleton(item.text))))
        yield from _alike(view, groups(entered, lambda item: skeleton(item.text)), strangers=True)
        yield from _alike(view, _companies(view), strangers=True)

    return Check(batch=look, end=end)


def _companies(view: AuditView) -> list[list[_Named]]:
    """Companies whose names look alike."""
    found: dict[str, list[_Named]] = defaultdict(list)
    for address, company in view.participants.items():
        found[skeleton(company.name)].append(_Named(address, company.name))
    return list(found.values())


def _alike(
    view: AuditView, groups: Iterable[list[_Named]], level: Level | None = None, *, strangers: bool = False
) -> Iterator[Issue]:
    """Each later name with the first that looks like it and is written otherwise."""
    for group in groups:
        # Of those of one owner that are written alike, the first is enough to compare others with.
        firsts: dict[tuple[bytes, str], _Named] = {}
        for item in group:
            firsts.setdefault((item.owner, item.plain), item)
            first = next((one for one in firsts.values() if _differ(one, item, strangers=strangers)), None)
            if first is not None:
                yield _issue(view, first, item, level)


def _differ(one: _Named, other: _Named, *, strangers: bool) -> bool:
    """Whether two look-alikes are written otherwise; for lots, in more than case and punctuation."""
    if strangers and one.owner == other.owner:
        return False
    return one.plain != other.plain if one.batch is not None else one.owner != other.owner


def _issue(view: AuditView, one: _Named, other: _Named, level: Level | None) -> Issue:
    subject, first = _subject(view, other), _subject(view, one).name
    batches = view.ids(item.batch for item in (other, one) if item.batch is not None)
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
