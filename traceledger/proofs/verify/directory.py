r"""Short names of companies, and what the ledger has of lots, proved by the contracts' state at one block.

Whoever signs without a network has no chain to ask whom a name means. A *directory file*, made on a
connected machine, holds the header of a final block and the nodes of the state tries that lead to those
names, so that nothing but a trust root needs to be believed. A short name is one company's for ever, so an
old file is as good as a new one; what a lot weighs may have changed since.

Example:
    >>> loads(b"{}", "directory.json")
    Traceback (most recent call last):
    traceledger.errors.InputError: directory.json: format: not a directory file: field required (make one with traceledger tx directory)
"""  # noqa: E501  (a doctest's expected output is one line)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from traceledger.errors import InputError, VerificationError
from traceledger.model.frozen import frozen
from traceledger.model.ids import batch_id
from traceledger.proofs import layout
from traceledger.proofs.canonical import canonical_bytes, decimal
from traceledger.proofs.proved_headers import BlockHeader, read_header
from traceledger.proofs.seals import sealing_of
from traceledger.proofs.succession import require_unexpired
from traceledger.proofs.tries import Nodes
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.verify.finality import HeaderChain
from traceledger.proofs.verify.state import ProvedState
from traceledger.storage import json_text
from traceledger.storage.files import reading

FORMAT = "traceledger-directory"
VERSION = 1
_MOST_BYTES = 64 * 2**20
_MOST_NODE = 2**14


@frozen
class Lot:
    """What the ledger has of a batch at a block.

    Attributes:
        id: the batch.
        mass_mg: what is left of it, mg.
        custodian: who holds it: an address.
    """

    id: int
    mass_mg: int
    custodian: bytes | None


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """What a directory file says, not verified yet.

    Attributes:
        chain_id: EIP-155 chain id.
        genesis_hash: hash of block 0.
        headers: RLP of the stated block's header, and of those that follow, which show that it is final.
        nodes: RLP of trie nodes.
        participants: short names.
        batches: full names, ``creator/identifier`` as on chain.
    """

    chain_id: int
    genesis_hash: bytes
    headers: tuple[bytes, ...]
    nodes: tuple[bytes, ...]
    participants: tuple[str, ...]
    batches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VerifiedDirectory:
    """Names that the state of a final block proves.

    Attributes:
        block: its number.
        time: its time, UTC seconds.
        addresses: by short name the company's address, 20 bytes.
        named: the lots by their full names.
        registry: the contract whose names they are.
    """

    block: int
    time: int
    addresses: dict[str, bytes]
    named: dict[str, Lot]
    registry: bytes

    def participant(self, slug: str) -> bytes | None:
        """Address of the company of that short name; ``None``: the file does not prove it."""
        return self.addresses.get(slug)

    def masses(self, batches: Sequence[int]) -> dict[int, int]:
        """What is left of some batches, mg; those of which nothing is proved are left out."""
        known = {lot.id: lot.mass_mg for lot in self.named.values()}
        return {batch: known[batch] for batch in batches if batch in known}


_STRICT = ConfigDict(extra="forbid", strict=True)
_Texts = Annotated[list[str], Field(max_length=200_000)]


class _Model(BaseModel):
    model_config = _STRICT
    format: Literal["traceledger-directory"]
    version: Literal[1]
    chain_id: str
    genesis_hash: str
    headers: Annotated[list[str], Field(min_length=1, max_length=1_000)]
    nodes: _Texts
    participants: _Texts
    batches: _Texts


def load(path: Path) -> DirectoryFile:
    """Read a directory file; :func:`verify` says whether it is true.

    Raises:
        InputError: it cannot be read, or is none.
    """
    with reading(path) as file:
        text = file.read(_MOST_BYTES + 1)
    return loads(text, str(path))


