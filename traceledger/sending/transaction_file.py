"""Files of signed transactions, made on a machine without a network and sent from another one.

UTF-8 JSON Lines. The first line says for which chain and contracts they are; every other one is a
transaction. docs/operations.md describes the format. What a file says is checked against what was signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceledger.config.networks import CONTRACTS, Contracts, Network
from traceledger.errors import InputError
from traceledger.model.hexadecimal import digits, hexed, id_text
from traceledger.model.patience import DEFAULT
from traceledger.sending.jobs import Job
from traceledger.signing.transaction import SignedTransaction, decode_signed
from traceledger.storage.files import explained, replacing, text_of
from traceledger.storage.json_text import loads
from traceledger.storage.locks import held

FORMAT = "traceledger-transactions"
VERSION = 1
_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """For which chain and contracts a file is. ``genesis_hash`` is ``None`` if the signer did not know it."""

    chain_id: int
    genesis_hash: bytes | None
    contracts: Contracts


@dataclass(frozen=True, slots=True)
class TransactionFile:
    """Signed transactions, as jobs that need not be signed any more, in the order in which to send them."""

    header: Header
    jobs: tuple[Job, ...]


def header_of(network: Network) -> Header:
    """What the files of a network begin with.

    Raises:
        NetworkError: no contracts are deployed there yet.
    """
    return Header(network.chain_id, network.genesis_hash, network.deployed())


@contextmanager
def alone(path: Path, *, seconds: float = DEFAULT.turn) -> Iterator[None]:
    """One process at a time reads a file, and replaces it by a longer one.

    Args:
        path: the file.
        seconds: how long to wait for another process.

    Raises:
        NetworkError: another process keeps it.
        InputError: its folder cannot be written.
    """
    lock = path.with_name(f".{path.name}.lock")
    with held(lock, doing="signing into the file", seconds=seconds, about=path, error=InputError):
        yield


def write(path: Path, file: TransactionFile) -> None:
    """Write a file, all of it or nothing; one that was there is replaced.

    Raises:
        InputError: it cannot be written.
    """
    lines = [_header(file.header), *map(_line, file.jobs)]
    with replacing(path) as target:
        target.writelines(json.dumps(line).encode() + b"\n" for line in lines)


def read(path: Path) -> TransactionFile:
    """Read a file and check all of it.

    Raises:
        InputError: it cannot be read, is none, or says something else than what was signed; with its line.
    """
    try:
        with explained(path, verb="read"):
            lines = text_of(path, "utf-8", _MAX_BYTES).splitlines()
    except UnicodeDecodeError:
        raise _none(f"{path}:1") from None
    documents = [_document(path, number, line) for number, line in enumerate(lines, start=1)]
    if not documents or documents[0].get("format") != FORMAT:
        raise _none(f"{path}:1")
    if documents[0].get("version") != VERSION:
        raise InputError("the file is of another version of the format", where=f"{path}:1")
    header = _read_header(documents[0], f"{path}:1")
    jobs: list[Job] = []
    nonces: dict[bytes, int] = {}
    for number, document in enumerate(documents[1:], start=2):
        job = _read_job(document, header, f"{path}:{number}")
        _require_in_order(job, len(jobs), nonces, f"{path}:{number}")
        jobs.append(job)
    return TransactionFile(header, tuple(jobs))


def _require_in_order(job: Job, position: int, nonces: dict[bytes, int], where: str) -> None:
    """Refuse what needs something after it, or leaves out a nonce; ``nonces`` are the next ones."""
    if any(need >= position for need in job.needs):
        raise InputError("the transaction needs one that does not come before it", where=where)
    nonce = job.nonce or 0
    expected = nonces.setdefault(job.account, nonce)
    if nonce != expected:
        raise InputError(f"its nonce is {nonce}, and {expected} comes next of this account", where=where)
    nonces[job.account] = nonce + 1


def require_for(file: TransactionFile, network: Network, genesis_hash: bytes | None, path: Path) -> None:
    """Refuse a file that is for another network.

    Raises:
        InputError: it is.
    """
    header, ours = file.header, header_of(network)
    hint = "choose the network with --network"
    if header.chain_id != ours.chain_id:
        what = f"the file is for chain id {header.chain_id}, and network {network.name!r} has {ours.chain_id}"
        raise InputError(what, where=path, hint=hint)
    if header.contracts != ours.contracts:
        raise InputError("the file is for other contracts than the network's", where=path, hint=hint)
    if None not in (header.genesis_hash, genesis_hash) and header.genesis_hash != genesis_hash:
        raise InputError("the file is for a chain with another genesis block", where=path, hint=hint)


def next_nonces(jobs: Iterable[Job]) -> dict[bytes, int]:
    """By account the nonce after those of these transactions."""
    return {job.account: job.nonce + 1 for job in jobs if job.nonce is not None}


def _header(header: Header) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "chain_id": str(header.chain_id),
        "genesis_hash": None if header.genesis_hash is None else hexed(header.genesis_hash),
        "contracts": {field: hexed(at) for field, at in header.contracts.by_field.items()},
    }


def _line(job: Job) -> dict[str, Any]:
    raw = job.raw or b""
    return {
        "operation": job.operation,
        "source": job.source,
        "sender": hexed(job.account),
        "nonce": job.nonce,
        "actor": hexed(job.actor),
        "occurrence": job.occurrence,
        "needs": list(job.needs),
        "batches": [id_text(batch) for batch in job.batches],
        "hash": hexed(decode_signed(raw).hash),
        "raw": hexed(raw),
    }


def _document(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        document = loads(line)
    except InputError as error:
        raise _none(f"{path}:{number}", f": {error.what}") from None
    if not isinstance(document, dict):
        raise _none(f"{path}:{number}")
    return document


def _none(where: str, why: str = "") -> InputError:
    what = f"not a file of signed transactions{why}"
    return InputError(what, where=where, hint="make one with --offline FILE")


def _read_header(document: dict[str, Any], where: str) -> Header:
    try:
        contracts = Contracts(**{field: _bytes(document["contracts"][field], 20) for field in CONTRACTS})
        genesis = document["genesis_hash"]
        if not isinstance(document["chain_id"], str):
            raise _none(where)
        return Header(int(document["chain_id"]), None if genesis is None else _bytes(genesis, 32), contracts)
    except (KeyError, TypeError, ValueError):
        raise _none(where) from None


def _read_job(document: dict[str, Any], header: Header, where: str) -> Job:
    try:
        raw = _bytes(document["raw"], None)
        sender, digest = _bytes(document["sender"], 20), _bytes(document["hash"], 32)
        actor, nonce = _bytes(document["actor"], 20), _number(document["nonce"])
        occurrence, needs = _number(document["occurrence"]), tuple(map(_number, document["needs"]))
        batches = tuple(int.from_bytes(_bytes(batch, 32), "big") for batch in document.get("batches", ()))
        operation, source = document["operation"], document["source"]
    except (KeyError, TypeError, ValueError):
        raise InputError("a field is missing or not understood", where=where) from None
    try:
        signed = decode_signed(raw)
    except InputError as error:
        raise InputError(error.what, where=where, hint=error.hint) from None
    if (signed.sender, signed.hash, signed.nonce) != (sender, digest, nonce):
        raise InputError("what the line says is not what was signed: the file was changed", where=where)
    _require_ours(signed, header, where)
    if not (isinstance(operation, str) and isinstance(source, str) and occurrence > 0):
        raise InputError("a field is missing or not understood", where=where)
    return Job(
        account=sender,
        to=signed.to,
        data=signed.data,
        gas=signed.gas,
        actor=actor,
        occurrence=occurrence,
        operation=operation,
        source=source,
        needs=needs,
        batches=batches,
        raw=raw,
        nonce=nonce,
    )


def _require_ours(signed: SignedTransaction, header: Header, where: str) -> None:
    """Refuse what is signed for another chain, or is no call of our contracts."""
    if signed.chain_id != header.chain_id:
        raise InputError(f"signed for chain id {signed.chain_id}, not {header.chain_id}", where=where)
    if signed.to not in header.contracts.by_field.values() or signed.value:
        raise InputError("the transaction is no call of the contracts", where=where)


def _bytes(text: object, size: int | None) -> bytes:
    if not isinstance(text, str):
        raise ValueError(text)
    return digits(text, size)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value
