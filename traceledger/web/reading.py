"""What a view reads: the index as of one block, names, and the time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from traceledger.errors import UnknownNameError
from traceledger.interop.masterdata import MasterData
from traceledger.model.hexadecimal import parsed_id
from traceledger.operations.directory import Directory
from traceledger.private.store import Drafts
from traceledger.web.kept import Kept
from traceledger.web.settings import Limits, Reports

if TYPE_CHECKING:
    from traceledger.config.networks import Network
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.index.reading import IndexReader
    from traceledger.index.store import Index
    from traceledger.model.batches import Batch
    from traceledger.private.store import Disclosures
    from traceledger.provenance.stages import StageTable
    from traceledger.web.exports import Prover
    from traceledger.web.following import Following
    from traceledger.web.pact.service import PactService

KEPT = 12
"""How many computed values a server keeps: laid out lineages, audits, and what reports are made of."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest block in the index.

    Attributes:
        block: its number; ``None``: there is none yet.
        hash: its hash.
        changed: UTC seconds of the newest block that changed anything; 0 where none did.
    """

    block: int | None
    hash: bytes
    changed: int


@dataclass(frozen=True)
class Reading:
    """One snapshot of the index: everything read through it belongs to one block.

    Attributes:
        index: as it stands on chain; with private texts disclosed where the reader may see them.
        head: its newest block.
        network: whose index it is.
        stages: which life-cycle stage is whose.
        now: UTC seconds, by which terms are overdue and certificates valid; after all that is in the index.
        following: how the chain is followed.
        prover: makes proof files; ``None``: this server makes none.
        disclosures: what opens private texts, where the reader may see them.
        kept: what took long to compute, for all who read.
        limits: how much an answer may be.
        reports: what emissions are compared with where nobody says it.
        masterdata: what a company says that the ledger does not know.
        pact: what the PACT API has one of; ``None``: it is not served.
    """

    index: Index | DisclosedIndex
    head: Head
    network: Network
    stages: StageTable
    now: int
    following: Following
    prover: Prover | None = None
    disclosures: Disclosures | None = None
    kept: Kept = field(default_factory=lambda: Kept(KEPT))
    limits: Limits = field(default_factory=Limits)
    reports: Reports = field(default_factory=Reports)
    masterdata: MasterData = field(default_factory=MasterData.empty)
    pact: PactService | None = None

    @cached_property
    def directory(self) -> Directory:
        """Names to ids; private names too, where the reader may see them."""
        private = None if self.disclosures is None else Drafts(self.disclosures)
        return Directory(self.index, private=private)

    @property
    def contracts(self) -> dict[bytes, str]:
        """What the contracts of the network are called, by their addresses."""
        return {address: name for name, address in self.network.deployed().by_name.items()}

    @property
    def disclosed(self) -> Mapping[str, str]:
        """By its commitment, each private text that was read so far."""
        return getattr(self.index, "disclosed", {})

    def batch(self, name: str) -> Batch:
        """A batch by its full name, or its id as 0x text.

        Raises:
            UnknownNameError: there is no such batch.
        """
        number = parsed_id(name)
        found = self.index.batch(self.directory.batch(name, None) if number is None else number)
        if found is None:
            raise UnknownNameError(f"there is no batch {name}", hint="/batches lists them")
        return found


def head_of(index: IndexReader) -> Head:
    """The newest block of an index, as it is read now."""
    row = index.database.one("SELECT block, hash FROM cursor")
    if row is None:
        return Head(None, b"", 0)
    return Head(row[0], row[1], index.time_of())


def minute(seconds: float | None = None) -> int:
    """The time, by default now, down to the minute: answers within one are the same."""
    return int(time.time() if seconds is None else seconds) // 60 * 60
