"""What a question of a policy finds in a verified proof.

Example:
    >>> Answer("chain", ("a shipment never arrived",)).reasons
    ('a shipment never arrived',)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from traceledger.events import RecordedEvent
from traceledger.model.commitments import abbreviated
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names
from traceledger.proofs.source import log_of
from traceledger.proofs.verify.report import VerifiedProof


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        question: which question it answers: the table of the policy.
        reasons: why the proof is refused, a clause each; empty where it is not.
        not_proved: what the answer does not prove, a sentence each.
        shown: what was found, for people, a line each.
        figures: the same as plain values, as JSON has them.
    """

    question: str
    reasons: tuple[str, ...] = ()
    not_proved: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


class Question(Protocol):
    """What a policy asks beside conditions."""

    def ask(self, proof: VerifiedProof) -> Answer:
        """The answer of a proof that holds.

        Raises:
            InputError: a file that the question needs is not given.
        """


def names_of(proof: VerifiedProof) -> Names:
    """How the proof's companies, sites and lots are called, private texts that it discloses among them."""
    opened = {(each.kind, each.owner, each.commitment): each.text for each in proof.disclosed}
    return Names(proof.registry, lambda kind, owner, text: opened.get((kind, owner, text), text))


def lot_name(proof: VerifiedProof, batch: int, names: Names) -> str:
    """Full name of a lot upstream; of what is none of them, as a recycling run, its id."""
    node = proof.upstream.nodes.get(batch)
    return id_text(batch) if node is None else names.full(node.creation.creator, node.creation.identifier)


def sites_of(proof: VerifiedProof) -> list[int]:
    """Ids of all sites at which something upstream was made, or taken back; in the order of making."""
    found: dict[int, None] = {}
    for node in proof.upstream.nodes.values():
        if node.creation.facility is not None:
            found[node.creation.facility] = None
        if node.take_back is not None:
            found[node.take_back.facility] = None
    return list(found)


def place(recorded: RecordedEvent) -> str:
    """Where an event of a proof stands: ``BLOCK/TRANSACTION/LOG``, the log counted in its transaction."""
    return f"{recorded.block}/{recorded.transaction_index}/{log_of(recorded)}"


def listed(names: Iterable[str], most: int = 5) -> str:
    """Names in a clause, the first of many."""
    found = [abbreviated(name) for name in names]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
