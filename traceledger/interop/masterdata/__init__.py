"""Master data: what a company says of itself, its sites and materials that the ledger does not know.

One file per company, in TOML (docs/masterdata.md). Every format of the industry asks for some of it: GLN, LEI
and BPN of companies, GTINs and the mass of a piece, the reference period of a footprint. What neither the
ledger nor this file knows is named as missing by whoever writes such a document; nothing is invented.

``values.py`` and ``footprint.py`` hold what the file says, as frozen dataclasses; ``kinds.py`` and
``checks.py`` say how each value is written; ``reading.py`` reads a file, with every fault at once;
``lookups.py`` finds things by whatever identifier, ``comparing.py`` holds a file against a ledger.

Example:
    >>> from traceledger.interop import masterdata
    >>> known = masterdata.parse('''
    ... participant = "kokkola"
    ... [company]
    ... gln = "6400001000001"
    ... [[materials]]
    ... material = "cobalt-sulfate"
    ... gtins = ["6400001000018"]
    ... ''')
    >>> known.participant_by("https://id.gs1.org/417/6400001000001")
    'kokkola'
    >>> known.material_by("urn:epc:class:lgtin:6400001.000001.COS-88")
    'cobalt-sulfate'
"""

from traceledger.interop.masterdata.footprint import Footprint, Quality, Rule, Source, Verification
from traceledger.interop.masterdata.lookups import MasterData
from traceledger.interop.masterdata.reading import MasterDataError, load, parse
from traceledger.interop.masterdata.values import (
    Classes,
    Classification,
    Company,
    Document,
    Lot,
    Material,
    Site,
    Threshold,
    Values,
)

__all__ = [
    "Classes",
    "Classification",
    "Company",
    "Document",
    "Footprint",
    "Lot",
    "MasterData",
    "MasterDataError",
    "Material",
    "Quality",
    "Rule",
    "Site",
    "Source",
    "Threshold",
    "Values",
    "Verification",
    "load",
    "parse",
]
