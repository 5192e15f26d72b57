"""What values of operations are called, by theme: from each slug to an English message.

Pages say them (``pages/word_tables.py``), and the sentences that say what an operation does.

Example:
    >>> VALUE_WORDS["retirement"]["disposed"]
    'disposed of'
"""

from __future__ import annotations

from collections.abc import Mapping

_PROCESSES = (
    "mining;concentration;beneficiation;leaching;smelting;conversion;refining;precipitation;precursor;cathode;"
    "anode;anode graphite;electrolyte;cell production;cell assembly;formation;module assembly;pack assembly;"
    "battery assembly;vehicle assembly;assembly;dismantling;shredding;recycling;untraced origin;transport;"
    "custody;storage;warehouse;ageing and storage;recrystallisation"
).split(";")
_KINDS = (
    "mine;concentrator;smelter;refinery;cathode-plant;anode-plant;cell-plant;battery-plant;vehicle-plant;"
    "recycler;factory;warehouse"
).split(";")
VALUE_WORDS: Mapping[str, Mapping[str, str]] = {
    "process": {name: name for name in _PROCESSES},
    "facility": {name: name.replace("-", " ") for name in _KINDS},
    "role": {
        "auditor": "auditor",
        "producer": "producer",
        "processor": "processor",
        "recycler": "recycler",
        "carrier": "carrier",
        "manufacturer": "manufacturer",
    },
    "origin": {
        "mined": "mined",
        "post_consumer": "recycled, post-consumer",
        "pre_consumer": "recycled, pre-consumer",
        "untraced": "untraced",
        "taken_back": "taken back",
        "split": "split off",
    },
    "retirement": {
        "consumed_outside": "used up outside the ledger",
        "disposed": "disposed of",
        "delivered": "delivered",
    },
    "difference": {
        "none": "as sent",
        "loss": "loss",
        "moisture": "moisture",
        "measurement": "better measurement",
    },
    "record": {
        "mint": "mint",
        "transformation": "transformation",
        "shipment": "shipment",
        "emissions": "added emissions",
    },
    "error": {"did_not_occur": "it did not happen", "incorrect_data": "its data are wrong"},
    "assessment": {
        "saq": "self-assessment (SAQ)",
        "ssi": "supplier sustainability index (SSI)",
        "code_of_conduct": "code of conduct",
        "audit": "audit",
        "lca": "life-cycle assessment",
        "certificate": "certificate",
        "renewable_electricity": "renewable electricity",
        "country_risk": "country risk",
        "category_risk": "category risk",
    },
    "rating": {"low": "low", "medium": "medium", "high": "high"},
    "severity": {"minor": "minor", "major": "major", "critical": "critical"},
    "party": {
        "participant": "participant",
        "address": "address",
        "operator": "key",
        "successor": "new key",
        "to": "to",
        "owner": "owner",
        "sender": "sender",
        "receiver": "receiver",
        "account": "account",
        "target": "contract",
    },
    "right": {
        "administrator": "administrator",
        "admission": "admission",
        "policy": "policy",
        "emergency": "emergency",
        "stock": "stock",
        "origins": "origins",
    },
}
"""By theme and slug, in lower case. In catalogues the theme is the context of a message."""
