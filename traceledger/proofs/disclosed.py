"""The private texts of a proof: the commitments in its events, and those that the file opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from traceledger.errors import VerificationError
from traceledger.events.facts import Text
from traceledger.model.commitments import Opening, opens
from traceledger.proofs.source import ProofSource


class Disclosing:
    """Checks what opens commitments against the events of a file.

    Args:
        source: the events and registrations, complete.
    """

    def __init__(self, source: ProofSource) -> None:
        self._fields: dict[str, list[Text]] = {}
        for field in fields_of(source):
            self._fields.setdefault(field.text, []).append(field)
        self._opened: dict[str, Opening] = {}

    @property
    def opened(self) -> tuple[Opening, ...]:
        """What was opened, in the order of the file."""
        return tuple(self._opened.values())

    @property
    def undisclosed(self) -> int:
        """How many commitments of the events nothing opens."""
        return len(self._fields) - len(self._opened)

    def add(self, openings: Iterable[Opening]) -> None:
        """Take more openings.

        Raises:
            VerificationError: one opens nothing in the events, or is there twice.
        """
        for opening in openings:
            text = opening.commitment
            fields = self._fields.get(text, ())
            # R15: evidence has no owner of its own in the event's field, so the disclosure's is tried.
            if not any(opens(opening, field.kind, field.owner or opening.owner, text) for field in fields):
                raise VerificationError(
                    f"a disclosed {opening.kind.replace('_', ' ')} is not what the events commit to",
                    hint="its text, owner or salt was changed, or it belongs to another proof",
                )
            if text in self._opened:
                raise VerificationError(f"a {opening.kind.replace('_', ' ')} is disclosed twice")
            self._opened[text] = opening


def fields_of(source: ProofSource) -> Iterator[Text]:
    """Every commitment in the events and registrations of a file."""
    yield from source.private
    for registration in source.registrations:  # Their documents belong to no lineage: names only.
        yield from (text for text in registration.texts if text.private)
