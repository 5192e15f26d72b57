"""What an audit finds: issues, each about one subject, and the rules that raise them.

Example:
    >>> Level.parse("high") > Level.parse("low")
    True
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, TypeVar

from traceledger.errors import InputError

if TYPE_CHECKING:
    from traceledger.audit.facts import BatchFacts, Happening, Leg, Mint, Run
    from traceledger.audit.view import AuditView

Looked = TypeVar("Looked")

Fact = str | int | float | bool
"""A value beside an issue; integers that may pass 2^53 (mg) are written as text."""


class Level(IntEnum):
    """How grave an issue is: ``low`` to look at some time, ``high`` not to be explained by chance."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def slug(self) -> str:
        """The name used in files: ``low``, ``medium``, ``high``."""
        return self.name.lower()

    @classmethod
    def parse(cls, text: str) -> Level:
        """The level of that name.

        Raises:
            InputError: there is none of that name.
        """
        try:
            return cls[text.upper()]
        except KeyError:
            raise InputError(f"{text!r} is not a level", hint="use low, medium or high") from None


@dataclass(frozen=True, slots=True)
class Subject:
    """What an issue is about: ``kind`` is batch, facility, participant, shipment or finding.

    ``name`` is its full name on the ledger.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a rule found.

    Attributes:
        subject: what it is about.
        message: one sentence: what was found, and beside what it looks wrong.
        participant: address of who answers for it.
        facility: id of the facility where it arose, if it did at one.
        batches: ids of the batches concerned; none where it concerns all of a participant or facility.
        related: full names of other things concerned.
        facts: the figures behind the message.
        level: how grave this one is, where that differs from the rule's; the settings' word goes before.
        at: when it happened as claimed, UTC seconds, if it has a time.
    """

    subject: Subject
    message: str
    participant: bytes
    facility: int | None = None
    batches: tuple[int, ...] = ()
    related: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    level: Level | None = None
    at: int | None = None


Look = Callable[[Looked], "Iterable[Issue] | None"]
"""Looks at a fact, and finds issues, or only takes note."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a rule looks at while an audit goes through a ledger once, all rules side by side.

    Facts come in the ledger's order: first all batches, then all events. Only those come that stand.

    Attributes:
        batch: looks at each batch.
        mint: at each mint.
        run: at each transformation.
        leg: at each shipment.
        other: at each other event.
        end: finds what follows from all of that.
    """

    batch: Look[BatchFacts] | None = None
    mint: Look[Mint] | None = None
    run: Look[Run] | None = None
    leg: Look[Leg] | None = None
    other: Look[Happening] | None = None
    end: Callable[[], Iterable[Issue]] | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that contracts cannot forbid and that an auditor would ask about.

    Attributes:
        id: its name in settings and results.
        level: how grave its issues are, unless the settings say otherwise.
        title: what it finds, in a few words.
        rationale: why that matters, and what may explain it innocently.
        source: the standard, guidance or law of nature behind it.
        check: begins to look for it in a view.
    """

    id: str
    level: Level
    title: str
    rationale: str
    source: str
    check: Callable[[AuditView], Check]
