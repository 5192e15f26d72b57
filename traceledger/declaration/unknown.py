"""What is not known of a batch: as much part of its declaration as what is.

Example:
    >>> Unknown({}, 0, {}, ("distribution",), 0, {}, ()).stages_without_data
    ('distribution',)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from traceledger.model.commitments import FieldKind, is_commitment
from traceledger.model.frozen import frozen
from traceledger.model.shares import Share
from traceledger.provenance.stages import Stage
from traceledger.provenance.trace import TracedShares

if TYPE_CHECKING:
    from traceledger.declaration.suppliers import Supplier
    from traceledger.events.facts import Text
    from traceledger.provenance import Footprint, RestatedFootprint, Trace


@frozen
class Unknown:
    """What is not known.

    Attributes:
        untraced: by number of the substance, the part that reaches no origin, or reaches it through a batch
            in error; only those of which some does.
        not_measured_mg: the part of the CO2e that is not from primary data, mg.
        without_primary: of it, by place, what records emitted that state no primary data at all, mg.
        stages_without_data: life-cycle stages in which nothing was recorded.
        not_assigned_mg: CO2e that the table of stages names no stage for, mg.
        private_texts: how many texts of the lineage their owners keep private, by kind; those disclosed here
            are not among them.
        without_assessment: short names of companies about which nothing valid is on record.
    """

    untraced: Mapping[int, Share]
    not_measured_mg: int
    without_primary: Mapping[str, int]
    stages_without_data: tuple[str, ...]
    not_assigned_mg: int
    private_texts: Mapping[str, int]
    without_assessment: tuple[str, ...]


def unknown_of(found: Trace, private: Iterable[Text], suppliers: Sequence[Supplier]) -> Unknown:
    """What is not known of a batch.

    Args:
        found: the batch.
        private: the texts of its lineage that are private.
        suppliers: who took part.
    """
    used = found.footprint.used
    return Unknown(
        untraced=dict(_untraced(found.traced)),
        not_measured_mg=max(0, used.total_mg - used.primary_mg),
        without_primary=used.without_primary,
        stages_without_data=tuple(_empty_stages(used)),
        not_assigned_mg=used.by_stage[Stage.NOT_ASSIGNED],
        private_texts=_private(private, suppliers),
        without_assessment=tuple(
            each.participant.slug for each in suppliers if not any(item.valid for item in each.assessments)
        ),
    )


def _untraced(traced: Mapping[int, TracedShares]) -> Iterator[tuple[int, Share]]:
    for number, parts in traced.items():
        units = parts.untraced.units + parts.declared.units + parts.confirmed.units
        if units:
            yield number, Share(units)


def _empty_stages(used: Footprint | RestatedFootprint) -> Iterator[str]:
    for stage in Stage:
        if stage is not Stage.NOT_ASSIGNED and not used.by_stage[stage]:
            yield stage.value


def _private(private: Iterable[Text], suppliers: Iterable[Supplier]) -> dict[str, int]:
    """Each text once, however often it stands in events."""
    texts = {(field.kind, field.text) for field in private}
    for each in suppliers:
        texts.update(_if_private(FieldKind.PARTICIPANT_NAME, each.participant.name))
        for site in each.sites:
            texts.update(_if_private(FieldKind.FACILITY, site.identifier))
            texts.update(_if_private(FieldKind.FACILITY_NAME, site.name))
    counted = Counter(kind.value for kind, _ in texts)
    return dict(sorted(counted.items()))


def _if_private(kind: FieldKind, text: str) -> Iterator[tuple[FieldKind, str]]:
    if is_commitment(text):
        yield kind, text
