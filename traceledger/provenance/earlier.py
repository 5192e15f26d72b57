"""The earlier lives of products that came back: kept beside a lineage, which stops at them (Rule 9).

Example:
    >>> EarlierEvent(word="mint", block=3, time=1768716000).word
    'mint'
"""

from __future__ import annotations

from collections.abc import Collection

from traceledger.events import BatchTakenBack, RecordedEvent
from traceledger.model.frozen import frozen
from traceledger.names import Names
from traceledger.provenance.lineage import belongs
from traceledger.provenance.nodes import Creation, Node, node_of
from traceledger.provenance.source import Steps
from traceledger.walk import At


@frozen
class EarlierEvent:
    """Something that happened to a product in its first life: in plain words what, and in which block.

    ``time`` is that block's, UTC seconds.
    """

    word: str
    block: int
    time: int


@frozen
class EarlierLife:
    """The first life of a product of which something was made after it came back.

    Attributes:
        batch: its full name.
        batch_id: its id.
        material: its material's slug.
        made_mass_mg: what it was made with, mg.
        mass_mg: what of it came back, mg.
        own_mg: its own CO2e when it came back, mg CO2e; it stays with the first life.
        inherited_mg: the same of what it inherited.
        primary_mg: the part of both from primary data.
        taken_back_by: slug of who took it back.
        taken_back_at: full name of the facility.
        in_error: whether an error was declared in it; one in what it was made of does not count here.
        events: its making and all that happened to it until it was taken back, in chain order; what was
            taken of it for others is left out.
    """

    batch: str
    batch_id: int
    material: str
    made_mass_mg: int
    mass_mg: int
    own_mg: int
    inherited_mg: int
    primary_mg: int
    taken_back_by: str
    taken_back_at: str
    in_error: bool
    events: tuple[EarlierEvent, ...]

    @property
    def total_mg(self) -> int:
        """Own and inherited CO2e together, mg."""
        return self.own_mg + self.inherited_mg


def earlier_lives(
    products: Collection[int], steps: Steps, before: At | None, names: Names
) -> tuple[EarlierLife, ...]:
    """Of products that came back before they were taken of, in the order in which they were made.

    Args:
        products: their keys.
        steps: the source that was walked.
        before: only what stands before is told; ``None``: everything.
        names: how batches and facilities are called.
    """
    made: dict[int, Creation] = {}
    histories = steps.histories(products, before)
    nodes = [node_of(batch, history, made) for batch, history in histories.items()]
    nodes.sort(key=lambda node: node.creation.order)
    lives = [(node, back) for node in nodes if (back := node.take_back)]
    people = {who for node, back in lives for who in (node.creation.creator, back.recycler)}
    names.foresee(facilities={back.facility for _, back in lives}, participants=people)
    return tuple(_life(node, back, names) for node, back in lives)


def _life(node: Node, back: BatchTakenBack, names: Names) -> EarlierLife:
    made, end = node.creation, node.taken_back
    own = [made.at]
    for item in node.later:
        if belongs(item.event, before_last_take=True) and (end is None or item.position <= end):
            own.append(item)
    return EarlierLife(
        batch=names.full(made.creator, made.identifier),
        batch_id=made.batch,
        material=names.material(back.material),
        made_mass_mg=made.mass_mg,
        mass_mg=back.mass_mg,
        own_mg=back.own_mg,
        inherited_mg=back.inherited_mg,
        primary_mg=back.primary_mg,
        taken_back_by=names.slug(back.recycler),
        taken_back_at=names.facility(back.facility),
        in_error=node.declared_in_error,
        events=tuple(_event(item) for item in own),
    )


def _event(item: RecordedEvent) -> EarlierEvent:
    return EarlierEvent(item.event.word, item.block, item.timestamp)
