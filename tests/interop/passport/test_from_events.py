"""What a sidecar names is enough: figures are computed again from the named events, and from proof files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of
from tests.events_only import EventsOnly
from tests.interop.passport.conftest import STAGES, battery_of
from traceledger.events import RecordedEvent
from traceledger.index.reading import IndexReader
from traceledger.index.schema import join_position
from traceledger.interop import masterdata
from traceledger.interop.carbon import average, figures_of
from traceledger.interop.passport.access import Reader
from traceledger.interop.passport.batteries import Battery, Per
from traceledger.interop.passport.formats import FORMATS
from traceledger.interop.passport.making import passport
from traceledger.interop.passport.writing import Wanted, write_folder
from traceledger.model.hexadecimal import id_text
from traceledger.names import Names
from traceledger.proofs import verify
from traceledger.provenance import lineage, trace
from traceledger.provenance.article_8 import Article8, Recovery
from traceledger.provenance.article_8_rules import packaged
from traceledger.provenance.steps import steps_among
from traceledger.storage import json_text


class Named(EventsOnly):
    """The named events and no others, with the registry's names."""

    def __init__(self, ledger: IndexReader, references: Sequence[str]) -> None:
        super().__init__(ledger)
        positions = [join_position(*map(int, each.split("/"))) for each in references]
        found = ledger.many.events(positions)
        self.events = [found[each] for each in sorted(positions)]

    def head_block(self) -> int:
        return self.events[-1].block

    def histories(
        self, batches: Sequence[int], *, as_of: int | None = None, takes: bool = True
    ) -> Mapping[int, tuple[RecordedEvent, ...]]:
        del as_of, takes
        told = {
            each: tuple(
                item for item in self.events if any(batch == each for batch, _ in item.event.concerns)
            )
            for each in batches
        }
        return {each: history for each, history in told.items() if history}


def _events_of(made: Any, pointer: str) -> list[str]:
    (found,) = (each["events"] for each in made.sidecar["values"] if each["pointer"] == pointer)
    return list(found)


@pytest.mark.parametrize("per", list(Per))
def test_the_footprint_from_the_named_events(
    battery: Battery, client: Any, known: masterdata.MasterData, per: Per
) -> None:
    battery = battery if per is Per.MODEL else battery_of(client, "gothia/PACK-0003", known, per)
    made = passport(battery, FORMATS["batterypass-carbon-footprint"], Reader.PUBLIC)
    source = Named(battery.ledger, _events_of(made, "/absoluteCarbonFootprint"))
    lots = [lot.batch.id for lot in battery.averaged]
    traced = [trace(source, lot, stages=STAGES) for lot in lots]
    masses = [each.made_mass_mg for each in traced]
    figures = average([figures_of(lineage(source, lot), source, STAGES) for lot in lots], masses)
    exact = figures.whole.total / len(lots) / 10**6
    shown = Fraction(Decimal(str(made.exported.document["absoluteCarbonFootprint"])))
    assert abs(shown - exact) <= Fraction(1, 10**11)


def test_a_products_footprint_from_the_named_events(battery: Battery) -> None:
    made = passport(battery, FORMATS["catenax-pcf"], Reader.COMPLETE)
    place = "/productLifeCycleStagesAndEmissions/0/productionStage/0/pcfExcludingBiogenicUptake"
    source = Named(battery.ledger, _events_of(made, place))
    lots = [lot.batch.id for lot in battery.averaged]
    masses = [trace(source, lot, stages=STAGES).made_mass_mg for lot in lots]
    figures = average([figures_of(lineage(source, lot), source, STAGES) for lot in lots], masses)
    stage = made.exported.document["productLifeCycleStagesAndEmissions"][0]["productionStage"][0]
    shown = Fraction(Decimal(str(stage["pcfExcludingBiogenicUptake"])))
    assert abs(shown - figures.gate.total / len(lots) / 10**6) <= Fraction(1, 10**10)


def test_recycled_content_from_the_named_events(battery: Battery) -> None:
    made = passport(battery, FORMATS["batterypass-circularity"], Reader.PUBLIC)
    for place, each in enumerate(made.exported.document["recycledContent"]):
        source = Named(battery.ledger, _events_of(made, f"/recycledContent/{place}/postConsumerShare"))
        nodes = {}
        for lot in battery.averaged:
            nodes |= lineage(source, lot.batch.id).nodes
        ordered = dict(sorted(nodes.items(), key=lambda pair: pair[1].creation.order))
        counting = Article8(ordered, steps_among(ordered), Names(source), packaged())
        metal = {"Cobalt": 27, "Nickel": 28, "Lithium": 3}[each["recycledMaterial"]]
        content = counting.content([lot.batch.id for lot in battery.averaged], metal)
        exact = Fraction(content.of(Recovery.POST_CONSUMER) * 100, content.base)
        assert abs(Fraction(Decimal(str(each["postConsumerShare"]))) - exact) <= Fraction(1, 10**12)


def test_proof_files_beside_it_prove_every_named_event(
    example: Path, known: masterdata.MasterData, tmp_path: Path
) -> None:
    with client_of(example) as client:
        battery = battery_of(client, "gothia/PACK-0001", known, Per.BATTERY)
        form = FORMATS["batterypass-carbon-footprint"]

        def prove(batch: int, path: Path, block: int) -> None:
            client.export_proof(id_text(batch), path, block=block)

        told = write_folder(battery, Wanted([form], [Reader.PUBLIC], prove=prove), tmp_path / "out")
        root = client.trust_root()
    sidecar = json_text.loads((tmp_path / "out" / f"{form.name}.public.sources.json").read_bytes())
    assert sidecar["proofs"] == told["proofs"]
    (proof,) = sidecar["proofs"]
    content = (tmp_path / "out" / proof["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == proof["sha256"]
    verified = verify(tmp_path / "out" / proof["file"], proof["batch"], root)
    assert verified.trace.footprint.used.total_mg == battery.carbon.whole.total
    document = (tmp_path / "out" / sidecar["document"]).read_bytes()
    assert hashlib.sha256(document).hexdigest() == sidecar["sha256"]
