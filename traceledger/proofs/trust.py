"""The trust root: what a verifier believes before it opens a proof file. Never taken from the file itself.

A JSON file, obtained from somebody trusted: which chain, which contracts with which code, and who can make
a block final. docs/proofs.md says how to get one.

Example:
    >>> Validators((ValidatorRange(0, None, frozenset({b"a" * 20})),)).at(5) == {b"a" * 20}
    True
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from traceledger.errors import InputError
from traceledger.model.hexadecimal import hexed
from traceledger.model.units import format_time
from traceledger.proofs import small_files
from traceledger.proofs.canonical import canonical_bytes, decimal
from traceledger.storage import json_text

FORMAT = "traceledger-trust-root"
VERSION = 2
_TIME = "%Y-%m-%dT%H:%M:%SZ"
SealingKind = Literal["authority", "clique", "qbft", "none"]


@dataclass(frozen=True, slots=True)
class ValidatorRange:
    """Who may seal blocks ``first`` to ``last``, both included; ``None``: without end."""

    first: int
    last: int | None
    addresses: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Validators:
    """Who may seal which blocks."""

    ranges: tuple[ValidatorRange, ...]

    def at(self, number: int) -> frozenset[bytes]:
        """Who may seal that block; empty if the trust root does not say."""
        for each in self.ranges:
            if each.first <= number and (each.last is None or number <= each.last):
                return each.addresses
        return frozenset()

    @property
    def largest(self) -> int:
        """Size of the largest set."""
        # S2: followers are counted by the largest set, as who may seal can change between a header and its
        # followers.
        return max((len(each.addresses) for each in self.ranges), default=0)


@dataclass(frozen=True, slots=True)
class TrustedContract:
    """A contract's address, and the Keccak-256 of its code there."""

    address: bytes
    code_hash: bytes


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Independent parties of whom ``threshold`` together are believed."""

    threshold: int
    addresses: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Keepers:
    """Those of whom ``threshold`` together may put another trust root in the place of one."""

    threshold: int
    addresses: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class PinnedBlock:
    """A block that is believed to be final, whoever sealed it."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class TrustRoot:
    """Everything that a verifier believes.

    Attributes:
        chain_id: EIP-155 chain id.
        genesis_hash: hash of block 0.
        ledger: the batch ledger.
        registry: the participant registry.
        handling: the module of the ledger that holds, releases, takes back, assigns.
        corrections: the module of the ledger that reverses, measures again, restates.
        assurance: the assurance registry, which knows findings and assessments.
        sealing: how blocks become final by their seals.
        validators: who seals; for ``authority`` one range with one address; empty for ``none``.
        witnesses: whose checkpoints are believed, if any.
        pinned: blocks that are believed as they are. Of states, those before the newest of them are refused.
        expires: from when on it is believed no more, UTC seconds.
        keepers: who may put another one in its place, if anybody.
    """

    chain_id: int
    genesis_hash: bytes
    ledger: TrustedContract
    registry: TrustedContract
    handling: TrustedContract
    corrections: TrustedContract
    assurance: TrustedContract
    sealing: SealingKind
    validators: Validators
    witnesses: Witnesses | None = None
    pinned: tuple[PinnedBlock, ...] = ()
    expires: int | None = None
    keepers: Keepers | None = None

    @property
    def newest_pin(self) -> int:
        """Number of the newest pinned block, before which no state counts; 0 where none is."""
        return max((each.number for each in self.pinned), default=0)

    @property
    def contracts(self) -> dict[str, TrustedContract]:
        """All of them, by name."""
        return {
            "ledger": self.ledger,
            "registry": self.registry,
            "handling": self.handling,
            "corrections": self.corrections,
            "assurance": self.assurance,
        }

    def to_dict(self) -> dict[str, Any]:
        """The trust root as its file has it."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "chain_id": str(self.chain_id),
            "genesis_hash": hexed(self.genesis_hash),
            "contracts": {name: _contract(each) for name, each in self.contracts.items()},
            "sealing": {
                "kind": self.sealing,
                "validators": [
                    {"first": each.first, "last": each.last, "addresses": _sorted(each.addresses)}
                    for each in self.validators.ranges
                ],
            },
            "witnesses": _several(self.witnesses),
            "pinned": [{"number": each.number, "hash": hexed(each.hash)} for each in self.pinned],
            "expires": None if self.expires is None else format_time(self.expires),
            "keepers": _several(self.keepers),
        }
        return document

    def dumps(self) -> str:
        """The text of its file."""
        return json.dumps(self.to_dict(), indent=2) + "\n"


def _contract(contract: TrustedContract) -> dict[str, str]:
    return {"address": hexed(contract.address), "code_hash": hexed(contract.code_hash)}


def _several(parties: Witnesses | Keepers | None) -> dict[str, Any] | None:
    if parties is None:
        return None
    return {"threshold": parties.threshold, "addresses": _sorted(parties.addresses)}


def _sorted(addresses: frozenset[bytes]) -> list[str]:
    return sorted(map(hexed, addresses))


# B1: further fields are refused, and no text is taken for a number.
_STRICT = ConfigDict(extra="forbid", strict=True)
_Number = Annotated[int, Field(ge=0, lt=2**53)]


class _ContractModel(BaseModel):
    model_config = _STRICT
    address: str
    code_hash: str


class _ContractsModel(BaseModel):
    model_config = _STRICT
    ledger: _ContractModel
    registry: _ContractModel
    handling: _ContractModel
    corrections: _ContractModel
    assurance: _ContractModel


class _RangeModel(BaseModel):
    model_config = _STRICT
    first: _Number
    last: _Number | None = None
    addresses: Annotated[list[str], Field(min_length=1, max_length=10_000)]


class _SealingModel(BaseModel):
    model_config = _STRICT
    kind: SealingKind
    validators: list[_RangeModel] = []


class _SeveralModel(BaseModel):
    model_config = _STRICT
    threshold: Annotated[int, Field(ge=1)]
    addresses: Annotated[list[str], Field(min_length=1, max_length=10_000)]


class _PinnedModel(BaseModel):
    model_config = _STRICT
    number: _Number
    hash: str


class _TrustRootModel(BaseModel):
    model_config = _STRICT
    format: Literal["traceledger-trust-root"]
    version: Literal[2]
    chain_id: str
    genesis_hash: str
    contracts: _ContractsModel
    sealing: _SealingModel
    witnesses: _SeveralModel | None = None
    pinned: list[_PinnedModel] = []
    expires: str | None = None
    keepers: _SeveralModel | None = None


def load(path: Path) -> TrustRoot:
    """Read a trust root.

    Raises:
        InputError: the file is missing, or no trust root that could ever make a block final.
    """
    # Editors of Windows put a byte order mark before what they save.
    return small_files.load(
        path, lambda text: loads(text.removeprefix(codecs.BOM_UTF8)), kind="not a trust root"
    )


def loads(text: bytes | str) -> TrustRoot:
    """A trust root from the text of its file.

    Raises:
        InputError: as :func:`load`.
    """
    return from_document(json_text.loads(text))


def from_document(document: object) -> TrustRoot:
    """A trust root from the JSON of its file.

    Raises:
        InputError: as :func:`load`.
    """
    try:
        model = _TrustRootModel.model_validate(document)
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise InputError(
            f"not a trust root: {fault['msg'].lower()}", where=field, hint="see docs/proofs.md"
        ) from None
    trusted = TrustRoot(
        chain_id=_chain_id(model.chain_id),
        genesis_hash=_bytes(model.genesis_hash, 32, "genesis_hash"),
        ledger=_trusted(model.contracts.ledger, "contracts.ledger"),
        registry=_trusted(model.contracts.registry, "contracts.registry"),
        handling=_trusted(model.contracts.handling, "contracts.handling"),
        corrections=_trusted(model.contracts.corrections, "contracts.corrections"),
        assurance=_trusted(model.contracts.assurance, "contracts.assurance"),
        sealing=model.sealing.kind,
        validators=Validators(tuple(map(_range, model.sealing.validators))),
        witnesses=None if model.witnesses is None else Witnesses(*_several_of(model.witnesses, "witnesses")),
        pinned=tuple(PinnedBlock(each.number, _bytes(each.hash, 32, "pinned")) for each in model.pinned),
        expires=None if model.expires is None else _time(model.expires),
        keepers=None if model.keepers is None else Keepers(*_several_of(model.keepers, "keepers")),
    )
    _check(trusted)
    return trusted


def _chain_id(text: str) -> int:
    try:
        return decimal(text)
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where="chain_id") from None


def _bytes(text: str, size: int, where: str) -> bytes:
    try:
        return canonical_bytes(text, size=size)
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=where) from None


def _trusted(model: _ContractModel, where: str) -> TrustedContract:
    address = _bytes(model.address, 20, f"{where}.address")
    return TrustedContract(address, _bytes(model.code_hash, 32, f"{where}.code_hash"))


def _addresses(texts: list[str], where: str) -> frozenset[bytes]:
    addresses = frozenset(_bytes(text, 20, where) for text in texts)
    if len(addresses) != len(texts):
        raise InputError("an address is listed twice", where=where)
    return addresses


def _range(model: _RangeModel) -> ValidatorRange:
    if model.last is not None and model.last < model.first:
        what = f"a range of validators ends before it begins, at block {model.first}"
        raise InputError(what, where="sealing")
    return ValidatorRange(model.first, model.last, _addresses(model.addresses, "sealing"))


def _several_of(model: _SeveralModel, what: str) -> tuple[int, frozenset[bytes]]:
    addresses = _addresses(model.addresses, what)
    # B3: such a threshold could never be reached.
    if model.threshold > len(addresses):
        raise InputError(f"{model.threshold} {what} are needed, but {len(addresses)} named", where=what)
    return model.threshold, addresses


def _time(text: str) -> int:
    try:
        seconds = int(datetime.strptime(text, _TIME).replace(tzinfo=UTC).timestamp())
    except ValueError:
        seconds = -1
    # One text for one time, as for everything that is signed.
    if seconds < 0 or format_time(seconds) != text:
        raise InputError(f"{text!r} is not a time", where="expires", hint="write it as 2027-01-31T00:00:00Z")
    return seconds


def _check(trusted: TrustRoot) -> None:
    # B2: else it would depend on their order in the file who may seal a block.
    ranges = sorted(trusted.validators.ranges, key=lambda each: each.first)
    for before, after in pairwise(ranges):
        if before.last is None or before.last >= after.first:
            raise InputError(f"two ranges of validators both hold block {after.first}", where="sealing")
    if (trusted.sealing == "none") != (not ranges):
        raise InputError("validators are named for every kind of sealing but none", where="sealing")
    if trusted.sealing == "authority" and any(len(each.addresses) != 1 for each in ranges):
        raise InputError("a range of kind authority names one address", where="sealing")
    # B2: block 0 is pinned by the genesis hash.
    hashes = {0: trusted.genesis_hash}
    for each in trusted.pinned:
        if hashes.setdefault(each.number, each.hash) != each.hash:
            raise InputError(f"two hashes are given for block {each.number}", where="pinned")
    # B3: better said now than as "not final" of every file.
    if trusted.sealing == "none" and trusted.witnesses is None and not trusted.pinned:
        raise InputError("it names nobody who can make a block final", hint="add witnesses or a pinned block")