def loads(text: bytes, name: str) -> DirectoryFile:
    """A directory file from its text; messages call it ``name``.

    Raises:
        InputError: it is none.
    """
    if len(text) > _MOST_BYTES:
        raise InputError(f"larger than {_MOST_BYTES} bytes: not a directory file", where=name)
    try:
        model = _Model.model_validate(json_text.loads(text, where=name))
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise InputError(
            f"not a directory file: {fault['msg'].lower()}",
            where=f"{name}: {field}",
            hint="make one with traceledger tx directory",
        ) from None
    try:
        return DirectoryFile(
            chain_id=decimal(model.chain_id),
            genesis_hash=canonical_bytes(model.genesis_hash, size=32),
            headers=tuple(map(canonical_bytes, model.headers)),
            nodes=tuple(map(canonical_bytes, model.nodes)),
            participants=tuple(model.participants),
            batches=tuple(model.batches),
        )
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=name) from None


def verify(file: DirectoryFile, trusted: TrustRoot, name: str) -> VerifiedDirectory:
    """What a directory file proves to somebody who believes a trust root.

    Args:
        file: what it says.
        trusted: what is believed beforehand.
        name: what messages call the file.

    Raises:
        VerificationError: it is about another chain, its block is not final by the trust root, or its state
            does not prove a name.
    """
    try:
        return _verified(file, trusted)
    except (InputError, VerificationError) as error:
        raise VerificationError(error.what, hint=error.hint, where=name) from None


def _verified(file: DirectoryFile, trusted: TrustRoot) -> VerifiedDirectory:
    if (file.chain_id, file.genesis_hash) != (trusted.chain_id, trusted.genesis_hash):
        raise VerificationError(
            "it is about another chain than the trust root", hint="make it anew from the right network"
        )
    if any(len(node) > _MOST_NODE for node in file.nodes):
        raise VerificationError("a trie node is too large to be one")
    stated = final_header(file.headers, trusted)
    nodes = Nodes(file.nodes)
    state = ProvedState(nodes, stated.state_root)
    registry = state.storage_root(trusted.registry, "registry")
    addresses = {slug: _required(state, registry, slug) for slug in file.participants}
    named = {}
    if file.batches:
        ledger = state.storage_root(trusted.ledger, "ledger")
        named = {each: lot_of(state, ledger, _id(each, addresses)) for each in file.batches}
    nodes.require_all_used()
    return VerifiedDirectory(stated.number, stated.timestamp, addresses, named, trusted.registry.address)


def final_header(headers: Sequence[bytes], trusted: TrustRoot) -> BlockHeader:
    """The first of some headers, which follow each other, if the trust root makes it final.

    Raises:
        InputError: that is no header.
        VerificationError: it is not final, they do not follow each other, or the trust root has expired.
    """
    # B6.
    require_unexpired(trusted, int(time()))
    sealing = sealing_of(trusted)
    pinned = {each.number: each.hash for each in trusted.pinned} | {0: trusted.genesis_hash}
    chain = HeaderChain(sealing, pinned, {}, trusted.witnesses.threshold if trusted.witnesses else 0)
    stated: BlockHeader | None = None
    for encoded in headers:
        header = read_header(encoded, sealing.hashing)
        if stated is not None and header.number > stated.number + sealing.followers:
            raise VerificationError("it holds headers that show nothing")
        chain.add(header)
        if stated is None:
            stated = header
            chain.need(header.number)
    if stated is None:
        raise VerificationError("it holds no header")
    chain.close()
    return stated


def address_of(state: ProvedState, registry: bytes, slug: str) -> bytes | None:
    """Whose a short name is by the registry's storage (its root); ``None``: nobody's."""
    return layout.address_in(state.word(registry, layout.slug_slot(slug)))


def lot_of(state: ProvedState, ledger: bytes, batch: int) -> Lot:
    """What the ledger's storage (its root) has of a batch.

    Raises:
        VerificationError: there is no such batch.
    """
    word = layout.require_batch(state.word(ledger, layout.state_slot(batch)), batch)
    custodian = layout.address_in(state.word(ledger, layout.custodian_slot(batch)))
    return Lot(batch, layout.mass_in(word), custodian)


def _required(state: ProvedState, registry: bytes, slug: str) -> bytes:
    found = address_of(state, registry, slug)
    if found is None:
        raise VerificationError(f"nobody is called {slug!r} at the stated block")
    return found


def _id(name: str, addresses: dict[str, bytes]) -> int:
    slug, slash, identifier = name.partition("/")
    if not slash or slug not in addresses:
        raise VerificationError(f"it does not prove whose batch {name!r} is")
    return batch_id(addresses[slug], identifier)
