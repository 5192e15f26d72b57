"""Every figure of a trace against an independent calculation, over random supply chains."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.index.support import indexed
from tests.provenance.oracle import ORIGINS, SYMBOLS, Oracle
from tests.simulator import World
from traceledger.documents import traces
from traceledger.errors import UnknownNameError
from traceledger.index import Index
from traceledger.model.shares import SHARE_UNITS, Share
from traceledger.provenance import Footprint, Trace, impact, lineage, trace

HALF_A_UNIT = Fraction(1, 2 * 10**15)


def close(found: float | Share, exact: Fraction) -> bool:
    """Whether a share is the exact one but for its rounding, which is cumulative."""
    units = found.units if isinstance(found, Share) else Share(round(found * 10**15)).units
    return abs(Fraction(units, 10**15) - exact) <= 2 * HALF_A_UNIT + Fraction(1, 2**100)


def check_footprint(found: Footprint, exact: dict[str, Any]) -> None:
    assert (found.own_mg, found.inherited_mg, found.primary_mg, found.total_mg) == tuple(
        exact[name] for name in ("own", "inherited", "primary", "total")
    )
    for name in ("by_facility", "by_process", "by_scope"):
        rows: dict[str, int] = getattr(found, name)
        assert sum(rows.values()) == found.total_mg
        assert list(rows) == sorted(rows, key=str.encode)
        for key in {*rows, *exact[name]}:
            assert abs(rows.get(key, 0) - exact[name].get(key, 0)) <= 1, (name, key)


def check_shares(found: Trace, exact: dict[str, Any]) -> None:
    for number, mix in exact["mixes"].items():
        rows = {item.batch_id: item for item in found.origins if item.substance == number}
        assert set(rows) == set(mix)
        assert all(close(rows[batch].share, share) for batch, share in mix.items())
        assert sum(item.share.units for item in rows.values()) == SHARE_UNITS
        names = [item.batch for item in rows.values()]
        assert names == sorted(names, key=str.encode)
        post, pre = exact["recycled"][number]
        content = found.recycled_content[number]
        # A sum of shares as they are shown.
        slack = len(rows) * HALF_A_UNIT * 2
        assert abs(Fraction(content.post_consumer.units, SHARE_UNITS) - post) <= slack
        assert abs(Fraction(content.pre_consumer.units, SHARE_UNITS) - pre) <= slack
        parts = found.traced[number]
        for name in ("traced", "untraced", "declared", "confirmed"):
            assert close(getattr(parts, name), exact["traced"][number].get(name, Fraction(0)))
        every = (parts.traced, parts.untraced, parts.declared, parts.confirmed)
        assert sum(part.units for part in every) == SHARE_UNITS


def check(index: Index, world: World, batch: int, oracle: Oracle) -> None:
    found, exact = trace(index, batch), oracle.expected(batch)
    check_footprint(found.footprint, exact)
    check_shares(found, exact)
    for name in ("tainted", "batches", "events"):
        assert getattr(found, name) == exact[name]
    lot = world.lots[batch]
    assert found.batch == f"{world.slugs[lot.creator]}/{lot.identifier}"
    assert (found.state.slug, found.frozen) == (lot.state, lot.frozen)
    assert found.custodian == world.slugs[lot.custodian]
    assert found.mass_mg == lot.mass
    assert found.substances_mg == {n: lot.substances[n] for n in found.made_substances_mg}
    for number, left in found.substances_mg.items():
        parts = [item for item in found.origins if item.substance == number]
        assert sum(item.mass_mg for item in parts) == left
        assert all(abs(item.mass_mg - exact["mixes"][number][item.batch_id] * left) <= 1 for item in parts)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    scale=st.sampled_from([1, 3, 50, 10**6, 10**13]),
    companies=st.integers(2, 4),
    steps=st.integers(1, 120),
)
def test_traces_equal_the_independent_calculation(seed: int, scale: int, companies: int, steps: int) -> None:
    world = World(seed, scale=scale, companies=companies).run(steps)
    oracle = Oracle(world)
    with TemporaryDirectory() as folder, indexed(Path(folder) / "i.db", world) as index:
        for batch in list(world.lots)[-25:]:
            check(index, world, batch, oracle)


def test_a_long_history(tmp_path: Path) -> None:
    world = World(11).run(700)
    oracle = Oracle(world)
    with indexed(tmp_path / "i.db", world) as index:
        for batch in list(world.lots)[::23]:
            check(index, world, batch, oracle)


def test_as_of_an_earlier_block(tmp_path: Path) -> None:
    """A trace as of a block is what the trace was when that block was the newest."""
    world = World(5).run(150)
    blocks = world.chain.mined
    with indexed(tmp_path / "now.db", world) as index:
        for number in (len(blocks) // 3, len(blocks) // 2):
            earlier = World(5)
            earlier.chain.mined = blocks[: number + 1]
            earlier.chain.seed = world.chain.seed
            with indexed(tmp_path / f"{number}.db", earlier) as then:
                known = then.batches()
                assert len(known) > 10
                for batch in known:
                    assert trace(index, batch.id, as_of=number) == trace(then, batch.id)
            unborn = index.batches()[len(known)]
            with pytest.raises(UnknownNameError, match="no batch"):
                trace(index, unborn.id, as_of=number)


def test_an_error_declared_later_taints_only_from_then_on(tmp_path: Path) -> None:
    world = World(1)
    owner = next(iter(world.slugs))
    ore = world.mint(owner)
    world.split(ore)
    child = next(lot for lot in world.lots.values() if lot is not ore)
    world.chain.seal()
    before = world.chain.head().number
    world.declare_error(ore)
    world.chain.seal()
    with indexed(tmp_path / "i.db", world) as index:
        now, then = trace(index, child.id), trace(index, child.id, as_of=before)
        assert (then.tainted, now.tainted, now.frozen) == (False, True, False)
        assert set(map(float, then.traced_share.values())) == {1.0}
        assert set(map(float, now.traced_share.values())) == {0.0}
        assert {float(parts.declared) for parts in now.traced.values()} == {1.0}
        assert now.events == then.events + 1
        assert trace(index, ore.id).frozen


def test_the_json_of_a_trace(tmp_path: Path) -> None:
    world = World(21, scale=10**6).run(200)
    with indexed(tmp_path / "i.db", world) as index:
        oracle = Oracle(world)
        batch = max(world.lots, key=lambda lot: len(oracle.upstream(lot)))
        found = trace(index, batch)
        document = json.loads(json.dumps(traces.trace(found)))
    assert document["id"] == f"0x{batch:064x}"
    assert document["batch"] == found.batch
    assert document["material"] in ("salt", "cell")
    assert set(document["co2e"]) >= {
        *("own_mg", "inherited_mg", "total_mg", "primary_mg", "by_facility", "by_scope", "by_process")
    }
    assert sum(map(int, document["co2e"]["by_facility"].values())) == int(document["co2e"]["total_mg"])
    assert list(document["co2e"]["by_scope"]) == ["scope1", "scope2", "scope3"]
    for origin in document["origins"]:
        assert set(origin) == {"batch", "facility", "country", "origin", "substance", "share", "mass_mg"}
        assert origin["country"] == "CD"
        assert origin["origin"] in ORIGINS
        assert origin["substance"] in SYMBOLS.values()
        assert isinstance(origin["share"], float)
    for name in document["traced_share"]:
        parts = (document[f"{part}_share"][name] for part in ("traced", "untraced", "declared", "confirmed"))
        assert sum(Decimal(str(part)) for part in parts) == 1
        shown = [Decimal(str(item["share"])) for item in document["origins"] if item["substance"] == name]
        assert sum(shown) == 1
        assert all(share.as_tuple().exponent >= -15 for share in shown)
    assert (
        set(document["traced_share"])
        == set(document["recycled_content"])
        == set(document["made_substances_mg"])
    )
    assert document["tainted"] in (True, False)
    assert 0 <= document["co2e"]["primary_share"] <= 1


def test_unknown_batches_are_named(tmp_path: Path) -> None:
    with indexed(tmp_path / "i.db", World(1).run(3)) as index:
        for ask in (trace, lineage, impact):
            with pytest.raises(UnknownNameError, match=f"0x{77:064x}"):
                ask(index, 77)


def test_lineage_up_and_down(tmp_path: Path) -> None:
    world = World(31).run(250)
    oracle = Oracle(world)
    with indexed(tmp_path / "i.db", world) as index:
        for batch in list(world.lots)[::9]:
            up = lineage(index, batch, "up")
            assert set(up.nodes) == oracle.upstream(batch)
            assert {(edge.parent, edge.child) for edge in up.edges} == {
                (parent, child) for child in up.nodes for parent in oracle.known[child].parents
            }
            down = lineage(index, batch, "down")
            assert set(down.nodes) == {other for other in world.lots if batch in oracle.upstream(other)}
            assert [event.position for event in down.events] == sorted(
                event.position for event in down.events
            )


def test_impact_is_the_origin_share_seen_from_the_other_end(tmp_path: Path) -> None:
    world = World(41).run(250)
    oracle = Oracle(world)
    with indexed(tmp_path / "i.db", world) as index:
        for batch in oracle.origin:
            found = impact(index, batch)
            assert found.reached[0].share == dict.fromkeys(
                sorted(oracle.known[batch].substances), Share(SHARE_UNITS)
            )
            for item in found.reached:
                lot, known = world.lots[item.id], oracle.known[item.id]
                for number, share in item.share.items():
                    exact = known.mixes[number].get(batch, Fraction(0))
                    assert close(share, exact)
                    assert abs(item.substances_mg[number] - exact * lot.substances[number]) <= 1
                assert (item.mass_mg, item.custodian) == (lot.mass, world.slugs[lot.custodian])
