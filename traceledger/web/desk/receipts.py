"""Receipts: what was recorded of a draft, in words and with its place on the chain; proof files beside it.

A receipt is ``receipt.json`` in the draft's folder ``DRAFT.receipt``. It is made of the chain as it is read
back, not of what was meant to be sent: a line that is not recorded is not on it.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError, NetworkError, UnknownNameError
from traceledger.languages.phrases import kept, phrase, remembered
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.storage import files
from traceledger.storage.json_text import loads
from traceledger.web.desk.drafts import Draft, Drafts, State
from traceledger.web.desk.forms import plain_name

if TYPE_CHECKING:
    from pathlib import Path

    from traceledger.chain.base import Block
    from traceledger.client.client import Client
    from traceledger.sending.rehearsal import PlannedOperation, RecordedAt

_FILE = "receipt.json"
DONE = (State.FINAL, State.REFUSED, State.FAILED)
"""The states in which something may be recorded, and nothing is on its way."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A recorded operation.

    Attributes:
        number: its line in the draft.
        place: what that is called where the draft came from; empty: by its number.
        operation: its name.
        summary: what it did, in a sentence; in the file in English, and as ``spoken`` what it was made of.
        block: in which it stands.
        time: of that block, UTC seconds.
        transaction: its hash, 0x text.
        key: name of the key that signed, as it is stored here; empty: it is not.
        address: of that key, 0x text.
    """

    number: int
    place: str
    operation: str
    summary: str
    block: int
    time: int
    transaction: str
    key: str
    address: str


@dataclass(frozen=True, slots=True)
class ReceiptBatch:
    """A batch that was changed or made: full name, id, and its mass when the receipt was made, decimal mg."""

    name: str
    id: str
    mass_mg: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was recorded of a draft.

    Attributes:
        draft: its id.
        made: when the receipt was made, UTC seconds.
        participant: whose operations they are.
        network: its name.
        chain_id: of its chain.
        key: name of the key of the clerk who approved last.
        address: of that key, 0x text.
        missing: how many lines of the draft are not recorded.
        lines: those that are.
        batches: that they changed or made.
    """

    draft: str
    made: int
    participant: str
    network: str
    chain_id: int
    key: str
    address: str
    missing: int
    lines: tuple[ReceiptLine, ...]
    batches: tuple[ReceiptBatch, ...]

    def batch(self, name: str) -> ReceiptBatch:
        """A batch by its full name.

        Raises:
            UnknownNameError: the receipt has none of that name.
        """
        found = next((each for each in self.batches if each.name == name), None)
        if found is None:
            raise UnknownNameError(phrase("this receipt names no batch {batch}", batch=name))
        return found


