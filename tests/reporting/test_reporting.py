"""Reports add up to everything that was emitted, group by group, and know what a target allows."""

from __future__ import annotations

import csv
import io
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.audit.frauds import FRAUDS
from tests.audit.honest import HonestChain
from tests.audit.told import ToldLedger
from tests.index.support import indexed
from tests.lots import address_of
from tests.simulator import World
from traceledger.cli import main
from traceledger.client.client import connect
from traceledger.config.networks import write_template
from traceledger.errors import InputError
from traceledger.events import (
    BatchMinted,
    EmissionsAdded,
    MintReversed,
    RestatementConfirmed,
    ShipmentOffered,
    TransformationReversed,
    Transformed,
)
from traceledger.provenance import Direction, footprint, lineage
from traceledger.provenance.stages import packaged
from traceledger.replay import year_of
from traceledger.reporting import (
    GROUPINGS,
    Records,
    Request,
    Target,
    collect,
    load_departments,
    path_to,
    report,
)

ROOT = Path(__file__).resolve().parents[2]
T = 10**9


def emitted_by(world: World) -> int:
    """All own emissions of a simulated world, from the facts that its simulator kept."""
    total = 0
    for happening in world.happenings:
        facts = happening.facts
        total += sum(facts.get("emissions", ())[:3])
        total += sum(sum(part[:3]) for part in facts.get("parts", {}).values())
        total += sum(sum(output[1][:3]) for output in facts.get("outputs", ()))
    return total


@pytest.fixture(scope="module")
def chain() -> HonestChain:
    return HonestChain(21)


@pytest.fixture(scope="module")
def records(chain: HonestChain) -> Records:
    return collect(chain.ledger, packaged())


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("by", GROUPINGS)
def test_groups_and_errors_add_up_to_the_chain(seed: int, by: str, tmp_path: Path) -> None:
    world = World(seed, companies=4).run(90)
    with indexed(tmp_path / "index.db", world) as index:
        records = collect(index, packaged() if by == "stage" else None)
    assert sum(item.emissions.total_mg for item in records.emitted) == emitted_by(world)
    counted = apart = 0
    for year in records.years:
        found = report(records, Request(year, by=by))
        total = found.total[year]
        assert sum(row.figures[year].total_mg for row in found.rows) == total.total_mg
        if by != "scope":
            assert sum(row.figures[year].primary for row in found.rows) == total.primary
            assert sum(row.figures[year].output_mg for row in found.rows) == total.output_mg
        counted += total.total_mg
        apart += found.in_error[year].total_mg
    assert counted + apart == emitted_by(world)


def test_honest_chain_adds_up_over_its_years(chain: HonestChain, records: Records) -> None:
    gases = [event.emissions for event in counted(chain)]
    whole, primary = sum(each.total_mg for each in gases), sum(each.primary for each in gases)
    reports = [report(records, Request(year)) for year in records.years]

    assert len(reports) >= 2
    assert whole == sum(
        found.total[found.year].total_mg + found.in_error[found.year].total_mg for found in reports
    )
    assert primary == sum(
        found.total[found.year].primary + found.in_error[found.year].primary for found in reports
    )
    assert sum(found.in_error[found.year].total_mg for found in reports) > 0


def counted(chain: HonestChain) -> list[Any]:
    """What emitted: nothing that was reversed; of the restated mint, what was confirmed."""
    gone = {e.batch for e in chain.ledger.told if isinstance(e, MintReversed)}
    gone |= {e.transformation for e in chain.ledger.told if isinstance(e, TransformationReversed)}
    confirmed = {e.record: e for e in chain.ledger.told if isinstance(e, RestatementConfirmed)}
    found = []
    for event in chain.ledger.told:
        name = getattr(event, "transformation", getattr(event, "batch", None))
        if (
            isinstance(event, BatchMinted | Transformed | ShipmentOffered | EmissionsAdded)
            and name not in gone
        ):
            found.append(confirmed.get(event.batch, event) if isinstance(event, BatchMinted) else event)
    return found


def test_what_was_restated_counts_as_restated(chain: HonestChain, records: Records) -> None:
    (confirmed,) = [e for e in chain.ledger.told if isinstance(e, RestatementConfirmed)]
    minted = next(e for e in chain.ledger.told if e.makes and e.makes[0].batch == confirmed.record)
    year, change = year_of(minted.occurred_at), confirmed.emissions.total_mg - minted.emissions.total_mg
    assert change < 0
    assert report(records, Request(year)).restated_mg[year] == change
    others = report(records, Request(year, participant=address_of("kokkola")))
    assert others.restated_mg[year] == 0


