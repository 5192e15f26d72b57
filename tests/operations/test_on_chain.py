"""What operations say of themselves, held against the contracts: how often they happen, what is private."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.operations.test_dependencies import AT, WORLD, Nothing
from tests.real_ledger import RealLedger, signer_of
from tests.reference.registry import CONSORTIUM
from traceledger.chain.base import TransactionRevertedError
from traceledger.events import decode
from traceledger.events.facts import Text
from traceledger.events.private import private_texts
from traceledger.model.commitments import PREFIX, FieldKind, Opening
from traceledger.operations.base import Base, Evidenced, Hideable
from traceledger.operations.catalogue import OPERATIONS, by_name, name_of, parse_operation
from traceledger.operations.directory import Directory
from traceledger.operations.plan import PlannedCall, plan
from traceledger.private.store import Disclosures, Drafts
from traceledger.sending.sender import address_of
from traceledger.signing.transaction import UnsignedTransaction, sign

Operation = dict[str, Any]
START, DELAY = 1_768_629_600, 2 * 86_400
KEY, NEXT = "0x" + "12" * 20, "0x" + "34" * 20
LATER = "2100-01-17T06:00:00Z"
ANSWER = {"op": "submit_corrective_action", "as": "dig", "finding": "argus/F", "at": AT}

# Each is followed by what brings things back where it began, so that all can be tried a second time.
SCRIPT: list[Operation] = [
    *WORLD,
    {"op": "register_participant", "participant": "gone", "name": "G", "country": "CD"},
    {"op": "mint", "as": "mine", "batch": "B", "material": "ore", "facility": "pit", "mass": "24 t"}
    | {"substances": {"Co": "8 t"}, "origin": "mined", "emissions": {"scope1": "40 t"}, "at": AT},
    {"op": "split", "as": "mine", "batch": "B", "at": AT}
    | {"into": [{"batch": name, "mass": "1 t"} for name in ("B-1", "B-2", "B-3")]},
    {"op": "ship", "as": "mine", "shipment": "S", "batches": ["B-1"], "to": "dig", "at": AT},
    {"op": "receive", "as": "dig", "shipment": "mine/S", "arrived": {"mine/B-1": "0.9 t"}, "at": AT},
    {"op": "ship", "as": "mine", "shipment": "T", "batches": ["B-2"], "to": "dig", "at": AT},
    {"op": "reject", "as": "dig", "shipment": "mine/T", "reason": "wet", "at": AT},
    {"op": "ship", "as": "mine", "shipment": "U", "batches": ["B-2"], "to": "dig", "at": AT},
    {"op": "cancel", "as": "mine", "shipment": "U", "at": AT},
    {"op": "transform", "as": "mine", "transformation": "R", "facility": "pit", "process": "crushing"}
    | {"inputs": [{"batch": "B-2"}, {"batch": "B", "mass": "1 t"}], "losses": "balance", "at": AT}
    | {"outputs": [{"batch": "C", "material": "ore", "mass": "2 t", "substances": {"Co": "0.5 t"}}]},
    {
        "op": "add_emissions",
        "as": "mine",
        "batch": "B",
        "emissions": {"scope2": "100 kg"},
        "reason": "storage",
        "at": AT,
    },
    {"op": "retire", "as": "mine", "batch": "C", "reason": "lost", "at": AT},
    {"op": "declare_error", "as": "mine", "batch": "B-3", "reason": "did_not_occur", "at": AT}
    | {"corrective": ["B-R"]},
    {"op": "suspend_participant", "participant": "dig", "reason": "audit"},
    {"op": "reinstate_participant", "as": "argus", "participant": "dig", "reason": "audit"},
    {"op": "terminate_participant", "participant": "gone", "reason": "audit"},
    {"op": "add_operator", "participant": "dig", "operator": KEY},
    {"op": "rotate_operator", "participant": "dig", "operator": KEY, "successor": NEXT},
    {"op": "revoke_operator", "participant": "dig", "operator": NEXT},
    {"op": "record_evidence", "uri": "urn:lca", "sha256": "5a" * 32, "kind": "lca", "issuer": "Lab"},
    {"op": "assess", "as": "argus", "assessment": "A", "participant": "dig", "kind": "saq", "at": AT}
    | {"score": "87.5 %", "valid_from": AT, "valid_until": LATER, "issuer": "Body"},
    {"op": "raise_finding", "as": "argus", "finding": "F", "facility": "dig/pit", "severity": "minor"}
    | {"category": "labour", "due": LATER, "description": "No pay", "at": AT},
    {
        "op": "submit_corrective_action",
        "as": "dig",
        "finding": "argus/F",
        "corrective_action": "Pay",
        "at": AT,
    },
    {"op": "refuse_corrective_action", "as": "argus", "finding": "F", "reason": "When?", "at": AT},
    {
        "op": "submit_corrective_action",
        "as": "dig",
        "finding": "argus/F",
        "corrective_action": "Now",
        "at": AT,
    },
    {"op": "accept_corrective_action", "as": "argus", "finding": "F", "at": AT},
    {"op": "close_finding", "as": "argus", "finding": "F", "at": AT},
    {"op": "reopen_finding", "as": "argus", "finding": "F", "reason": "Again", "due": LATER, "at": AT},
    {"op": "propose_requirement", "role": "carrier", "kinds": ["saq"]},
    {"op": "enact_requirement", "role": "carrier", "kinds": ["saq"]},
]


@dataclass(frozen=True)
class Tried:
    """An operation, how often its very same call was mined, and what it kept private.

    Attributes:
        op: its name.
        times: how often it was mined: at first, at once again, and after the whole script again.
        hidden: the openings made for it whose commitments stand in its call, by commitment.
        declared: the commitments that its events declare.
    """

    op: str
    times: int
    hidden: Mapping[str, Opening]
    declared: Mapping[str, Text]


class Chain:
    """A new chain with the contracts, each block days after the one before."""

    def __init__(self, folder: Path) -> None:
        self.ledger = RealLedger.deploy(folder / "chain.db")
        for slug in ("mine", "dig", "argus", "gone"):
            self.ledger.signers[slug] = signer_of(slug)
        self.time = max(START, self.ledger.chain.head().timestamp)

    def mines(self, operation: Base, call: PlannedCall) -> bool:
        chain, signer = self.ledger.chain, self.ledger.signers[operation.act_as or CONSORTIUM]
        target = address_of(self.ledger.contracts, call.contract)
        nonce = chain.nonce(signer.address)
        transaction = UnsignedTransaction(chain.chain_id, nonce, 30_000_000, target, call.data)
        self.time += DELAY
        try:
            chain.send([sign(transaction, signer)], timestamp=self.time)
        except TransactionRevertedError:
            return False
        return True

    def declared(self) -> dict[str, Text]:
        """The commitments that the events of the newest block declare."""
        head = self.ledger.chain.head().number
        (block,) = self.ledger.chain.blocks(head, head)
        events = [event for log in block.logs if (event := decode(log)) is not None]
        return {text.text: text for event in events for text in private_texts(event)}


def private(document: Operation, number: int) -> Operation:
    """The operation, private as far as it can be, with a document of its own where it can have one."""
    kind, more = by_name(document["op"]), {}
    if issubclass(kind, Evidenced):
        more["evidence"] = [{"uri": f"https://documents.example/{number}", "sha256": f"{number:064x}"}]
    if document["op"] == "register_participant":
        more["address"] = "0x" + signer_of(document["participant"]).address.hex()
    if document["op"] == "register_facility":
        more["name"] = f"Pit of {document['as']}"
    return {**document, **more, "private": True} if issubclass(kind, Hideable) else document


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    """The script, every operation tried again at once, and all of them again in the end."""
    folder = tmp_path_factory.mktemp("tried")
    chain, drafts = Chain(folder), Drafts(Disclosures(folder / "disclosures.sqlite"))
    consortium, assurance = chain.ledger.signers[CONSORTIUM].address, chain.ledger.contracts.assurance
    names = Directory(Nothing(), consortium, assurance, drafts)
    done = []
    for number, document in enumerate(SCRIPT):
        operation = parse_operation(private(document, number))
        call = plan(operation, names)
        assert chain.mines(operation, call), document
        in_call = re.findall(re.escape(PREFIX) + "[0-9a-f]{64}", call.data.decode("latin-1"))
        hidden = {each.commitment: each for each in drafts.made if each.commitment in in_call}
        drafts.save()
        declared = chain.declared()
        done.append(
            (operation, call, Tried(operation.op, 1 + chain.mines(operation, call), hidden, declared))
        )
    found = [replace(each, times=each.times + chain.mines(*sent)) for *sent, each in done]
    chain.ledger.close()
    drafts.stored.close()
    return found


def test_the_script_has_every_operation() -> None:
    assert {each["op"] for each in SCRIPT} == {name_of(kind) for kind in OPERATIONS}


def test_what_can_happen_once_is_refused_a_second_time_and_all_else_is_not(tried: list[Tried]) -> None:
    twice = {each.op for each in tried if each.times > 1}
    assert twice == {name_of(kind) for kind in OPERATIONS if not kind.row().once}


def test_what_is_private_in_a_call_the_event_declares(tried: list[Tried]) -> None:
    """Else a proof could not disclose it, and readers would show the commitment for good."""
    for each in tried:
        assert each.hidden.keys() <= each.declared.keys(), each.op
        for commitment, opening in each.hidden.items():
            text = each.declared[commitment]
            assert (text.kind, text.owner or opening.owner) == (opening.kind, opening.owner), each.op
    assert {opening.kind for each in tried for opening in each.hidden.values()} == set(FieldKind)
