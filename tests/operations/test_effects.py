"""What an operation would do, in words and data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from babel.messages.pofile import read_po
from eth_hash.auto import keccak

from tests.operations.test_dependencies import AT, WORLD, Nothing
from traceledger.languages import FOLDER, LANGUAGES, language
from traceledger.languages.phrases import Phrase, in_language, kept, remembered
from traceledger.operations.actor import Actor
from traceledger.operations.catalogue import OPERATIONS, name_of, parse_operation
from traceledger.operations.directory import Directory
from traceledger.operations.effects import Effect, effect_of, subject_of
from traceledger.operations.plan import plan

KEY, NEXT = "0x" + "12" * 20, "0x" + "34" * 20
PAPER = [{"uri": "urn:paper", "sha256": "5a" * 32}]
ACTS: list[dict[str, Any]] = [
    {
        "op": "mint",
        "as": "mine",
        "batch": "B",
        "material": "ore",
        "facility": "pit",
        "mass": "24 t",
        "substances": {"Co": "8.4 t"},
        "origin": "mined",
        "emissions": {"scope1": "40 t"},
        "at": AT,
    },
    {
        "op": "split",
        "as": "mine",
        "batch": "B",
        "into": [{"batch": "B-1", "mass": "1 t"}, {"batch": "B-2", "mass": "2 t"}],
        "at": AT,
    },
    {
        "op": "ship",
        "as": "mine",
        "shipment": "S",
        "batches": ["B-1"],
        "to": "dig",
        "emissions": {"scope3": "1 t"},
        "at": AT,
    },
    {"op": "receive", "as": "dig", "shipment": "mine/S", "arrived": {"mine/B-1": "0.9 t"}, "at": AT},
    {"op": "reject", "as": "dig", "shipment": "mine/S", "reason": "wet", "at": AT},
    {"op": "cancel", "as": "mine", "shipment": "S", "at": AT},
    {
        "op": "transform",
        "as": "mine",
        "transformation": "R",
        "facility": "pit",
        "process": "crushing",
        "inputs": [{"batch": "B-2"}, {"batch": "B", "mass": "1 t"}],
        "outputs": [{"batch": "C", "material": "ore", "mass": "2 t", "substances": {"Co": "0.5 t"}}],
        "losses": "balance",
        "at": AT,
    },
    {
        "op": "add_emissions",
        "as": "mine",
        "batch": "B",
        "emissions": {"scope2": "100 kg"},
        "reason": "storage",
        "at": AT,
    },
    {"op": "retire", "as": "mine", "batch": "B", "reason": "lost", "at": AT},
    {"op": "declare_error", "batch": "mine/B", "reason": "incorrect_data", "corrective": ["B-R"], "at": AT},
    {"op": "take_back", "as": "dig", "batch": "mine/B", "facility": "pit", "evidence": PAPER, "at": AT},
    {"op": "hold", "as": "mine", "batch": "C", "reason": "assay pending", "at": AT},
    {"op": "release", "as": "mine", "batch": "C", "reason": "assayed", "at": AT},
    {"op": "transfer_title", "as": "mine", "batch": "C", "to": "dig", "at": AT},
    {
        "op": "assign_stock",
        "batch": "mine/C",
        "to": "dig",
        "reason": "insolvency",
        "evidence": PAPER,
        "at": AT,
    },
    {"op": "propose_assignment", "batch": "mine/C", "to": "dig", "reason": "insolvency", "evidence": PAPER}
    | {"at": AT},
    {"op": "remeasure", "as": "mine", "batch": "C", "mass": "1.99 t", "substances": {"Co": "0.49 t"}}
    | {"reason": "assay", "at": AT},
    {"op": "reverse", "as": "dig", "of": {"receive": "mine/S", "lots": ["mine/B-1"]}, "reason": "typo"}
    | {"at": AT},
    {"op": "restate_emissions", "as": "mine", "of": {"mint": "B"}, "emissions": {"scope1": "41 t"}}
    | {"reason": "audit", "at": AT},
    {"op": "confirm_restatement", "as": "argus", "of": {"mint": "mine/B"}, "at": AT},
    {"op": "suspend_participant", "participant": "dig", "reason": "audit"},
    {"op": "reinstate_participant", "as": "argus", "participant": "dig", "reason": "audit"},
    {"op": "terminate_participant", "participant": "dig", "reason": "audit"},
    {"op": "add_operator", "as": "dig", "participant": "dig", "operator": KEY},
    {"op": "revoke_operator", "participant": "dig", "operator": KEY},
    {"op": "rotate_operator", "as": "dig", "participant": "dig", "operator": KEY, "successor": NEXT},
    {"op": "record_evidence", "uri": "urn:lca", "sha256": "5a" * 32, "kind": "lca", "issuer": "Lab"},
    {
        "op": "assess",
        "as": "argus",
        "assessment": "A",
        "participant": "dig",
        "kind": "saq",
        "score": "87.5 %",
        "valid_from": AT,
        "valid_until": AT,
        "issuer": "Body",
        "at": AT,
    },
    {
        "op": "raise_finding",
        "as": "argus",
        "finding": "F",
        "facility": "dig/pit",
        "severity": "critical",
        "category": "labour",
        "due": AT,
        "description": "No pay",
        "at": AT,
    },
    {
        "op": "submit_corrective_action",
        "as": "dig",
        "finding": "argus/F",
        "corrective_action": "Pay",
        "at": AT,
    },
    {"op": "accept_corrective_action", "as": "argus", "finding": "F", "at": AT},
    {"op": "refuse_corrective_action", "as": "argus", "finding": "F", "reason": "When?", "at": AT},
    {"op": "close_finding", "as": "argus", "finding": "F", "at": AT},
    {"op": "reopen_finding", "as": "argus", "finding": "F", "reason": "Again", "due": AT, "at": AT},
    {"op": "propose_requirement", "role": "carrier", "kinds": ["saq", "code_of_conduct"]},
    {"op": "enact_requirement", "role": "carrier", "kinds": []},
    {
        "op": "amend_material",
        "material": "ore",
        "substances": ["Li"],
        "tolerance": {"mass": "0.5 %"},
        "reason": "assays",
    },
    {"op": "permit_content", "as": "argus", "participant": "dig", "batch": "X", "material": "ore"}
    | {"reason": "assayed", "at": AT},
    {"op": "change_roles", "participant": "dig", "granted": ["auditor"], "revoked": ["producer"]}
    | {"reason": "new business"},
    {"op": "change_country", "participant": "dig", "facility": "dig/pit", "country": "ZM", "reason": "typo"},
    {"op": "disable_operators", "participant": "dig", "reason": "stolen"},
    {"op": "recover_operator", "participant": "dig", "operator": KEY, "consent": "0x" + "ab" * 65}
    | {"deadline": AT},
    {"op": "rename_participant", "as": "dig", "name": "Dig & Sons"},
    {"op": "identify", "as": "dig", "identifiers": [{"scheme": "lei", "value": "529900T8BM49AURSDO55"}]},
    {"op": "transfer_facility", "as": "dig", "facility": "pit", "to": "mine", "at": AT},
    {"op": "accept_facility", "as": "mine", "facility": "dig/pit", "at": AT},
    {"op": "confirm_facility", "facility": "dig/pit"},
    {"op": "grant_right", "right": "emergency", "account": KEY},
    {"op": "revoke_right", "right": "emergency", "account": KEY, "enact": True},
    {"op": "pause_ledger"},
    {"op": "resume_ledger"},
    {"op": "cancel_announced", "account": KEY, "target": NEXT, "data": "0x8456cb59"},
    {"op": "remove_account", "account": KEY},
]
SENTENCES = """
the consortium defines material ore (Ore), tracking Co
the consortium admits argus (A, CH) as auditor
dig declares dig/pit, a mine in CD
the consortium expects ore from dig/pit, up to 1000 t a year
mine mints 24 t of ore (Co 8.4 t) as mine/B, mined at mine/pit, emitting 40 t CO2e
mine splits mine/B-1 of 1 t and mine/B-2 of 2 t off mine/B
mine offers mine/B-1 to dig as shipment mine/S, emitting 1 t CO2e
dig takes custody of mine/B-1 in shipment mine/S; what arrived: 900 kg of mine/B-1 (loss)
dig refuses mine/B-1 in shipment mine/S: wet
mine cancels shipment mine/S with mine/B-1
mine makes 2 t of ore (Co 500 kg) as mine/C from all of mine/B-2 and 1 t of mine/B, by crushing at mine/pit as run mine/R, declaring lost what the outputs leave over
mine adds 100 kg CO2e to mine/B: storage
mine retires mine/B as used up outside the ledger: lost
the consortium declares mine/B an error (its data are wrong), corrected by B-R
dig takes mine/B back for recycling at dig/pit
mine holds mine/C up: assay pending
mine releases mine/C: assayed
mine passes title to mine/C on to dig
the consortium assigns mine/C to dig: insolvency
the consortium announces that mine/C will be assigned to dig: insolvency
mine measures mine/C anew: 1.99 t (Co 490 kg): assay
dig reverses the receipt of mine/B-1 in shipment mine/S: typo
mine restates mint mine/B at 41 t CO2e: audit
argus confirms what was restated of mint mine/B
the consortium suspends dig: audit
argus lets dig act again: audit
the consortium ends the relationship with dig for good: audit
dig lets key 0x1212121212121212121212121212121212121212 sign for dig too
the consortium revokes key 0x1212121212121212121212121212121212121212 of dig for good
dig replaces key 0x1212121212121212121212121212121212121212 of dig by 0x3434343434343434343434343434343434343434 at once
the consortium puts urn:lca on record, which Lab issued as lca
argus assesses dig: self-assessment (SAQ) 87.5 %, valid until 2026-01-17T06:00:00Z, issued by Body
argus raises critical finding argus/F against dig/pit, due 2026-01-17T06:00:00Z: No pay
dig submits a corrective action for finding argus/F: Pay
argus accepts the corrective action for finding argus/F
argus refuses the corrective action for finding argus/F: When?
argus closes finding argus/F
argus reopens finding argus/F, due 2026-01-17T06:00:00Z: Again
the consortium announces what will be mandatory for participants in the role carrier: self-assessment (SAQ) and code of conduct
the consortium makes mandatory for participants in the role carrier: nothing
the consortium has material ore track Li too, and sets its contents and tolerances: assays
argus permits dig/X to be off specification as ore: assayed
the consortium gives dig these roles: auditor; and takes these from it: producer: new business
the consortium says that dig/pit is in ZM: typo
the consortium disables all keys of dig for good: stolen
the consortium announces that it will give dig the new key 0x1212121212121212121212121212121212121212
dig is called Dig & Sons from now on
dig says that others call itself lei 529900T8BM49AURSDO55
dig offers dig/pit to mine
mine takes over dig/pit
the consortium confirms the approvals of dig/pit for its new holder
the consortium announces that it will give 0x1212121212121212121212121212121212121212 the right emergency, with a delay of 0 s
the consortium takes the right emergency from 0x1212121212121212121212121212121212121212
the consortium stops everybody
the consortium asks that the pause end, or ends it where another emergency account has asked
the consortium cancels the call of pause that 0x1212121212121212121212121212121212121212 announced
the consortium asks that 0x1212121212121212121212121212121212121212 lose all rights, or takes them where another emergency account has asked
""".strip().splitlines()  # noqa: E501


def address_of(slug: str) -> str:
    return "0x" + keccak(slug.encode())[12:].hex()


def effects(documents: list[dict[str, Any]]) -> dict[str, Effect]:
    """By operation: the effect of the last one of that kind."""
    addresses = {"assurance": b"\xaa" * 20, "ledger": b"\x11" * 20, "access_manager": b"\x22" * 20}
    addresses["registry"] = b"\x33" * 20
    names = Directory(Nothing(), consortium=b"\xcc" * 20, **addresses)
    found = {}
    for document in documents:
        given = dict(document)
        if given["op"] == "register_participant":
            given["address"] = address_of(given["participant"])
        operation = parse_operation(given)
        plan(operation, names)
        if operation.op == "restate_emissions":  # which is confirmed next
            operation.foreseen(Actor(names.participant("mine"), names))
        found[operation.op] = effect_of(operation, names)
        assert subject_of(operation, names)
    return found


def test_every_operation_says_what_it_does() -> None:
    found = effects([*WORLD, *ACTS])
    assert set(found) == {name_of(kind) for kind in OPERATIONS}
    assert [effect.summary for effect in found.values()] == SENTENCES


def test_every_sentence_can_be_said_in_every_language() -> None:
    found = effects([*WORLD, *ACTS])
    made = {each for effect in found.values() for each in phrases_of(effect.summary)}
    for spoken in LANGUAGES:
        with (FOLDER / f"{spoken.code}.po").open("rb") as file:
            known = {(each.context or "", each.id) for each in read_po(file)}
        assert made <= known
    german = in_language(found["mint"].summary, language("de"))
    assert german.startswith("mine ") and "8,4 t" in german and " mints " not in german


def phrases_of(text: object) -> Iterator[tuple[str, str]]:
    """The messages, with their contexts, of which a text is made, but those that have no words."""
    if isinstance(text, Phrase):
        assert remembered(json.loads(json.dumps(kept(text)))) == text
        if re.search(r"\w", re.sub(r"\{\w+\}", "", text.message)):
            yield text.context, (text.message, text.plural) if text.plural else text.message
        for value in text.values.values():
            yield from phrases_of(value)


def test_details_are_resolved_and_have_units() -> None:
    found = effects([*WORLD, *ACTS])
    assert found["ship"].details == {
        "operation": "ship",
        "as": "mine",
        "shipment": "mine/S",
        "batches": ["mine/B-1"],
        "to": {"participant": "dig", "address": address_of("dig")},
        "emissions": {
            "scope1_mg": "0",
            "scope2_mg": "0",
            "scope3_mg": "1000000000",
            "primary_mg": "0",
        },
        "at": 1768629600,
    }
    made = found["transform"].details
    assert made["inputs"] == [{"batch": "mine/B-2"}, {"batch": "mine/B", "mass_mg": "1000000000"}]
    assert made["outputs"][0]["substances_mg"] == {"Co": "500000000"}
    assert made["losses"] == "balance"
    assert found["receive"].details["arrived_mg"] == {"mine/B-1": "900000000"}
    assert found["mint"].details["origin"] == "mined"
    assert found["define_material"].details["as"] is None
    assert found["define_material"].details["substances"] == ["Co"]
    assert found["rotate_operator"].details["successor"] == NEXT
    assert found["assess"].details["score"] == 8750
    assert found["propose_requirement"].details["kinds"] == ["saq", "code_of_conduct"]


def test_zeros_are_details_too() -> None:
    """The first of an enumeration and the equator are values; what was not given is none."""
    site = {"op": "register_facility", "as": "mine", "facility": "x", "kind": "mine", "country": "CD"}
    wrong = {"op": "declare_error", "batch": "mine/B", "reason": "did_not_occur", "at": 1768629600}
    found = effects([*WORLD, ACTS[0], {**site, "latitude": "0", "longitude": "25.5"}, wrong])
    assert found["mint"].details["origin"] == "mined"
    assert found["declare_error"].details["reason"] == "did_not_occur"
    assert found["declare_error"].details["at"] == 1768629600
    assert found["register_facility"].details["latitude"] == 0
    assert "at" not in found["register_facility"].details
    assert {"private", "evidence", "corrective", "emissions"} & found["declare_error"].details.keys() == set()