def test_waste_that_bears_co2e_is_listed_by_facility() -> None:
    chain = HonestChain(4, cycles=1)
    assert FRAUDS["pour_it_into_slag"][1](chain)[0] == "batch"
    records = collect(chain.ledger)
    run = next(e for e in reversed(chain.ledger.told) if isinstance(e, Transformed))
    (slag,) = [made for made in run.outputs if made.waste]
    (row,) = report(records, Request(year_of(run.occurred_at))).waste
    assert (row.facility, row.made_mg) == ("kokkola/refinery", slag.own_mg + slag.inherited_mg)
    assert row.left_mg == row.made_mg > 0
    assert report(records, Request(year_of(run.occurred_at), participant=address_of("oem"))).waste == ()


def test_nothing_inherited_is_counted(chain: HonestChain, records: Records) -> None:
    """Cars inherit nearly all of their footprint; the report has only what their plant emitted."""
    cars = [e for e in chain.ledger.told if any(made.creator == address_of("oem") for made in e.makes)]
    year = year_of(cars[-1].occurred_at)
    found = report(records, Request(year, participant=address_of("oem")))
    own = sum(made.own_mg for event in cars if year_of(event.occurred_at) == year for made in event.makes)
    assert found.total[year].total_mg == own > 0
    assert found.participant == "oem"


def test_intensities_divide_by_output_and_by_cars(chain: HonestChain, records: Records) -> None:
    year = records.years[0]
    found = report(records, Request(year, by="participant"))
    cars = [op for op in chain.ledger.ops if op.get("process") == "vehicle assembly"]
    made = sum(len(op["outputs"]) for op in cars if year_of(op["at"]) == year)
    total = found.total[year]

    assert total.products == made > 0
    assert total.per_product_mg == total.total_mg // made
    for row in found.rows:
        figures = row.figures[year]
        assert figures.products == made
        if figures.output_mg:
            assert figures.per_tonne_mg == figures.total_mg * T // figures.output_mg
        else:
            assert figures.per_tonne_mg is None
    refiner = next(row for row in found.rows if row.group == "kokkola").figures[year]
    runs = [op for op in chain.ledger.ops if op.get("as") == "kokkola" and op["op"] == "transform"]
    gone = {op["of"].get("transformation") for op in chain.ledger.ops if op["op"] == "reverse"}
    assert refiner.output_mg == sum(
        output["mass"]
        for op in runs
        if year_of(op["at"]) == year and op["transformation"] not in gone
        for output in op["outputs"]
        if output["material"] != "cobalt-slag"
    )


def test_groups_are_called_as_documented(records: Records, tmp_path: Path) -> None:
    year = records.years[0]

    def groups(by: str, **more: object) -> set[str]:
        return {row.group for row in report(records, Request(year, by=by, **more)).rows}  # type: ignore[arg-type]

    assert {"katanga/pit-4", "kokkola/refinery", "kokkola (transport)"} <= groups("facility")
    assert {"mine", "refinery", "factory", "transport"} <= groups("department")
    assert groups("scope") == {"scope1", "scope2", "scope3"}
    assert {"mining", "refining", "transport", "vehicle assembly"} <= groups("process")
    names = tmp_path / "departments.toml"
    names.write_text(
        '[departments]\n"oem/assembly" = "Final assembly"\n"kokkola (transport)" = "Sea"', "utf-8"
    )
    assert {"Final assembly", "Sea", "transport"} <= groups("department", departments=load_departments(names))


def test_custody_at_home_and_away_are_told_apart() -> None:
    chain = HonestChain(2, cycles=1)
    lot = chain.cobalt()
    for slug, batch in (("kokkola", lot), ("katanga", chain.mint("katanga", "cobalt-hydroxide", T))):
        chain.add(
            "add_emissions",
            act_as=slug,
            batch=batch,
            emissions={"scope2": 777},
            reason="storage",
            at=chain.clock,
        )
    year = year_of(chain.clock)
    found = report(collect(chain.ledger), Request(year))
    away = next(row for row in found.rows if row.group == "kokkola (custody)")
    assert away.figures[year].scope2 == 777
    before = report(collect(chain.ledger), Request(year, by="process"))
    storage = next(row for row in before.rows if row.group == "storage")
    assert storage.figures[year].scope2 >= 2 * 777


def test_a_reason_does_not_make_custody_transport() -> None:
    """What a custodian adds arose in custody, whatever it is called; a footprint says the same."""
    chain = HonestChain(2, cycles=1)
    lot = chain.cobalt()
    added = {"batch": lot, "emissions": {"scope3": 777}, "reason": "transport", "at": chain.clock}
    chain.add("add_emissions", act_as="kokkola", **added)
    (batch,) = (item.id for item in chain.ledger.batches() if f"katanga/{item.identifier}" == lot)
    records = collect(chain.ledger)
    (emitted,) = (item for item in records.emitted if item.emissions.scope3 == 777)
    year = emitted.year

    def of(by: str) -> dict[str, int]:
        return {row.group: row.figures[year].scope3 for row in report(records, Request(year, by=by)).rows}

    assert of("facility")["kokkola (custody)"] == 777
    assert of("department")["custody"] == 777
    assert of("process")["transport"] >= 777
    traced = footprint(lineage(chain.ledger, batch, Direction.UP), records.names)
    assert traced.by_facility["kokkola (custody)"] == 777


