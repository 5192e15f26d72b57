"""What operations say of themselves, held against the contracts: how often they happen, what is private."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, embedded_chain, network_of, new_client
from tests.operations.test_dependencies import AT, WORLD
from traceledger.artifacts.calls import encode
from traceledger.chain.base import Block, Receipt, TransactionRevertedError
from traceledger.chain.embedded import EmbeddedChain
from traceledger.events import decode
from traceledger.events.facts import Text
from traceledger.events.private import private_texts
from traceledger.model.commitments import PREFIX, FieldKind, Opening
from traceledger.model.rights import RightKind
from traceledger.operations.base import Evidenced, Hideable
from traceledger.operations.catalogue import OPERATIONS, by_name, name_of, parse_operation
from traceledger.sending.consent import consent
from traceledger.signing.transaction import UnsignedTransaction, sign

Operation = dict[str, Any]
DELAY = 2 * 86_400
KEY, NEXT = "SPARE", "NEXT"
LATE = 9_000_000_000
"""Until when the key consents that a company gets back, UTC seconds."""
"""Stand for the addresses of stored keys (:meth:`World.written`)."""
PAPER = [{"uri": "urn:order", "sha256": "5a" * 32}]
LATER = "2100-01-17T06:00:00Z"
ANSWER = {"op": "submit_corrective_action", "as": "dig", "finding": "argus/F", "at": AT}

# Each is followed by what brings things back where it began, so that all can be tried a second time.
SCRIPT: list[Operation] = [
    *WORLD,
    {"op": "register_participant", "participant": "gone", "name": "G", "country": "CD"},
    {"op": "register_participant", "participant": "lynx", "name": "L", "country": "CH", "roles": ["auditor"]},
    {"op": "register_participant", "participant": "lusatia", "name": "R", "country": "DE"},
    {"op": "define_material", "material": "car", "name": "Car", "substances": ["Co"], "product": True},
    {"op": "register_facility", "as": "lusatia", "facility": "plant", "kind": "recycler", "country": "DE"},
    {"op": "approve_origin", "facility": "lusatia/plant", "material": "car", "capacity_per_year": "1000 t"},
    {"op": "approve_origin", "facility": "mine/pit", "material": "car", "capacity_per_year": "1000 t"},
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
    {"op": "add_operator", "as": "dig", "participant": "dig", "operator": KEY},
    {"op": "rotate_operator", "as": "dig", "participant": "dig", "operator": KEY, "successor": NEXT},
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
    {"op": "amend_material", "material": "ore", "substances": ["Li"], "reason": "tracked from now on"}
    | {"tolerance": {"mass": "1 %", "substances": "1 %"}},
    {"op": "permit_content", "as": "argus", "participant": "mine", "batch": "B-9", "material": "ore"}
    | {"reason": "assayed", "at": AT},
    {"op": "change_roles", "participant": "dig", "granted": ["carrier"], "reason": "new business"},
    {"op": "change_roles", "participant": "dig", "revoked": ["carrier"], "reason": "given up"},
    {"op": "change_country", "participant": "dig", "country": "ZM", "reason": "typo"},
    {"op": "change_country", "participant": "dig", "country": "CD", "reason": "typo"},
    {"op": "rename_participant", "as": "dig", "name": "Dig and Sons"},
    {"op": "identify", "as": "dig", "identifiers": [{"scheme": "lei", "value": "529900T8BM49AURSDO55"}]},
    {"op": "transfer_facility", "as": "dig", "facility": "pit", "to": "mine", "at": AT},
    {"op": "accept_facility", "as": "mine", "facility": "dig/pit", "at": AT},
    {"op": "confirm_facility", "facility": "dig/pit"},
    {"op": "transfer_facility", "as": "mine", "facility": "dig/pit", "to": "dig", "at": AT},
    {"op": "accept_facility", "as": "dig", "facility": "pit", "at": AT},
    {"op": "hold", "as": "mine", "batch": "B", "reason": "assay pending", "at": AT},
    {"op": "release", "as": "mine", "batch": "B", "at": AT},
    {"op": "transfer_title", "as": "mine", "batch": "B", "to": "dig", "at": AT},
    {"op": "remeasure", "as": "mine", "batch": "B", "mass": "19.95 t", "reason": "umpire", "at": AT},
    {"op": "restate_emissions", "as": "mine", "of": {"mint": "B"}, "emissions": {"scope1": "39 t"}}
    | {"reason": "audited", "at": AT},
    {"op": "confirm_restatement", "as": "argus", "of": {"mint": "mine/B"}, "at": AT},
    {"op": "mint", "as": "mine", "batch": "W", "material": "ore", "facility": "pit", "mass": "1 t"}
    | {"origin": "mined", "at": AT},
    {"op": "reverse", "as": "mine", "of": {"mint": "W"}, "reason": "typo", "at": AT},
    {"op": "mint", "as": "mine", "batch": "V", "material": "car", "facility": "pit", "mass": "1 t"}
    | {"origin": "mined", "at": AT},
    {"op": "retire", "as": "mine", "batch": "V", "how": "delivered", "at": AT},
    {"op": "take_back", "as": "lusatia", "batch": "mine/V", "facility": "plant", "at": AT},
    {"op": "suspend_participant", "participant": "dig", "reason": "insolvent"},
    {"op": "propose_assignment", "batch": "mine/B-1", "to": "mine", "reason": "insolvency", "at": AT}
    | {"evidence": PAPER},
    {"op": "assign_stock", "batch": "mine/B-1", "to": "mine", "reason": "insolvency", "at": AT}
    | {"evidence": PAPER},
    {"op": "reinstate_participant", "as": "argus", "participant": "dig", "reason": "saved"},
    {"op": "disable_operators", "participant": "lynx", "reason": "stolen"},
    {"op": "recover_operator", "participant": "lynx", "operator": "HEIR", "consent": "CONSENT"}
    | {"deadline": LATE},
    {"op": "recover_operator", "participant": "lynx", "operator": "HEIR", "consent": "CONSENT"}
    | {"deadline": LATE, "enact": True},
    {"op": "grant_right", "right": "origins", "account": KEY},
    {"op": "grant_right", "right": "origins", "account": KEY, "enact": True},
    {"op": "revoke_right", "right": "origins", "account": KEY},
    {"op": "cancel_announced", "account": "FOUNDER", "target": "MANAGER", "data": "REVOKED"},
    {"op": "revoke_right", "right": "origins", "account": KEY},
    {"op": "revoke_right", "right": "origins", "account": KEY, "enact": True},
    {"op": "remove_account", "account": KEY},
    {"op": "pause_ledger"},
    {"op": "resume_ledger"},
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


class Timed(EmbeddedChain):
    """A chain whose blocks have the time that a test lets pass."""

    now = 0

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        self.now += 1
        return super().send(raw, timestamp=self.now)


class World:
    """A client of a new network with a key for everybody, and an officer beside the deploying account."""

    def __init__(self, folder: Path) -> None:
        new_client(folder).close()
        self.chain = embedded_chain(network_of(folder), Timed)
        self.chain.now = self.chain.head().timestamp
        self.client = client_of(folder, chain=self.chain)
        self.contracts, self.founder = self.client.network.deployed(), self.client.signers.deployer()
        for name in ("mine", "dig", "argus", "gone", "lynx", "lusatia", "officer", "spare", "next", "heir"):
            self.client.create_key(name)
        officer = self.client.signers.address_of("officer")
        self.client.grant_right("emergency", officer)
        self.chain.now += DELAY
        self.client.grant_right("emergency", officer, enact=True)

    def written(self, document: Operation) -> Operation:
        """With the addresses of this world in place of what stands for them."""
        address_of = self.client.signers.address_of
        stand = {"SPARE": "0x" + address_of("spare").hex(), "NEXT": "0x" + address_of("next").hex()}
        stand |= {"FOUNDER": "0x" + self.founder.hex(), "MANAGER": "0x" + self.contracts.access_manager.hex()}
        stand |= {"HEIR": "0x" + address_of("heir").hex(), "CONSENT": "0x" + self.consent().hex()}
        revoked = encode("AccessManager", "revokeRole", int(RightKind.ORIGINS), address_of("spare"))
        stand["REVOKED"] = "0x" + revoked.hex()
        return {
            key: stand.get(value, value) if isinstance(value, str) else value
            for key, value in document.items()
        }

    def consent(self) -> bytes:
        """That the key named heir joins lynx."""
        signers = self.client.signers
        return consent(
            signers.unlock(signers.address_of("heir")),
            participant=signers.address_of("lynx"),
            deadline=LATE,
            chain_id=self.chain.chain_id,
            registry=self.contracts.registry,
        )

    def perform(self, document: Operation) -> tuple[bytes, bytes, bytes]:
        """Perform it; who sent what to whom."""
        waits = {"enact_requirement", "assign_stock"}
        if document.get("enact") or document["op"] in waits:
            self.chain.now += DELAY
        self.client.perform(parse_operation(document))
        (transaction,) = self.block().transactions
        assert transaction.to is not None
        return transaction.sender, transaction.to, transaction.input

    def mines(self, sender: bytes, to: bytes, data: bytes) -> bool:
        """Whether the very same call is mined once more."""
        signer, nonce = self.client.signers.unlock(sender), self.chain.nonce(sender)
        transaction = UnsignedTransaction(self.chain.chain_id, nonce, 30_000_000, to, data)
        try:
            self.chain.send([sign(transaction, signer)])
        except TransactionRevertedError:
            return False
        return True

    def block(self) -> Block:
        head = self.chain.head().number
        (block,) = self.chain.blocks(head, head)
        return block

    def declared(self) -> dict[str, Text]:
        """The commitments that the events of the newest block declare."""
        events = [event for log in self.block().logs if (event := decode(log)) is not None]
        return {text.text: text for event in events for text in private_texts(event)}


def private(document: Operation, number: int) -> Operation:
    """The operation, private as far as it can be, with a document of its own where it can have one."""
    kind, more = by_name(document["op"]), {}
    if issubclass(kind, Evidenced):
        more["evidence"] = [{"uri": f"https://documents.example/{number}", "sha256": f"{number:064x}"}]
    if document["op"] == "register_facility":
        more["name"] = f"Pit of {document['as']}"
    return {**more, **document, "private": True} if issubclass(kind, Hideable) else {**more, **document}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[Tried]:
    """The script, every operation tried again at once, and all of them again in the end."""
    world = World(tmp_path_factory.mktemp("tried"))
    disclosures, done = world.client.disclosures, []
    for number, document in enumerate(SCRIPT):
        known = {opening.commitment for opening in disclosures.all()}
        call = world.perform(private(world.written(document), number))
        in_call = re.findall(re.escape(PREFIX) + "[0-9a-f]{64}", call[2].decode("latin-1"))
        new = {each.commitment: each for each in disclosures.all() if each.commitment not in known}
        hidden = {commitment: new[commitment] for commitment in in_call if commitment in new}
        declared = world.declared()
        done.append((call, Tried(document["op"], 1 + world.mines(*call), hidden, declared)))
        if document["op"] == "resume_ledger":
            assert world.mines(world.client.signers.address_of("officer"), *call[1:])
    found = []
    for call, each in done:
        world.chain.now += DELAY
        found.append(replace(each, times=each.times + world.mines(*call)))
    world.client.close()
    return found


def test_the_script_has_every_operation() -> None:
    assert {each["op"] for each in SCRIPT} == {name_of(kind) for kind in OPERATIONS}


def test_what_can_happen_once_is_refused_a_second_time_and_all_else_is_not(tried: list[Tried]) -> None:
    twice = {each.op for each in tried if each.times > 1}
    assert twice == {name_of(kind) for kind in OPERATIONS if not kind.row().once}


def test_what_is_private_in_a_call_the_event_declares(tried: list[Tried]) -> None:
    """Else a proof could not disclose it, and readers would show the commitment for good."""
    done = {each.op: each.declared for each in tried}
    for each in tried:
        # What is announced is declared when it is done.
        declared = done["assign_stock"] if each.op == "propose_assignment" else each.declared
        assert each.hidden.keys() <= declared.keys(), each.op
        for commitment, opening in each.hidden.items():
            text = declared[commitment]
            assert (text.kind, text.owner or opening.owner) == (opening.kind, opening.owner), each.op
    found = {opening.kind for each in tried for opening in each.hidden.values()}
    assert found == set(FieldKind) - {FieldKind.EMISSIONS_RECORD}  # always readable
