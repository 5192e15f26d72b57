"""A ledger whose lots have GS1 keys for names, and a company's master data that maps others."""

from __future__ import annotations

from tests.simulator import World
from traceledger.interop import masterdata

LOTS = (
    "urn:epc:class:lgtin:6400001.000001.COS-88",
    "https://firm.example/de/gtin/6400001000018/lot/COS%2f89",
    "(01)06400001000018(21)7",
    "urn:epc:id:sscc:6400001.1234567890",
    "https://id.gs1.org/8003/06400001000032SER%2F1",
    "urn:epc:id:giai:6400001.TRUCK-9",
    "PLAIN-1",
    "urn:uuid:4ad2c9b9-7f7f-4a51-9d1e-6f2f6d8c4a10",
)
KNOWN = masterdata.parse("""
participant = "firm-0"
[company]
gln = "6400001000001"
gs1_prefix = "6400001"
bpnl = "BPNL00000000KOK1"
[[sites]]
facility = "firm-0/firm-0-plant"
gln = "6400001000025"
[[materials]]
material = "salt"
gtins = ["6400001000018"]
part_number = "S 1"
[[lots]]
batch = "firm-0/PLAIN-1"
epcs = ["urn:epc:class:lgtin:6400001.000002.P1"]
[[lots]]
batch = "firm-0/NOT-YET"
epcs = ["urn:epc:class:lgtin:6400001.000002.P2"]
[[documents]]
kind = "battery-passport"
url = "https://firm.example/passport"
title = "Battery passport"
content_type = "text/html"
materials = ["ore"]
[[documents]]
kind = "leaflet"
url = "https://firm.example/leaflet.pdf"
""")


class NamedLots(World):
    """Whose lots are called as said above, all of one company, and the first of another one, too."""

    def name(self, kind: str) -> str:
        self._count += 1
        return LOTS[(self._count - 1) % len(LOTS)]


def named_lots() -> NamedLots:
    world = NamedLots(seed=1)
    first, second, *_ = world.slugs
    for _ in LOTS:
        world.mint(first)
    world.mint(second)
    world.chain.seal()
    return world