class Receipts:
    """The receipts of a desk.

    Args:
        drafts: beside which they lie.
        key_names: names of the stored keys by their addresses.
    """

    def __init__(self, drafts: Drafts, key_names: Callable[[], Mapping[bytes, str]]) -> None:
        self._drafts = drafts
        self._key_names = key_names
        self._proving = threading.Lock()

    def make(self, draft: Draft, client: Client) -> Receipt:
        """Make the receipt of a draft of which something is recorded, or make it anew.

        Raises:
            InputError: nothing is recorded, or something may be on its way.
            NetworkError: the chain cannot be read.
        """
        if draft.state not in DONE:
            raise InputError(phrase("the draft is not recorded yet"), hint=phrase("sign it, or wait"))
        plan = client.plan(self._drafts.path(draft))
        blocks: dict[int, Block] = {}
        names_of_keys = self._key_names()
        lines = tuple(
            _line(it, it.recorded, draft, client, blocks, names_of_keys)
            for it in plan.operations
            if it.recorded is not None
        )
        if not lines:
            raise InputError(phrase("nothing of this draft is recorded"), hint=phrase("look at it again"))
        names = dict.fromkeys(name for it in plan.operations if it.recorded for name in it.batches)
        signed = draft.signed
        receipt = Receipt(
            draft=draft.id,
            made=int(time.time()),
            participant=self._drafts.participant,
            network=client.network.name,
            chain_id=client.network.chain_id,
            key="" if signed is None else signed.key,
            address="" if signed is None else signed.address,
            missing=len(plan.operations) - len(lines),
            lines=lines,
            batches=tuple(_batch(name, client) for name in names),
        )
        folder = self._drafts.receipt_folder(draft)
        files.make_folder(folder, mode=0o700)
        files.replace(folder / _FILE, json.dumps(_written(receipt), indent=1), mode=files.OWNER_ONLY)
        self._drafts.move(draft, draft.state, troubles=draft.troubles, receipt=True)
        return receipt

    def get(self, draft: Draft) -> Receipt:
        """The receipt of a draft.

        Raises:
            UnknownNameError: there is none.
            InputError: its file was changed, and says nothing.
        """
        path = self._drafts.receipt_folder(draft) / _FILE
        if not path.is_file():
            raise UnknownNameError(phrase("there is no receipt of this draft"), hint=phrase("have it made"))
        with files.explained(path, verb="read"):
            content = files.content_of(path)
        try:
            return _read(loads(content))
        except (TypeError, ValueError, KeyError):
            raise InputError(
                phrase("the receipt's file is damaged"), hint=phrase("have it made anew")
            ) from None

    def prove(self, draft: Draft, name: str, client: Client) -> None:
        """Write the proof file of a batch of a receipt beside it.

        Raises:
            UnknownNameError: the receipt names no such batch.
            NetworkError: another one is being made, or the chain cannot be read.
            VerificationError: what index and node say makes no file that holds.
        """
        batch = self.get(draft).batch(name)
        if not self._proving.acquire(blocking=False):
            raise NetworkError(
                phrase("another proof file is being made"), hint=phrase("try again in a minute")
            )
        try:
            client.export_proof(batch.id, self._proof(draft, batch))
        finally:
            self._proving.release()

    def proved(self, draft: Draft, receipt: Receipt) -> Mapping[str, str]:
        """The batches of its receipt that have a proof file beside it, and under which name it is saved."""
        return {each.name: _saved(each) for each in receipt.batches if self._proof(draft, each).is_file()}

    def proof(self, draft: Draft, name: str) -> tuple[bytes, str]:
        """A proof file and how it is called.

        Raises:
            UnknownNameError: it was not made.
        """
        batch = self.get(draft).batch(name)
        path = self._proof(draft, batch)
        if not path.is_file():
            raise UnknownNameError(phrase("this proof file was not made yet"), hint=phrase("have it made"))
        with files.explained(path, verb="read"):
            return files.content_of(path, 2**30), _saved(batch)

    def _proof(self, draft: Draft, batch: ReceiptBatch) -> Path:
        return self._drafts.receipt_folder(draft) / f"{batch.id}.tlproof"


def _line(
    it: PlannedOperation,
    at: RecordedAt,
    draft: Draft,
    client: Client,
    blocks: dict[int, Block],
    names_of_keys: Mapping[bytes, str],
) -> ReceiptLine:
    if at.block not in blocks:
        blocks[at.block] = next(iter(client.chain.blocks(at.block, at.block)))
    block = blocks[at.block]
    transaction = next(each for each in block.transactions if each.index == at.index)
    return ReceiptLine(
        number=it.number,
        place=draft.origin.called(it.number),
        operation=it.operation,
        summary=it.effect.summary,
        block=at.block,
        time=block.ref.timestamp,
        transaction=hexed(transaction.hash),
        key=names_of_keys.get(at.signer, ""),
        address=hexed(at.signer),
    )


def _batch(name: str, client: Client) -> ReceiptBatch:
    number = client.batch_id(name)
    batch = client.index.batch(number)
    return ReceiptBatch(name, id_text(number), "" if batch is None else str(batch.mass_mg))


def _saved(batch: ReceiptBatch) -> str:
    """How the proof file of a batch is called when it is saved: by what stands after its owner."""
    return plain_name(batch.name.partition("/")[2].replace("/", "_")) + ".tlproof"


def _written(receipt: Receipt) -> dict[str, Any]:
    lines = [{**asdict(each), "spoken": kept(each.summary)} for each in receipt.lines]
    return {**asdict(receipt), "lines": lines}


def _read(document: Mapping[str, Any]) -> Receipt:
    return Receipt(
        **{
            **document,
            "lines": tuple(map(_read_line, document["lines"])),
            "batches": tuple(ReceiptBatch(**each) for each in document["batches"]),
        }
    )


def _read_line(document: Mapping[str, Any]) -> ReceiptLine:
    spoken = remembered(document["spoken"])
    fields = {name: value for name, value in document.items() if name != "spoken"}
    return ReceiptLine(**{**fields, "summary": spoken})
