"""What the browser looks at: the example with its year, and a ledger whose texts attack who reads them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.clients import PASSPHRASE, client_of, new_client
from tests.conftest import ROOT
from tests.hostile import AT, MARK, OPERATIONS, record
from traceledger.client.client import Client

FILES = (
    "cobalt-to-car.jsonl",
    *(f"assurance/{name}.jsonl" for name in ("audited", "corrected", "blocked")),
    "the-year.jsonl",
)
"""In the order of scripts/demo."""

MARKUP = (
    "\u2028</title></script></style><script>alert(1)</script><img src=x onerror=alert(2)>"
    '"\'` onfocus=alert(3) autofocus x="{{7*7}}${7*7}{%x%}'
    "\u0085%00%3Cb%3E?a#b/../&lt;\u202egnp.\u2066x\u200b\ufeff-->]]>\\u003c" + " " * 20 + "Verified"
)
"""Stands in most texts: what would leave an element, an attribute, a script, a template or a line."""
LONG_NAME = "\u2465"
LONG = "\u2466"
"""Stands for 10,000 letters without a place to break at."""
LOTS = {
    "\u2460": '=HYPERLINK("http://127.0.0.1:1/",1)',
    "\u2461": "javascript:alert(4)",
    "\u2462": "..",
    "\u2463": "%2e%2e%2f%00",
    "\u2464": "?lang=de&x=1#proof",
    LONG_NAME: "W" * 256,
}
"""Names of lots, and the marks that stand for them below; the batch ``D`` is made of them."""
LINK = {"uri": "javascript:alert(5)//", "sha256": "22" * 32}
MORE: list[dict[str, Any]] = [
    {"op": "register_participant", "participant": "long", "name": LONG, "country": "ZM"}
    | {"roles": ["producer"]},
    {"op": "raise_finding", "as": "argus", "finding": "LONG", "participant": "kokkola", "at": AT}
    | {"severity": "major", "category": "labour", "description": LONG, "due": "2030-01-01T00:00:00Z"}
    | {"evidence": [LINK]},
    {"op": "split", "as": "kokkola", "batch": f"katanga/B{MARK}", "at": AT}
    | {"into": [{"batch": each, "mass": "1 kg"} for each in LOTS], "evidence": [LINK]},
    {"op": "transform", "as": "kokkola", "transformation": "R-D", "facility": f"plant{MARK}", "at": AT}
    | {"process": LONG_NAME, "inputs": [{"batch": each, "mass": "1 kg"} for each in LOTS]}
    | {"outputs": [{"batch": "D", "material": "salt", "mass": "1 kg", "substances": {"Co": "1 g"}}]}
    | {"losses": "balance", "evidence": [LINK]},
    {"op": "retire", "as": "kokkola", "batch": "D", "how": "consumed_outside", "at": AT},
]

THAT_DAY = "2026-06-20T06:00:00Z"
_ORE = {"material": "copper-cobalt-ore", "facility": "kolwezi-pit-4", "origin": "mined", "at": THAT_DAY}
MORNING: list[dict[str, Any]] = [
    {"op": "mint", "as": "katanga", "batch": name, "mass": "10 t", "substances": {"Co": "0.1 t"}, **_ORE}
    for name in ("N-1", "N-2", "N-3")
] + [
    {"op": "ship", "as": "katanga", "shipment": "SEA-77", "to": "kokkola", "at": THAT_DAY}
    | {"batches": ["katanga/N-1", "katanga/N-2", "katanga/N-3"]},
    {"op": "raise_finding", "as": "argus", "finding": "F-9", "participant": "kokkola", "at": THAT_DAY}
    | {"severity": "major", "category": "environment", "due": "2027-01-01T00:00:00Z"}
    | {"description": "Sampling was not documented."},
    {"op": "hold", "as": "kokkola", "batch": "kokkola/COS-88", "reason": "assay", "at": THAT_DAY},
]
"""What a morning at the refiner's desk begins with, after the example."""


def later(before: Path, folder: Path, happens: Callable[[Client], object]) -> None:
    """A copy of a network in which more happened."""
    shutil.copytree(before, folder, dirs_exist_ok=True)
    with client_of(folder) as client:
        happens(client)
        client.sync()


def add_clerk(client: Client, company: str, name: str) -> None:
    """A clerk of a company, with a key of their own."""
    client.add_operator(company, client.create_key(name).address, act_as=company)


def example(folder: Path) -> None:
    """The example and the rest of its year, on a new chain in a folder."""
    with new_client(folder) as client:
        for name in FILES:
            client.submit(ROOT / "examples" / name, create_keys=True)
        client.sync()


def hostile(folder: Path) -> None:
    """A new chain in a folder, with attacks for texts."""
    new_client(folder).close()
    record(folder, PASSPHRASE, {MARK: MARKUP, LONG: "W" * 10_000, **LOTS}, [*OPERATIONS, *MORE])
    with client_of(folder) as client:
        client.sync()
