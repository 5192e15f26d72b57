"""The part of a client that hands on what opens private texts, and takes it over (docs/privacy.md)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from traceledger.client.connection import Connection
from traceledger.client.reading import Reading
from traceledger.errors import InputError
from traceledger.model.frozen import frozen


@frozen
class Imported:
    """How many openings a file held, and how many of them were not known here."""

    openings: int
    new: int


@frozen
class DisclosureExchange:
    """Exports and imports openings. ``Client`` says what each method does."""

    connection: Connection

    def export(
        self,
        path: Path,
        *,
        batches: Sequence[str],
        facilities: Sequence[str],
        participants: Sequence[str],
        everything: bool,
    ) -> int:
        """Write what opens private texts, as far as known here; returns how many texts."""
        from traceledger.client import disclosure_file as sharing

        held = self.connection
        held.sync()
        names = held.names()
        if everything:
            found = sharing.collect_all(held.index, held.disclosures)
        elif batches or facilities or participants:
            chosen = sharing.Selection(
                batches=[Reading(held).batch_id(name) for name in batches],
                facilities=[names.facility(name, None) for name in facilities],
                participants=[names.participant(name) for name in participants],
            )
            found = sharing.collect(held.index, held.disclosures, chosen)
        else:
            raise InputError(
                "nothing is chosen", hint="name batches, facilities or participants, or choose all"
            )
        sharing.write(path, held.index, found)
        return len(found)

    def import_(self, path: Path) -> Imported:
        """Take over the openings of a file, if each opens what stands on chain; else none of them."""
        from traceledger.client import disclosure_file as sharing

        held = self.connection
        held.sync()
        openings = sharing.read(path, held.index)
        return Imported(len(openings), held.disclosures.add(openings))
