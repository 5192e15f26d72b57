"""Battery Pass data model 1.2.0, SupplyChainDueDiligence (CC-BY-4.0); ``thirdPartyAussurances`` is its own.

DIN DKE SPEC 99100, 6.4. What auditors put on record stands in the sidecar, and in docs/assurance.md.
"""

from __future__ import annotations

from traceledger.interop.passport.diligence import third_party
from traceledger.interop.passport.members import Member, Table
from traceledger.interop.passport.sources import link, number

NAME = "batterypass-due-diligence"
MEMBERS: Table = (
    Member("/supplyChainDueDiligenceReport", "1(d)", link("due-diligence-report")),
    Member("/thirdPartyAussurances?", "1(d)", third_party),
    Member("/supplyChainIndicies?", "1(d)", number("supply_chain_index")),
)
"""Each member, the point of Annex XIII by which it is seen, and where it comes from."""
LEFT_OUT: dict[str, str] = {}
