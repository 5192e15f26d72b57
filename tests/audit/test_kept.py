"""What an audit keeps: issues packed and unpacked, and each event read once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.audit.honest import HonestChain
from traceledger.audit import RULES, Found, Issue, Level, Subject, audit
from traceledger.audit.found import Keeping
from traceledger.events import RecordedEvent


def test_issues_come_back_as_they_were_found_gravest_first() -> None:
    rules, kept = RULES[:2], Keeping(RULES[:2])
    given = []
    for number in range(600):
        level = Level.HIGH if number % 3 else Level.LOW
        facts = {"mass_mg": str(number), "share": number / 7}
        issue = Issue(
            *(Subject("batch", f"kol/LOT-{number}"), "is too light", bytes(20), None, (number << 200,)),
            facts=facts,
            level=level if number % 2 else None,
        )
        kept.add(number % 2, level, issue)
        given.append(Found(rules[number % 2], level, issue))
    order = {rule.id: place for place, rule in enumerate(rules)}
    wanted = tuple(sorted(given, key=lambda item: (-item.level, order[item.rule.id])))
    found = kept.found()
    assert len(found) == 600
    assert found == wanted
    assert (found[0], found[-1], found[255:258]) == (wanted[0], wanted[-1], wanted[255:258])


def test_issues_are_counted_and_chosen_by_what_holds_them() -> None:
    rules, kept = RULES[:2], Keeping(RULES[:2])
    for number in range(600):
        level = Level.HIGH if number % 3 else Level.LOW
        kept.add(number % 2, level, Issue(Subject("batch", f"kol/LOT-{number}"), "is too light", bytes(20)))
    found = kept.found()
    counted = {key: sum((item.level, item.rule) == key for item in found) for key in found.counted()}
    chosen = found.chosen(rules[1].id, Level.HIGH)
    assert found.counted() == counted and sum(counted.values()) == 600
    assert chosen == tuple(item for item in found if (item.rule, item.level) == (rules[1], Level.HIGH))
    assert len(found.chosen(None, None)) == 600 and len(found.chosen("none", None)) == 0


class _Counting:
    """A source that counts how often events are asked for."""

    def __init__(self, source: Any) -> None:
        self._source = source
        self.read = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def each_event(self) -> Iterator[RecordedEvent]:
        for event in self._source.each_event():
            self.read += 1
            yield event


def test_each_event_is_read_once() -> None:
    ledger = HonestChain(3).ledger
    source = _Counting(ledger)
    audit(source)  # type: ignore[arg-type]  # the rest it has from the ledger
    assert source.read == len(ledger.each_event()) > 10
