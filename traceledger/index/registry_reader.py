"""Reads participants, facilities, materials and approvals. Unknown ones are ``None``, never an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from traceledger.index import rows
from traceledger.index.database import Database
from traceledger.index.disclosure import Disclosure
from traceledger.index.log_reader import LogReader
from traceledger.index.schema import id_blob, split_position
from traceledger.model.batches import Origin
from traceledger.model.registry import Approval, Facility, Material, Participant

_DIGESTS_AT_ONCE = 500
"""Of an SQLite statement's variables: every release takes 999."""


def _operations_of(digests: int) -> str:
    """Operations of that very calldata (one of so many), to that contract, of that address or its keys."""
    return (
        f"operation JOIN thing ON thing.number = sender WHERE digest IN ({', '.join('?' * digests)})"  # noqa: S608
        " AND contract = ? AND (id = ? OR id IN (SELECT address FROM operator WHERE participant = ?))"
    )


class RegistryReader:
    """The registry's side of the index.

    Args:
        database: the index file.
        disclosure: discloses what is read.
    """

    def __init__(self, database: Database, disclosure: Disclosure) -> None:
        self._database = database
        self._disclosure = disclosure
        self._logs = LogReader(database)

    def participant(self, slug: str) -> Participant | None:
        """The participant of that slug."""
        return self._participant("slug = ?", slug)

    def participant_at(self, address: bytes) -> Participant | None:
        """The participant of that address (of its first key; not of a later one)."""
        return self._participant("address = ?", address)

    def participant_of_operator(self, address: bytes) -> Participant | None:
        """The participant to which that key belongs, also once the key is revoked.

        ``address in participant.operators`` tells whether it may still sign.
        """
        return self._participant("address = (SELECT participant FROM operator WHERE address = ?)", address)

    def participants(self) -> list[Participant]:
        """All participants, in the order of their admission."""
        query = f"SELECT {rows.PARTICIPANT} FROM participant ORDER BY position"  # noqa: S608
        keys = defaultdict[bytes, list[bytes]](list)
        added = "SELECT participant, address FROM operator WHERE NOT revoked ORDER BY position"
        for participant, address in self._database.all(added):
            keys[participant].append(address)
        companies = (rows.participant_from(row, tuple(keys[row[0]])) for row in self._database.all(query))
        return [self._disclosure.participant(item) for item in companies]

    def facility(self, participant: bytes, identifier: str) -> Facility | None:
        """The facility that the participant (address) calls ``identifier``."""
        return self._facility("participant = ? AND identifier = ?", participant, identifier)

    def facility_by_id(self, facility: int) -> Facility | None:
        """The facility of that id."""
        return self._facility("id = ?", id_blob(facility))

    def facilities(self, participant: bytes | None = None) -> list[Facility]:
        """All facilities, or those that a participant (address) holds, in the order of their registration."""
        query = f"SELECT {rows.FACILITY} FROM facility WHERE ? IS NULL OR holder = ? ORDER BY position"  # noqa: S608
        found = self._database.all(query, [participant, participant])
        return [self._disclosure.facility(rows.facility_from(row)) for row in found]

    def material(self, slug: str) -> Material | None:
        """The material of that slug."""
        return self._material("slug = ?", slug)

    def material_by_id(self, material: int) -> Material | None:
        """The material of that id."""
        return self._material("id = ?", id_blob(material))

    def materials(self) -> list[Material]:
        """All materials, in the order of their definition."""
        query = f"SELECT {rows.MATERIAL} FROM material ORDER BY position"  # noqa: S608
        return [rows.material_from(row) for row in self._database.all(query)]

    def approvals(self, facility: int | None = None) -> list[Approval]:
        """The approvals that were not withdrawn, of one facility or all, in the order of approval."""
        query = (
            f"SELECT {rows.APPROVAL} FROM approval WHERE capacity <> '0' AND (? IS NULL OR facility = ?)"  # noqa: S608
            " ORDER BY position"
        )
        blob = None if facility is None else id_blob(facility)
        return [rows.approval_from(row) for row in self._database.all(query, [blob, blob])]

    def approval(self, facility: int, material: int, origin: Origin) -> Approval | None:
        """The approval of that facility for that material and origin, if it was not withdrawn."""
        wanted = (material, origin)
        return next(
            (each for each in self.approvals(facility) if (each.material, each.origin) == wanted), None
        )

    def minted_in(self, facility: int, material: int, origin: Origin, year: int) -> int:
        """Mg that a facility minted, or took back, of a material and origin in a calendar year (UTC)."""
        query = "SELECT mass FROM minted WHERE (facility, material, origin, year) = (?, ?, ?, ?)"
        row = self._database.one(query, (id_blob(facility), id_blob(material), int(origin), year))
        return int(row[0]) if row else 0

    def registrations(
        self,
        *,
        participants: Iterable[bytes],
        facilities: Iterable[int],
        materials: Iterable[int],
        as_of: int,
    ) -> list[tuple[int, int]]:
        """Where these were registered, and given other names or countries up to the block ``as_of``.

        Block number and transaction index, in chain order. Unknown ones are left out.
        """
        wanted: list[tuple[str, bytes]] = []
        for participant in participants:
            wanted += [
                ("participant WHERE address = ?", participant),
                ("corrected WHERE facility IS NULL AND participant = ?", participant),
            ]
        for site in map(id_blob, facilities):
            wanted += [("facility WHERE id = ?", site), ("corrected WHERE facility = ?", site)]
        wanted += [("material WHERE id = ?", id_blob(material)) for material in materials]
        said: set[int] = set()
        for place, value in wanted:
            query = f"SELECT position FROM {place}"  # noqa: S608
            said.update(position for (position,) in self._database.all(query, [value]))
        found = {(kept.position >> 24, kept.transaction_index) for kept in self._logs.at(said)}
        return sorted(each for each in found if each[0] <= as_of)

    def operation_count(self, participant: bytes, to: bytes, input: bytes) -> int:  # noqa: A002
        """How many successful transactions carried exactly that calldata to that contract.

        Those of any key that is or was the participant's, and of that very address (which may be no
        participant's, such as the deployer's). Only our contracts are counted.
        """
        return len(self.operation_places(participant, to, input))

    def operation_counts(self, operations: Sequence[tuple[bytes, bytes, bytes]]) -> list[int]:
        """:meth:`operation_count` of many (participant, to, input), for some statements in all."""
        digests = [rows.operation_digest(call) for _, _, call in operations]
        asked: dict[tuple[bytes, bytes], set[bytes]] = {}
        for (participant, to, _), digest in zip(operations, digests, strict=True):
            asked.setdefault((participant, to), set()).add(digest)
        found = {who: self._counts(*who, list(some)) for who, some in asked.items()}
        return [
            found[participant, to].get(digest, 0)
            for (participant, to, _), digest in zip(operations, digests, strict=True)
        ]

    def _counts(self, participant: bytes, to: bytes, digests: Sequence[bytes]) -> dict[bytes, int]:
        """How many operations there are of each digest of which there are any."""
        contracts = self._logs.addresses
        found: dict[bytes, int] = {}
        for start in range(0, len(digests) if to in contracts else 0, _DIGESTS_AT_ONCE):
            some = digests[start : start + _DIGESTS_AT_ONCE]
            query = f"SELECT digest, count(*) FROM {_operations_of(len(some))} GROUP BY digest"  # noqa: S608
            values = (*some, contracts.index(to), participant, participant)
            found.update((bytes(digest), count) for digest, count in self._database.all(query, values))
        return found

    def operation_places(
        self,
        participant: bytes,
        to: bytes,
        input: bytes,  # noqa: A002
    ) -> list[tuple[int, int, bytes]]:
        """Where those stand that :meth:`operation_count` counts, in order, and which key signed each."""
        contracts = self._logs.addresses
        if to not in contracts:
            return []
        found = self._database.all(
            f"SELECT place, id FROM {_operations_of(1)} ORDER BY place",  # noqa: S608
            (rows.operation_digest(input), contracts.index(to), participant, participant),
        )
        return [(*split_position(place), bytes(sender)) for place, sender in found]

    def _participant(self, condition: str, value: Any) -> Participant | None:
        query = f"SELECT {rows.PARTICIPANT} FROM participant WHERE {condition}"  # noqa: S608
        row = self._database.one(query, [value])
        return self._with_operators(row) if row else None

    def _with_operators(self, row: tuple[Any, ...]) -> Participant:
        query = "SELECT address FROM operator WHERE participant = ? AND NOT revoked ORDER BY position"
        operators = tuple(address for (address,) in self._database.all(query, [row[0]]))
        return self._disclosure.participant(rows.participant_from(row, operators))

    def _facility(self, condition: str, *values: Any) -> Facility | None:
        row = self._database.one(f"SELECT {rows.FACILITY} FROM facility WHERE {condition}", values)  # noqa: S608
        return self._disclosure.facility(rows.facility_from(row)) if row else None

    def _material(self, condition: str, value: Any) -> Material | None:
        row = self._database.one(f"SELECT {rows.MATERIAL} FROM material WHERE {condition}", [value])  # noqa: S608
        return rows.material_from(row) if row else None
