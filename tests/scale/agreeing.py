"""What a trace says beside what :mod:`tests.scale.forward` found: every figure that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from tests.scale.forward import PARTS, Forward
from tests.scale.lots import SYMBOLS
from traceledger.provenance import Footprint, RestatedFootprint, Trace

UNITS = 10**15
Rows = list[tuple[Any, int]]


def differing(trace: Trace, forward: Forward) -> list[str]:
    """In words; empty where they agree."""
    told = forward.told(trace.batch)
    footprint, better = trace.footprint, told["restated"]
    found = [
        *_alike("left", (trace.mass_mg, _named(trace.substances_mg)), told["left"]),
        *_alike("batches", trace.batches, told["batches"]),
        *_alike("tainted", trace.tainted, told["tainted"]),
        *_alike("own", footprint.own_mg, told["own"]),
        *_alike("inherited", footprint.inherited_mg, told["inherited"]),
        *_alike("primary", footprint.primary_mg, told["primary"]),
        *_cells("", footprint, told["recorded"], forward),
        *_alike("restated", footprint.restated is not None, better is not None),
    ]
    if better is not None and footprint.restated is not None:
        found += _cells("restated ", footprint.restated, better[0], forward)
        found += _near("restated primary", [("", footprint.restated.primary_mg)], {"": better[1]}, forward)
    booked = {"mass": trace.booked_mass_mg} | _named(trace.booked_mg)
    for name, mg in booked.items():
        found += _near(f"booked {name}", [("", mg)], {"": told["booked"].get(name, 0)}, forward)
    return [*found, *_shares(trace, told, forward)]


def _named(by_number: Mapping[int, int]) -> dict[str, int]:
    return {SYMBOLS[number]: mg for number, mg in by_number.items()}


def _alike(what: str, ours: object, theirs: object) -> list[str]:
    return [] if ours == theirs else [f"{what}: {ours}, forward {theirs}"]


def _cells(
    what: str, said: Footprint | RestatedFootprint, cells: Mapping[Any, Any], forward: Forward
) -> Iterator[str]:
    sums: list[defaultdict[str, Any]] = [defaultdict(int) for _ in range(3)]
    for (_, *names), amount in cells.items():
        for by, name in zip(sums, names, strict=True):
            by[name] += amount
    for name, rows, by in zip(
        ("by facility", "by process", "by scope"),
        (said.by_facility, said.by_process, said.by_scope),
        sums,
        strict=True,
    ):
        yield from _near(what + name, list(rows.items()), by, forward)


def _shares(trace: Trace, told: Mapping[str, Any], forward: Forward) -> Iterator[str]:
    for number, parts in trace.traced.items():
        name = SYMBOLS[number]
        rows: Rows = [
            (forward.origin(row.name, row.origin.slug), row.share.units)
            for row in trace.origins
            if row.substance == number
        ]
        yield from _near(f"origins of {name}", rows, _in_units(told["origins"][name]), forward)
        said = [getattr(parts, part).units for part in PARTS]
        yield from _near(
            f"traced {name}", list(zip(PARTS, said, strict=True)), _in_units(told["traced"][name]), forward
        )


def _in_units(shares: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: share * UNITS for key, share in shares.items()}


def _near(what: str, rows: Rows, exact: Mapping[Any, Any], forward: Forward) -> Iterator[str]:
    """Rows as they are cumulatively rounded; of fractions to the half of a unit, of floats to some digits."""
    if not forward.exact:
        sums: defaultdict[Any, Any] = defaultdict(int)
        for key, amount in rows:
            sums[key] += amount
        allowed = 2 + 1e-9 * sum(map(abs, exact.values()))
        off = {key for key in {*sums, *exact} if abs(sums[key] - exact.get(key, 0)) > allowed}
        if off:
            yield f"{what}: {[(key, sums[key], exact.get(key)) for key in sorted(off, key=str)[:4]]}"
        return
    here = {key for key, _ in rows}
    missing = [(key, float(amount)) for key, amount in exact.items() if amount and key not in here]
    if missing:
        yield f"{what}: not there {missing[:4]}"
    if more := [key for key, amount in rows if amount and not exact.get(key)]:
        yield f"{what}: too many {more[:4]}"
    running, upto = 0, 0
    for key, amount in rows:
        running, upto = running + amount, upto + exact.get(key, 0)
        if abs(running - upto) > 0.501:
            yield f"{what}: at {key} {running}, forward {float(upto)}"
            return
