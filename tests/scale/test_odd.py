"""Figures of ledgers of all shapes are those that are carried forward from operations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scale import asking
from tests.scale.agreeing import differing
from tests.scale.forward import Forward
from tests.scale.making import ALL, make
from traceledger.provenance import trace

SIZES = {"lattice": 20, "mixed": 150, "wide": 130}


@pytest.mark.parametrize("shape", ALL)
def test_figures_are_those_of_operations_carried_forward(shape: str, tmp_path: Path) -> None:
    chain, ledger = make(shape, SIZES.get(shape, 60), scripted=True)
    asked = asking.asked(chain)
    forward = Forward(ledger.script or (), asked=asked)
    with asking.indexed(chain, tmp_path / "index.sqlite") as index:
        for name, batch in asked.items():
            found = trace(index, batch)
            assert differing(found, forward) == []
            assert asking.told(found) == asking.expected(chain)[name]
