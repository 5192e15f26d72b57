"""The part of a client that reads: names, standing, traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.client.connection import Connection
from traceledger.errors import UnknownNameError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import parsed_id
from traceledger.operations.directory import Directory

if TYPE_CHECKING:
    from traceledger.model.standing import Standing
    from traceledger.provenance import Trace


@frozen
class Reading:
    """Reads over the index of a connection. ``Client`` says what each method does."""

    connection: Connection

    def batch_id(self, name: str) -> int:
        """Id of a batch by its full name (``creator/identifier``) or its id as 0x text."""
        if (number := parsed_id(name)) is not None:
            if self.connection.index.batch(number) is None:
                raise UnknownNameError(f"there is no batch {name}")
            return number
        return self.connection.names().batch(name, None)

    def finding_id(self, name: str) -> int:
        """Id of a finding by its full name, ``auditor/identifier``."""
        return self.connection.names().finding(name, None)

    def standing(self, participant: str, at: int | None) -> Standing:
        """Whether a participant may act, and if not, why."""
        held = self.connection
        held.refresh()
        address = Directory(held.index).participant(participant)
        return held.index.standing(address, at=held.chain_time() if at is None else at)

    def trace(self, batch: str, as_of: int | None) -> Trace:
        """Where a batch comes from: origins, footprint, recycled content, traced share."""
        from traceledger.provenance import trace

        held = self.connection
        held.refresh()
        with held.index.snapshot():
            return trace(held.disclosed, self.batch_id(batch), as_of=as_of, stages=held.stages)
