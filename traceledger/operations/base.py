"""What an operation declares: the base classes of the rows, one class for each operation.

To add one, write its class in the module of its family, and name it in the family's union there. The type
checker says what the class lacks, since the methods here are abstract and each row is final; the command, the
client's method, the planner, the order of sending and the privacy follow from it.

Example:
    >>> [name for name in Physical.__dataclass_fields__ if not name.startswith("_")]
    ['act_as', 'at', 'historic', 'private', 'evidence']
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from traceledger.operations import fields as f
from traceledger.operations.fields import About

if TYPE_CHECKING:
    from traceledger.artifacts import ContractName
    from traceledger.languages.phrases import Phrase
    from traceledger.operations.actor import Actor
    from traceledger.operations.dependencies import Findings
    from traceledger.operations.private import Hiding

Planned = tuple["ContractName", str, tuple[object, ...]]
"""A call: which contract, which function, its arguments."""
Told = tuple[str, tuple[object, ...]]
"""A function of the ledger, and its arguments but those that follow from the state."""
Entity = tuple[str, int | str]
"""A thing on the ledger: its kind, and its id, address (as a number) or name."""
Touches = tuple[Iterable[Entity], Iterable[Entity]]
"""What an operation depends on, and what it changes."""
Names = dict[str, str | list[str]]
"""Full names, by the word for what they name."""


class By(Enum):
    """Who performs an operation."""

    PARTICIPANT = "a participant"
    CONSORTIUM = "the consortium"
    EITHER = "a participant, or the consortium"
    AUDITOR = "an auditor, or the consortium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How an operation is called, and what is known of it without looking at its fields.

    Attributes:
        noun: the command's noun or nouns, ``batch``.
        verb: the command's verb, ``mint``.
        old: verbs that it had before; they work still, and no help shows them.
        by: who performs it.
        once: whether the contracts refuse the very same operation a second time.
        gas: what it uses at most, where the length of its calldata does not tell.
        heeds_as: whether ``--as`` and ``TRACELEDGER_AS`` count, though only the consortium may: what stops a
            company must not become the deployer's act by mistake. The contracts refuse it then.
        tagged: whether its calldata follows from the state, so that it is known again by a tag (``tags.py``).
        moves: whether it moves custody, title or rights: whoever signs it is shown whom it names, by address,
            and what the lots weigh (``involved.py``).
        for_good: what no later operation of whoever signs it puts right again, as a clause; empty: nothing.
            Commands ask before they sign it, and sign nothing where nobody can be asked and nobody said so.
    """

    noun: str
    verb: str
    old: tuple[str, ...] = ()
    by: By
    once: bool
    gas: int | None = None
    heeds_as: bool = False
    tagged: bool = False
    moves: bool = False
    for_good: str = ""

    @property
    def takes_as(self) -> bool:
        """Whether ``--as`` and ``TRACELEDGER_AS`` count: what only the consortium does is not a company's."""
        return self.by is not By.CONSORTIUM or self.heeds_as


def _as(name: str) -> str:
    """The field of the file that a field is: ``as`` and ``from`` are keywords of Python."""
    return f.WORDS.get(name, name)


STRICT: Any = {
    "extra": "forbid",
    "validate_by_name": True,
    "validate_by_alias": True,
    "alias_generator": _as,
}
"""For pydantic: no other fields than those declared."""


_HISTORIC = "take times before 1990, which are refused otherwise; it is not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base(ABC):
    """What every operation has: who acts (none: the deploying account), and when it happened."""

    __pydantic_config__: ClassVar[Any] = STRICT
    act_as: Annotated[f.ActingName | None, About("short name of the participant that acts")] = None
    at: Annotated[f.Time | None, About("when it happened; it is not recorded", file_only=True)] = None
    historic: Annotated[f.Flag, About(_HISTORIC, file_only=True)] = False

    @property
    @abstractmethod
    def op(self) -> str:
        """The operation's name in an operations file."""

    @classmethod
    @abstractmethod
    def row(cls) -> Row:
        """Its command, who performs it, and whether it can happen twice."""

    @abstractmethod
    def call(self, actor: Actor) -> Planned:
        """The call that performs it.

        Raises:
            InputError: a name is unknown, fields do not fit together, or nobody acts who must.
        """

    def told(self, actor: Actor) -> Told | None:
        """By what it is known again, where others of its arguments follow from the state; else ``None``.

        Raises:
            InputError: as :meth:`call`, which need not succeed again once it is recorded.
        """
        return None

    @abstractmethod
    def touches(self, actor: Actor, findings: Findings) -> Touches:
        """What it depends on and what it changes, besides what whoever acts depends on."""

    @abstractmethod
    def subject(self, actor: Actor) -> Names:
        """What it is about, by full names: what is said once it is recorded."""

    @abstractmethod
    def effect(self, actor: Actor, who: str) -> Phrase:
        """What it does, in a sentence without a full stop, which begins with the name of who acts."""

    def learned(self, actor: Actor) -> None:  # noqa: B027  (most change nothing else)
        """Tell the names what it changes beside what it makes: the keys of a participant."""

    def foreseen(self, actor: Actor) -> None:  # noqa: B027  (of most, the batches they touch say it all)
        """Tell the outlook what it will change, beside that an event names the batches that it touches."""

    def concealed(self, hiding: Hiding) -> Mapping[str, Any]:
        """The fields that change where it is private: those whose types say so."""
        return hiding.declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hideable(Base):
    """An operation of which something may be private."""

    private: Annotated[
        f.Flag,
        About(f"put {f.MAY_BE_PRIVATE} on chain as salted commitments only (docs/privacy.md)"),
    ] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidenced(Hideable):
    """An operation that documents held elsewhere may show."""

    evidence: Annotated[f.EvidenceField, About("documents held elsewhere that show it")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Evidenced):
    """An act of the consortium or an auditor that may be repeated later; its time tells the acts apart."""

    at: Annotated[f.Time | None, About("when it was decided; tells it from an earlier one")] = None
    historic: Annotated[f.Flag, About(_HISTORIC)] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Physical(Evidenced):
    """Something that happened in the world, at a time that its author states."""

    at: Annotated[f.Time, About("when it happened")]
    historic: Annotated[f.Flag, About(_HISTORIC)] = False
