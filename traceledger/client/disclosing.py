"""What opens private texts, given to others and taken over from them (docs/privacy.md).

Example:
    >>> Imported(openings=3, new=1).new
    1
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from traceledger.client.sending import Sending
from traceledger.errors import InputError
from traceledger.operations.directory import Directory


@dataclass(frozen=True, slots=True)
class Imported:
    """How many openings a file held, and how many of them were not known here."""

    openings: int
    new: int


class Disclosing(Sending):
    """Exports and imports openings of private texts."""

    @abstractmethod
    def names(self) -> Directory:
        """Names over the index, for reading."""

    @abstractmethod
    def batch_id(self, name: str) -> int:
        """Id of a batch by its full name or its id as 0x text."""

    def export_disclosures(
        self,
        path: Path | str,
        *,
        batches: Sequence[str] = (),
        facilities: Sequence[str] = (),
        participants: Sequence[str] = (),
        everything: bool = False,
    ) -> int:
        """Write what opens private texts, as far as known here; returns how many texts.

        Whoever has the file can prove to anybody what it says.

        Args:
            path: the file to write; only its owner can read it.
            batches: full names; all upstream of them is meant as well.
            facilities: ``participant/identifier``, each with its participant.
            participants: slugs.
            everything: all that is known here, for a machine of one's own.

        Raises:
            UnknownNameError: there is no such batch, facility or participant.
            InputError: nothing is chosen, or the file cannot be written.
        """
        from traceledger.client import disclosure_file as sharing

        self.sync()
        names = self.names()
        if everything:
            found = sharing.collect_all(self.index, self.disclosures)
        elif batches or facilities or participants:
            chosen = sharing.Selection(
                batches=[self.batch_id(name) for name in batches],
                facilities=[names.facility(name, None) for name in facilities],
                participants=[names.participant(name) for name in participants],
            )
            found = sharing.collect(self.index, self.disclosures, chosen)
        else:
            raise InputError(
                "nothing is chosen", hint="name batches, facilities or participants, or choose all"
            )
        sharing.write(Path(path), self.index, found)
        return len(found)

    def import_disclosures(self, path: Path | str) -> Imported:
        """Take over the openings of a file, if each opens what stands on chain; else none of them.

        Raises:
            InputError: the file cannot be read, or a line is not understood.
            VerificationError: an opening opens nothing on this chain, or the file is of another one.
        """
        from traceledger.client import disclosure_file as sharing

        self.sync()
        openings = sharing.read(Path(path), self.index)
        return Imported(len(openings), self.disclosures.add(openings))
