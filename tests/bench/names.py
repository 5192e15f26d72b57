"""What proving names, and weighing lots for who is asked, costs of submitting a file on an embedded chain."""

from __future__ import annotations

import cProfile
import json
import pstats
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.figures import Figure, Size
from traceledger.client.client import Client
from traceledger.config import networks

TITLE = "Names and masses, where somebody is asked"
ABOUT = """\
So many lots are shipped to one company, each in a shipment of its own, and every line is shown before it is
signed. Seconds of the processor under a profiler; the peer is the whole submission."""
AT = "2026-02-01T00:00:00Z"


def measure(size: Size) -> Iterator[Figure]:
    """Names, and masses."""
    lots = 60 if size is Size.QUICK else 300
    with tempfile.TemporaryDirectory() as name:
        stats = _profiled(Path(name), lots)
    whole: float = stats.total_tt  # type: ignore[attr-defined]
    for what, called in (("proving names", "participant"), ("weighing lots", "masses")):
        taken = _spent(stats, called)
        yield Figure(what, lots, taken, "s", "the whole submission", whole, of="shipments")


def _profiled(folder: Path, lots: int) -> pstats.Stats:
    networks.write_template(folder)
    client = Client(networks.load(folder / "networks.toml").get(), passphrase=lambda _: "benchmark")
    client.deploy()
    path = folder / "ops.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in _founding(lots)))
    client.submit(path, create_keys=True)
    ship = {"op": "ship", "as": "mine", "to": "dig", "at": AT}
    lines = ({**ship, "shipment": f"S-{n}", "batches": [f"L-{n}"]} for n in range(lots))
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    profile = cProfile.Profile(time.process_time)
    profile.runcall(client.submit, path, approve=lambda _: None)
    client.close()
    return pstats.Stats(profile)


def _spent(stats: pstats.Stats, name: str) -> float:
    """Seconds in a function of proved_names.py and all that it calls."""
    table: dict[tuple[str, int, str], tuple[Any, ...]] = stats.stats  # type: ignore[attr-defined]
    rows = table.items()
    return float(
        sum(each[3] for (file, _, called), each in rows if "proved_names" in file and called == name)
    )


def _founding(lots: int) -> list[dict[str, Any]]:
    """A mine with so many lots, and who is to receive them."""
    mint = {"op": "mint", "as": "mine", "material": "ore", "facility": "pit", "mass": "1 t"}
    mint |= {"origin": "mined", "at": AT}
    company = {"op": "register_participant", "country": "CD"}
    return [
        {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
        *({**company, "participant": slug, "name": slug} for slug in ("mine", "dig")),
        {"op": "register_facility", "as": "mine", "facility": "pit", "kind": "mine", "country": "CD"},
        {"op": "approve_origin", "facility": "mine/pit", "material": "ore", "capacity_per_year": "90000 t"},
        *({**mint, "batch": f"L-{n}"} for n in range(lots)),
    ]
