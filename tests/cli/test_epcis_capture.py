"""``traceledger epcis capture``: exit codes, and what people are told beside the verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run, run_process
from tests.interop.epcis import supply


def test_malformed_events_are_wrong_input_and_others_not_accepted(cli: Run, filled: Path) -> None:
    shipped = {**supply.SHIPPED, "quantityList": [supply.kilograms("urn:traceledger:batch:katanga:X", 1)]}
    unread = {**shipped, "eventTime": "yesterday"}
    (filled / "bad.json").write_bytes(supply.document(shipped, unread))
    done = cli("epcis", "capture", "bad.json")
    assert done.code == 2 and "1 event of 2 refused" in done.err and "yesterday" in done.err
    told = json.loads(cli("epcis", "capture", "bad.json", "--json").out)
    assert [each["malformed"] for each in told["events"]] == [False, True]
    assert {each["kind"] for each in told["events"]} == {"ObjectEvent OBSERVE shipping"}
    minted = {**shipped, "action": "ADD", "bizStep": "commissioning", "tl:lots": [
        {"tl:epc": "urn:traceledger:batch:katanga:X", "tl:material": "unobtainium"}]}  # fmt: skip
    (filled / "odd.json").write_bytes(supply.document(minted))
    done = cli("epcis", "capture", "odd.json")
    assert done.code == 4 and "unobtainium" in done.err
    piped = run_process("epcis", "capture", "-", input=(filled / "odd.json").read_text())
    assert piped.code == 4 and "unobtainium" in piped.err
    assert cli("epcis", "capture", "-", "-").code == 2


def test_what_the_header_defines_is_offered(cli: Run, filled: Path) -> None:
    """Who is not on the ledger, and how to have it recorded."""
    said: dict[str, Any] = {
        "participant": "newcomer",
        "name": "Newcomer",
        "country": "FI",
        "role": "producer",
    }
    attributes = [{"id": f"tl:{name}", "attribute": value} for name, value in said.items()]
    element = {"id": "urn:traceledger:participant:newcomer", "attributes": attributes}
    header = {
        "epcisMasterData": {
            "vocabularyList": [
                {"type": "urn:epcglobal:epcis:vtype:SourceDest", "vocabularyElementList": [element]}
            ]
        }
    }
    event = {
        **supply.event("ObjectEvent", "01-12", "storing", action="OBSERVE"),
        "quantityList": [supply.kilograms("urn:traceledger:batch:newcomer:X")],
        "tl:operation": "add_emissions",
        "tl:by": "newcomer",
        "tl:reason": "storage",
        "tl:emissions": {"tl:scope2": "1 kg"},
    }
    (filled / "new.json").write_bytes(supply.document(event, epcisHeader=header))
    done = cli("epcis", "capture", "new.json")
    assert "the header defines 1 company that this ledger lacks: --define records it first" in done.out
    told = json.loads(cli("epcis", "capture", "new.json", "--json").out)
    assert told["offered"] == {"participant": 1}
    assert "--define" in told["events"][0]["why"], told["events"]
