"""Whom and what a lineage names: the participants, facilities and materials whose registration a proof holds.

Exporter and verifier ask the same function, so that nothing is missing and nothing superfluous.
"""

from __future__ import annotations

from dataclasses import dataclass

from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import id_text
from traceledger.provenance import Lineage, Source
from traceledger.provenance.titles import owner_of


@dataclass(frozen=True, slots=True)
class Concerned:
    """Addresses of participants, and ids of facilities and materials."""

    participants: frozenset[bytes]
    facilities: frozenset[int]
    materials: frozenset[int]


def concerned(upstream: Lineage, source: Source) -> Concerned:
    """Everyone and everything that a lineage, up, names.

    Args:
        upstream: the lineage.
        source: knows the facilities.

    Raises:
        VerificationError: a facility is not registered there.
    """
    creations = [node.creation for node in upstream.nodes.values()]
    lives = [node.take_back for node in upstream.nodes.values() if node.take_back is not None]
    facilities = {each.facility for each in creations if each.facility is not None}
    facilities.update(each.facility for each in lives)
    # What was added to a batch that was put back is told by whoever had split it off.
    people = {node.creation.creator for node in upstream.replayed.values()}
    for facility in facilities:
        found = source.facility_by_id(facility)
        if found is None:
            raise VerificationError(f"the registration of facility {id_text(facility)} is missing")
        people.add(found.participant)
    # The only party to the making of a batch is who made it.
    for recorded in upstream.happened:
        people.update(recorded.event.parties)
    # V6: an owner need hold nothing, and may be named at an offer only.
    if (owner := owner_of(upstream)) is not None:
        people.add(owner)
    return Concerned(
        participants=frozenset(people),
        facilities=frozenset(facilities),
        materials=frozenset(
            {each.material for each in creations if each.material is not None}
            | {each.material for each in lives}
        ),
    )
