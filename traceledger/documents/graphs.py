"""The JSON of a lineage as what it can be drawn from: each batch with where it was made and of what.

Parents and runs are places in the lists, so that ten thousand batches stay a document of some megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from traceledger.documents.lineage import made_by, made_co2e
from traceledger.events import BatchMinted, BatchSplit, Transformed
from traceledger.model.commitments import FieldKind
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names
from traceledger.provenance import Creation, Lineage, StageTable
from traceledger.provenance.places import own_stage
from traceledger.replay.emissions import occurred_where

if TYPE_CHECKING:
    from traceledger.index import IndexReader


def graph(found: Lineage, index: IndexReader, stages: StageTable) -> dict[str, Any]:
    """A lineage's batches in the order in which they were made, and the runs that made them.

    Args:
        found: the lineage.
        index: names what is in it.
        stages: which stage of life a process or kind of facility belongs to.
    """
    return _Drawable(found, index, stages).document()


@frozen
class _Made:
    """Where a batch was made, of what material, in which stage."""

    material: int
    facility: int
    stage: str


class _Drawable:
    def __init__(self, found: Lineage, index: IndexReader, stages: StageTable) -> None:
        self._found = found
        self._index = index
        self._stages = stages
        self._names = Names(index)
        self._places = {batch: place for place, batch in enumerate(found.nodes)}
        self._made: dict[int, _Made] = {}
        self._runs: dict[int, int] = {}
        self._run_rows: list[dict[str, Any]] = []

    def document(self) -> dict[str, Any]:
        made = [node.creation for node in self._found.nodes.values()]
        people, sites = {each.creator for each in made}, {each.facility for each in made if each.facility}
        self._names.foresee(participants=people, facilities=sites)
        rows = [self._row(each) for each in made]
        asked = rows[self._places[self._found.batch]]
        return {
            "batch": asked["batch"],
            "id": asked["id"],
            "direction": self._found.direction.value,
            "as_of": self._found.as_of,
            "batches": rows,
            "runs": self._run_rows,
        }

    def _row(self, made: Creation) -> dict[str, Any]:
        known = self._made[made.batch] = self._known(made)
        site = self._names.site(known.facility)
        return {
            "batch": self._names.full(made.creator, made.identifier),
            "id": id_text(made.batch),
            "material": self._names.material(known.material),
            "participant": self._names.slug(made.creator),
            "facility": self._names.facility(known.facility),
            "country": site.country if site else "",
            "stage": known.stage,
            "made_by": made_by(made),
            "made_at": made.event.occurred_at,
            "made_mass_mg": str(made.mass_mg),
            "made_co2e_mg": str(made_co2e(made)),
            "declared_in_error": self._found.nodes[made.batch].declared_in_error,
            "parents": [self._places[each] for each in made.parents if each in self._places],
            "run": self._run(made),
        }

    def _known(self, made: Creation) -> _Made:
        """Of a split child its parent's, which the lineage has or, behind a taken-back product, the index."""
        match made.event:
            case BatchSplit(parent=parent):
                return self._made[parent] if parent in self._made else self._read(parent)
            case BatchMinted() | Transformed():
                where = occurred_where(made.event, None)
                stage = own_stage(made.event, where, self._names, self._stages, came_back=False)
                return _Made(made.material or 0, made.facility or 0, stage.value)
            case _:
                assert_never(made.event)

    def _read(self, batch: int) -> _Made:
        known = self._index.batch(batch)
        if known is None:
            return _Made(0, 0, self._stages.stage("", "").value)
        site = self._names.site(known.facility)
        stage = self._stages.stage("", site.kind if site else "")
        return _Made(known.material, known.facility, stage.value)

    def _run(self, made: Creation) -> int | None:
        if not isinstance(made.event, Transformed):
            return None
        run = made.event.transformation
        if run not in self._runs:
            self._runs[run] = len(self._run_rows)
            named = self._names.private(
                FieldKind.TRANSFORMATION, made.event.participant, made.event.identifier
            )
            self._run_rows.append({"run": named, "process": made.event.process})
        return self._runs[run]
