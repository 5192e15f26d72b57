"""Recycled content by Article 8's own terms: of a small ledger by hand, and of a large one as sums."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.audit.honest import HonestChain
from tests.audit.told import ToldLedger
from tests.index.support import indexed
from tests.simulator import World
from traceledger.documents import recycled as documents
from traceledger.errors import InputError
from traceledger.model.article_8 import LEAD, MINIMUMS
from traceledger.names import Listed, Names
from traceledger.provenance import lineage, trace_of
from traceledger.provenance.article_8 import Article8, Article8Content, Recovery
from traceledger.provenance.article_8_rules import load_rules, packaged, packaged_text, parsed
from traceledger.provenance.nodes import Creation, node_of
from traceledger.provenance.steps import steps_among, steps_of
from traceledger.reporting.recycled import RecycledReport, Wanted, recycled
from traceledger.walk import ONE

CO, KG = 27, 10**6
MADE = {
    "ore": ["Co", "Pb"],
    "powder": ["Co", "Pb"],
    "cam": ["Co"],
    "can": ["Co"],
    "scrap": ["Co"],
    "slag": ["Co"],
    "cell": ["Co", "Pb"],
}
SITES = {
    "pit": "mine",
    "works": "recycler",
    "refinery": "refinery",
    "cathodes": "factory",
    "cells": "factory",
}


class Told(ToldLedger):
    """A company with a mine, a recycler, and plants for cathodes and cells."""

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        for slug, substances in MADE.items():
            about = {"waste": slug in ("scrap", "slag"), "product": slug == "cell"}
            self.apply(
                {"op": "define_material", "material": slug, "name": slug, "substances": substances} | about
            )
        company = {"participant": "co", "name": "Co", "country": "SE", "roles": ["producer"]}
        self.apply({"op": "register_participant"} | company)
        for site, kind in SITES.items():
            self.apply(
                {"op": "register_facility", "as": "co", "facility": site, "kind": kind, "country": "SE"}
            )
        for site, origin in (("pit", "mined"), ("works", "post_consumer"), ("works", "pre_consumer")):
            self.approve(site, origin)
        self.approve("cells", "untraced")

    def approve(self, site: str, origin: str) -> None:
        terms = {"material": "ore", "origin": origin, "capacity_per_year": "900 t"}
        self.apply({"op": "approve_origin", "facility": f"co/{site}"} | terms)

    def record(self, op: str, **more: Any) -> None:
        self.day += 1
        year = more.pop("year", 2031)
        moment = f"{year}-01-01T{self.day // 60:02}:{self.day % 60:02}:00Z"
        self.apply({"op": op, "as": "co", "at": moment} | more)

    def bring(self, batch: str, site: str, origin: str, cobalt: int, **more: int) -> None:
        substances = {"Co": cobalt} | more
        about = {"material": "ore", "facility": site, "origin": origin, "mass": 100 * KG}
        self.record("mint", batch=batch, substances=substances, **about)

    def make(
        self, name: str, site: str, process: str, inputs: list[str], *outputs: tuple[Any, ...], **more: Any
    ) -> None:
        """Inputs are taken whole; an output is its name, material and what it holds."""
        made = [
            {"batch": batch, "material": material, "mass": 10 * KG, "substances": held}
            for batch, material, held in outputs
        ]
        lots = [{"batch": each} for each in inputs]
        self.record(
            "transform",
            transformation=name,
            facility=site,
            process=process,
            inputs=lots,
            outputs=made,
            **more,
        )

    def report(self, *materials: str, rules: str | None = None, **more: Any) -> RecycledReport:
        said = None if rules is None else parsed(rules, "rules.toml")
        return recycled(self, Wanted(materials or ("cell",), **more), said)

    def cobalt(self, *materials: str, **more: Any) -> Article8Content:
        (row,) = (each for each in self.report(*materials, **more).rows if each.content.substance == CO)
        return row.content


@pytest.fixture
def told() -> Told:
    """A cell with cobalt from everywhere: mined, recycled in all ways, untraced, and in its can."""
    ledger = Told()
    for batch, cobalt in (("M1", 4), ("M2", 2), ("M3", 4)):
        ledger.bring(batch, "pit", "mined", cobalt * KG)
    ledger.bring("P1", "works", "post_consumer", KG)
    ledger.bring("P2", "works", "post_consumer", KG)
    ledger.bring("Q", "works", "pre_consumer", KG)
    ledger.bring("U", "cells", "untraced", KG)
    ledger.make("CAM-1", "cathodes", "cathode", ["M1"], ("CAM-1", "cam", {"Co": 4 * KG}))
    cell, scrap = ("CELL-1", "cell", {"Co": 2 * KG}), ("SCRAP", "scrap", {"Co": 2 * KG})
    ledger.make("CELL-1", "cells", "Cell production", ["CAM-1"], cell, scrap, year=2030)
    ledger.record("split", batch="SCRAP", into=[{"batch": "HOME", "mass": 5 * KG}])
    metal, slag = ("M4", "powder", {"Co": 3 * KG}), ("SLAG", "slag", {"Co": KG})
    ledger.make("REF", "refinery", "refining", ["M3"], metal, slag)
    back = ("R", "powder", {"Co": 2 * KG})
    ledger.make("REC", "works", "recycling", ["SCRAP", "SLAG"], back, recycling=True)
    ledger.make("CAM-2", "cathodes", "cathode", ["M2", "P1", "Q", "R"], ("CAM-2", "cam", {"Co": 6 * KG}))
    ledger.make("CAN", "cathodes", "casing", ["P2"], ("CAN", "can", {"Co": KG}))
    ledger.make(
        "CELL-2",
        "cells",
        "cell production",
        ["CAM-2", "CAN", "U", "HOME"],
        ("CELL-2", "cell", {"Co": 9 * KG}),
    )
    return ledger


def test_what_counts_by_hand(told: Told) -> None:
    found = told.cobalt(years=(2031,))
    # Of its 9 kg 6 are of the cathode, 1 of its can, 1 that nobody can show, 1 home scrap that was mined.
    assert found.mass_mg == 9 * KG
    assert found.elsewhere == KG * ONE
    assert found.base == 8 * KG * ONE
    # 1 kg was used goods, 1 kg scrap of cells; slag and what a recycler minted as pre-consumer do not count.
    assert found.counted == 2 * KG * ONE
    assert found.share == Fraction(2, 8)
    assert found.masses_mg == {
        Recovery.POST_CONSUMER: KG,
        Recovery.BATTERY_MANUFACTURING: KG,
        Recovery.OTHER_PRE_CONSUMER: 2 * KG,
        Recovery.NOT_RECOVERED: 3 * KG,
        Recovery.UNTRACED: KG,
        Recovery.REUSED: 0,
        Recovery.IN_ERROR: 0,
    }
    assert sum(part.weight for part in found.parts) == 9 * KG * ONE
    said = {part.origin: documents.why_not(part) for part in found.uncounted}
    assert said == {
        "co/P2": "it is in no active material",
        "co/Q": "nothing shows that it is battery manufacturing waste",
        "co/SLAG": "nothing shows that it is battery manufacturing waste",
    }


def test_rules_say_what_the_ledger_does_not(told: Told) -> None:
    rules = packaged_text().replace(
        "[battery_manufacturing_waste.facility]", '[battery_manufacturing_waste.facility]\n"co/works" = true'
    )
    assert told.cobalt(years=(2031,), rules=rules).counted == 3 * KG * ONE  # with what the recycler minted
    rules = packaged_text().replace(
        "[battery_manufacturing_waste.material]", '[battery_manufacturing_waste.material]\n"scrap" = false'
    )
    assert told.cobalt(years=(2031,), rules=rules).counted == KG * ONE
    nothing = told.cobalt(years=(2031,), rules="")
    assert (nothing.counted, nothing.base) == (0, 9 * KG * ONE)
    can = packaged_text().replace('"casing" = false', '"casing" = true')
    assert told.cobalt(years=(2031,), rules=can).share == Fraction(3, 9)


def test_all_batches_of_a_plant_and_a_year_together(told: Told) -> None:
    told.bring("P3", "works", "post_consumer", KG)
    told.make("CAM-3", "cathodes", "cathode", ["P3"], ("CAM-3", "cam", {"Co": KG}))
    told.make("CELL-3", "cells", "cell production", ["CAM-3"], ("CELL-3", "cell", {"Co": KG}))
    found = told.report(years=(2031,)).of("cell", "co/cells", 2031, CO)
    assert found is not None
    assert found.batches == ("co/CELL-2", "co/CELL-3")
    assert found.share == Fraction(3, 9)
    assert {row.year for row in told.report().rows} == {2030, 2031}
    assert told.report().of("cell", "co/cells", 2030, CO).share == 0  # type: ignore[union-attr]
    document = documents.recycled(told.report(years=(2031,)), "basis")
    (row,) = document["recycled"]
    assert row["exact"]["counted"] == str(3 * KG * ONE)
    assert row["meets"] == {"2031": True, "2036": True}
    assert row["batch_names"] == ["co/CELL-2", "co/CELL-3"]


def test_what_is_wrong_does_not_count(told: Told) -> None:
    told.record("declare_error", batch="P1", reason="incorrect_data")
    found = told.cobalt(years=(2031,))
    assert found.counted == KG * ONE
    assert (found.base, found.of(Recovery.IN_ERROR)) == (8 * KG * ONE, KG * ONE)
    told.record("declare_error", batch="SCRAP", reason="incorrect_data")
    assert told.cobalt(years=(2031,)).counted == 0
    told.record("declare_error", batch="CELL-2", reason="incorrect_data")
    report = told.report(years=(2031,))
    assert (report.rows, report.in_error) == ((), ("co/CELL-2",))


def test_what_was_reversed_was_not_made(told: Told) -> None:
    told.record("reverse", of={"transformation": "CELL-2"}, reason="incorrect_data")
    assert told.report(years=(2031,)).rows == ()


def test_lead_counts_whatever_waste_and_wherever_it_is() -> None:
    told = Told()
    told.bring("M", "pit", "mined", 0, Pb=KG)
    told.bring("Q", "works", "pre_consumer", 0, Pb=3 * KG)
    told.make("CELL", "cells", "casting", ["M", "Q"], ("CELL", "cell", {"Pb": 4 * KG}))
    (row,) = told.report().rows
    assert row.content.substance == LEAD
    assert row.share == Fraction(3, 4)
    assert documents.meets(row.share, MINIMUMS[LEAD].percent(2031)) is False


def test_a_minimum_is_met_exactly_or_not_at_all() -> None:
    assert documents.meets(Fraction(16, 100), 16)
    assert documents.meets(Fraction(16 * 10**30 - 1, 10**32), 16) is False
    assert documents.meets(None, 16) is None


def test_sums_of_a_large_ledger() -> None:
    chain = HonestChain(21)
    slugs = tuple(each.slug for each in chain.ledger.materials() if not each.waste)
    report = recycled(chain.ledger, Wanted(slugs))
    assert report.rows
    for row in report.rows:
        content = row.content
        assert sum(part.weight for part in content.parts) == content.mass_mg * ONE
        assert sum(content.masses_mg.values()) == content.base_mg
        assert 0 <= content.counted <= content.base <= content.mass_mg * ONE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "not valid TOML"),
        ("[battery]", "'battery' is no table of these rules"),
        ("[active_material.colour]", "'colour' is no table"),
        ("active_material = 3", "it is not a table of tables"),
        ("[active_material]\nprocess = 3", "it is not a table"),
        ('[active_material.process]\n"cathode" = "yes"', "neither true nor false"),
        ('[active_material.kind]\n"Mine" = true\n"mine" = true', "'mine' is there twice"),
    ],
)
def test_rules_that_cannot_be_understood(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        load_rules(file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)


def test_what_there_is_not_is_refused(told: Told, tmp_path: Path) -> None:
    for wanted in (Wanted(("cel",)), Wanted(facilities=("co/nowhere",))):
        with pytest.raises(InputError, match="there is no"):
            recycled(told, wanted)
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# é".encode("latin-1"))
    with pytest.raises(InputError, match="not valid UTF-8"):
        load_rules(latin)
    assert load_rules(None) is packaged()


def test_only_what_the_models_are_made_of_is_read(told: Told) -> None:
    read: list[int] = []

    class Watched:
        """The ledger, and which histories were asked for."""

        def __getattr__(self, name: str) -> Any:
            return getattr(told, name)

        def histories(self, batches: Any, **more: Any) -> Any:
            read.extend(batches)
            return told.histories(batches, **more)

    told.bring("ELSEWHERE", "pit", "mined", KG)
    whole = told.report(years=(2031,))
    assert recycled(Watched(), Wanted(("cell",), years=(2031,))) == whole
    assert len(read) == len(set(read))
    assert told.lot("co/ELSEWHERE").id not in read


def test_a_part_that_was_split_off_has_what_it_was_split_off(told: Told) -> None:
    told.record("split", batch="CELL-2", into=[{"batch": "HALF", "mass": 5 * KG}])
    made: dict[int, Creation] = {}
    batches = [batch.id for batch in told.batches()]
    nodes = {each: node_of(each, story, made) for each, story in told.histories(batches).items()}
    names = Names(Listed(told.participants(), told.facilities(), told.materials()))
    counting = Article8(nodes, steps_among(nodes), names, packaged())
    found = counting.content([told.lot("co/HALF").id], CO)
    assert found.share == Fraction(2, 8)
    assert found.mass_mg == 4_500_000


@pytest.mark.parametrize("seed", range(2))
def test_origins_are_those_of_traces(seed: int, tmp_path: Path) -> None:
    """Without errors on the way, what was recovered is what a trace says is recycled."""
    world = World(seed, companies=4).run(80)
    rules = parsed("", "rules.toml")
    compared = 0
    with indexed(tmp_path / "index.db", world) as index:
        for batch in index.batches():
            found = lineage(index, batch.id)
            told_of = trace_of(found, index)
            if found.tainted or found.reversed_by is not None:
                continue
            counting = Article8(found.told, steps_of(found), Names(index), rules)
            for number, recycled_ in told_of.recycled_content.items():
                content = counting.content([batch.id], number)
                if not content.mass_mg:
                    continue
                compared += 1
                shares = {kind: Fraction(content.of(kind), content.mass_mg * ONE) for kind in Recovery}
                other = shares[Recovery.BATTERY_MANUFACTURING] + shares[Recovery.OTHER_PRE_CONSUMER]
                near = Fraction(1, 10**12)
                assert (
                    abs(shares[Recovery.POST_CONSUMER] - Fraction(str(float(recycled_.post_consumer)))) < near
                )
                assert abs(other - Fraction(str(float(recycled_.pre_consumer)))) < near
                assert sum(part.weight for part in content.parts) == content.mass_mg * ONE
    assert compared
