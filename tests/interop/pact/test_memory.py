"""What a server remembers of states is what it would find anew, whatever happened meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from tests.clients import client_of, write
from tests.interop.pact.ledger import AT
from tests.interop.pact.test_footprints import CONFIRMED, LESS, RESTATED
from traceledger.interop.masterdata import load
from traceledger.interop.pact.catalogue import Catalogue
from traceledger.interop.pact.memory import Memory

ELSEWHERE: list[dict[str, Any]] = [
    {"op": "mint", "as": "mine", "batch": "ORE-9", "material": "ore", "facility": "pit", "at": AT.format(9)}
    | {"mass": "1 kg", "substances": {"Co": "100 g"}, "origin": "mined", "emissions": {"scope1": "1 kg"}},
]
TAKEN: list[dict[str, Any]] = [
    {"op": "split", "as": "acme", "batch": "SALT-3", "into": [{"batch": "Y", "mass": "1 kg"}]}
    | {"at": AT.format(9)},
]


def test_it_is_what_is_found_anew(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "it"))
    known, memory = load(copy / "acme.toml"), Memory()
    with client_of(copy) as client:

        def ids(catalogue: Catalogue) -> list[str]:
            return [each.id for each in catalogue.all().footprints]

        client.sync()
        batch = client.batch_id("acme/SALT-2")
        first = memory.of(client.index).states(batch)
        for number, happens in enumerate((ELSEWHERE, TAKEN, RESTATED, LESS, CONFIRMED)):
            client.submit(write(tmp_path / f"{number}.jsonl", happens))
            client.sync()
            remembering = Catalogue(client.index, known, None, memory)
            assert ids(remembering) == ids(Catalogue(client.index, known)), happens
            same = memory.of(client.index).states(batch) is first
            assert same == (happens in (ELSEWHERE, TAKEN)), happens
            first = memory.of(client.index).states(batch)


def test_another_ledger_is_not_remembered(folder: Path, tmp_path: Path) -> None:
    """As where a chain replaced blocks: nothing of the blocks that are gone is believed."""
    one, other = (Path(shutil.copytree(folder, tmp_path / name)) for name in ("one", "other"))
    memory = Memory()
    with client_of(one) as client:
        client.submit(write(tmp_path / "a.jsonl", RESTATED))
        client.sync()
        batch = client.batch_id("acme/SALT-2")
        here = memory.of(client.index).states(batch)
    with client_of(other) as client:
        changed = [RESTATED[0] | {"emissions": {"scope1": "60 kg"}}]
        client.submit(write(tmp_path / "b.jsonl", changed))
        client.sync()
        there = memory.of(client.index).states(batch)
    assert here[-1].figures is not None
    assert there[-1].figures is not None
    assert here[-1].figures.gate.total < there[-1].figures.gate.total
