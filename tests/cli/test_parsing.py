"""Options with several parts: what they mean, and what they are taken for when names hold the separators."""

from __future__ import annotations

import pytest

from traceledger.cli import parsing
from traceledger.errors import InputError


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("katanga/KOL-1=10t", {"katanga/KOL-1": "10t"}),
        ("katanga/KOL-1", {"katanga/KOL-1": None}),
        ("LOT=7=10 kg", {"LOT=7": "10 kg"}),
        ("https://id.example/01/1?lot=A", {"https://id.example/01/1?lot=A": None}),
        ("https://id.example/01/1?lot=A=5.5t", {"https://id.example/01/1?lot=A": "5.5t"}),
        ("X=-1t", {"X": "-1t"}),
        ("=10t", {"=10t": None}),
    ],
)
def test_names_with_masses(written: str, meant: dict[str, str | None]) -> None:
    assert parsing.named_masses([written], "--input") == meant


def test_outputs() -> None:
    written = "urn:epc:class:lgtin:4012345.012345.7,mass=16 t,Co=3.36t,weight=4,material=m,Ni=1t"
    assert parsing.outputs([written], "--output") == [
        {
            "batch": "urn:epc:class:lgtin:4012345.012345.7",
            "material": "m",
            "mass": "16 t",
            "weight": 4,
            "substances": {"Co": "3.36t", "Ni": "1t"},
        }
    ]


@pytest.mark.parametrize("written", ["X,16t", "X,mass=", "X,Co=1t,Co=2t", "X,weight=-1", "X,weight=\u0661"])
def test_outputs_not_understood(written: str) -> None:
    with pytest.raises(InputError, match="--output"):
        parsing.outputs([written], "--output")


def test_losses() -> None:
    assert parsing.losses([], "--loss") == {}
    assert parsing.losses(["balance"], "--loss") == "balance"
    assert parsing.losses(["Co=1t", "Ni=2t"], "--loss") == {"Co": "1t", "Ni": "2t"}
    with pytest.raises(InputError, match="--loss: 'balance' is not understood"):
        parsing.losses(["Co=1t", "balance"], "--loss")


def test_evidence() -> None:
    digest = "0x" + "aB" * 32
    assert parsing.evidence([f"https://x/?a=b={digest}"], "--evidence") == [
        {"uri": "https://x/?a=b", "sha256": digest}
    ]