def test_years_are_compared(records: Records) -> None:
    first, second = records.years[:2]
    found = report(records, Request(second, base_year=first - 3))
    assert found.years == (first - 3, first, second)
    was, now = found.total[first].total_mg, found.total[second].total_mg
    assert found.change_since(first) == pytest.approx((now / was - 1) * 100)
    assert found.change_since(first - 3) is None


@pytest.mark.parametrize(
    ("year", "actual", "allowed", "reached"),
    [
        (2020, 1000, 1000, True),
        (2025, 750, 750, True),
        (2025, 751, 750, False),
        (2030, 500, 500, True),
        (2034, 501, 500, False),
    ],
)
def test_path_is_straight_and_exact(year: int, actual: int, allowed: int, reached: bool) -> None:
    values = {2020: Fraction(1000), year: Fraction(actual)}
    path = path_to(Target.parse("50 % by 2030"), "absolute", values, base_year=2020, year=year)
    assert (path.base_mg, path.allowed_mg, path.actual_mg, path.reached) == (1000, allowed, actual, reached)


def test_path_does_not_round_in_anyones_favour() -> None:
    values = {2020: Fraction(10, 3), 2021: Fraction(10, 3) * Fraction(9, 10) + Fraction(1, 10**12)}
    target = Target.parse("100% by 2030")
    assert path_to(target, "product", values, base_year=2020, year=2021).reached is False
    values[2021] -= Fraction(1, 10**12)
    assert path_to(target, "product", values, base_year=2020, year=2021).reached is True


def test_target_without_figures_says_nothing(records: Records) -> None:
    year = records.years[1]
    aim = Target.parse("50% by 2030")
    found = report(records, Request(year, base_year=year - 9, target=aim))
    assert found.path is not None
    assert (found.path.reached, found.path.base_mg) == (None, None)
    absolute = report(records, Request(year, base_year=year - 1, target=aim, measure="absolute")).path
    assert absolute is not None
    assert absolute.actual_mg == found.total[year].total_mg


@pytest.mark.parametrize(
    "text", ["half by 2030", "50 by 2030", "0% by 2030", "101% by 2030", "50% by 30", ""]
)
def test_wrong_targets_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is not a target"):
        Target.parse(text)


def test_wrong_requests_are_refused(records: Records, tmp_path: Path) -> None:
    aim = Target.parse("50% by 2030")
    with pytest.raises(InputError, match="needs the year"):
        report(records, Request(2023, target=aim))
    with pytest.raises(InputError, match="says nothing of 2019"):
        report(records, Request(2019, base_year=2020, target=aim))
    with pytest.raises(InputError, match="cannot group"):
        report(records, Request(2023, by="colour"))
    without = replace(records, stages=None)
    with pytest.raises(ValueError, match="without stages"):
        report(without, Request(2023, by="stage"))
    with pytest.raises(InputError, match="not a measure"):
        report(records, Request(2023, measure="colour"))
    bad = tmp_path / "bad.toml"
    for text, message in (
        ("[departments]\n'a/b' = 1", "not text"),
        ("[x]", "needs a table"),
        ("[", "not valid"),
    ):
        bad.write_text(text, "utf-8")
        with pytest.raises(InputError, match=message):
            load_departments(bad)
    with pytest.raises(InputError, match="cannot be read"):
        load_departments(tmp_path / "absent.toml")


def test_empty_ledger_reports_zeros() -> None:
    found = report(collect(ToldLedger()), Request(2026))
    assert (found.rows, found.total[2026].total_mg, found.total[2026].per_product_mg) == ((), 0, None)


def test_command_writes_three_formats(tmp_path: Path) -> None:
    config = str(write_template(tmp_path))
    with connect(config=Path(config), passphrase=lambda _: "only a test") as client:
        client.deploy()
        client.submit(ROOT / "examples" / "cobalt-to-car.jsonl", create_keys=True)
        client.sync()
        total = report(collect(client.index), Request(2026)).total[2026].total_mg

    def run(*arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(io.StringIO()):
            code = main(["emissions", "report", "--year", "2026", "--config", config, *arguments])
        return code, out.getvalue()

    rows = list(csv.DictReader(io.StringIO(run("--format", "csv", "--by", "facility")[1])))
    groups = [
        row for row in rows if row["year"] == "2026" and row["group"] not in ("total", "declared in error")
    ]
    assert sum(int(row["total_mg"]) for row in groups) == total
    assert {row["total_mg"] for row in rows if (row["group"], row["year"]) == ("total", "2026")} == {
        str(total)
    }
    code, shown = run("--base-year", "2025", "--target", "50% by 2030")
    assert code == 0
    assert "oem/torslanda-assembly" in shown
    assert "Own emissions only" in shown
    assert "nothing can be said" in shown
    assert run("--by", "scope", "--format", "json") == run("--by", "scope", "--json")
    assert run("--target", "50%")[0] == 2
