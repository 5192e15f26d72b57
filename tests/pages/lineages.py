"""Lineages made up for tests of the graph: as wide, deep and circular as asked, the same for one seed."""

from __future__ import annotations

import random
from typing import Any

from traceledger.pages.graph.values import Item


def supply_chain(count: int, *, sites: int = 12, stages: int = 6, seed: int = 1) -> list[Item]:
    """Batches in chain order that went through stages, each at one of several sites, into one product."""
    chance = random.Random(seed)
    by_stage: list[list[int]] = [[] for _ in range(stages)]
    items: list[Item] = []
    for place in range(count - 1):
        stage = min(stages - 1, place * stages // count)
        site = (stage, chance.randrange(sites))
        parents: set[int] = set()
        if stage:
            parents.update(chance.choices(by_stage[stage - 1][-400:], k=chance.randint(1, 3)))
        own = [each for each in by_stage[stage][-40:] if items[each].key == site]
        if own and chance.random() < 0.3:
            parents.add(chance.choice(own))
        by_stage[stage].append(place)
        items.append(Item(f"maker-{site[1]}/LOT-{place}", site, tuple(sorted(parents))))
    ends = tuple(by_stage[-1][-60:]) or tuple(range(len(items)))
    return [*items, Item("oem/VIN-1", ("vehicle", 0), ends)]


def tangled(count: int, *, keys: int, seed: int) -> list[Item]:
    """Batches made of any earlier ones, at any place: with circles of places, and runs among them."""
    chance = random.Random(seed)
    return [
        Item(
            f"p/{place}",
            chance.randrange(keys),
            tuple(sorted({chance.randrange(place) for _ in range(chance.randint(0, 4))})) if place else (),
            run=chance.random() < 0.1,
        )
        for place in range(count)
    ]


SUBSTANCES = ("cobalt", "nickel", "lithium", "graphite", "mica")
STAGES = ("raw_material_acquisition", "raw_material_acquisition", "main_production", "main_production")


def document_of(items: list[Item], *, direction: str = "up") -> dict[str, Any]:
    """A lineage as ``documents.graphs`` writes it, of items whose keys are a stage's number and a site's."""
    return {
        "batch": items[-1].name,
        "id": f"0x{len(items) - 1:064x}",
        "direction": direction,
        "as_of": 7,
        "batches": [_row(place, item) for place, item in enumerate(items)],
        "runs": [],
    }


def _row(place: int, item: Item) -> dict[str, Any]:
    number, site = item.key if isinstance(item.key, tuple) else (item.key, 0)
    stage = number if isinstance(number, int) else 9
    maker = item.name.partition("/")[0]
    return {
        "batch": item.name,
        "id": f"0x{place:064x}",
        "material": f"{SUBSTANCES[stage % 5]} {stage}",
        "participant": maker,
        "facility": f"{maker}/site-{number}-{site}",
        "country": ("CD", "FI", "KR", "PL", "SE")[stage % 5],
        "stage": STAGES[min(3, stage // 2)],
        "made_by": "untraced" if place % 97 == 3 and not item.parents else "refining",
        "made_at": 1_767_225_600 + place * 3_600,
        "made_mass_mg": str(10**9 + place),
        "made_co2e_mg": str(10**8 + place),
        "declared_in_error": place == 41,
        "parents": list(item.parents),
        "run": None,
    }
