"""The networks that a user can name: ``networks.toml``.

The file is looked for in the working folder and its parents, or where ``TRACELEDGER_NETWORKS`` says.
Paths in it are relative to the file. docs/networks.md lists its fields.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from traceledger.chain.base import Consensus
from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed, parsed_address, parsed_hash
from traceledger.storage.files import AlreadyThereError, create, explained, replace

FILE_NAME = "networks.toml"
ENVIRONMENT = "TRACELEDGER_NETWORKS"
DEFAULT_CHAIN_ID = 20_260
DEFAULT_TIMEOUT = 30.0
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")

_TEMPLATE = """\
# The networks that traceledger can use here. Paths are relative to this file.
default = "local"

# A chain of your own in one SQLite file: nothing else to install, nothing to start.
[networks.local]
kind = "embedded"
path = ".traceledger/local"
chain_id = {chain_id}

# A consortium's network, over JSON-RPC. Its administrator gives you these values.
# [networks.consortium]
# kind = "rpc"
# url = "http://127.0.0.1:8545"
# path = ".traceledger/consortium"
# chain_id = 20261
# [networks.consortium.contracts]
# access_manager = "0x…"
# registry = "0x…"
# ledger = "0x…"
# assurance = "0x…"
"""


def _address(value: object) -> object:
    if isinstance(value, str) and (address := parsed_address(value)) is not None:
        return address
    raise ValueError("an address is 0x and 40 hexadecimal digits")


def _hash(value: object) -> object:
    if isinstance(value, str) and (found := parsed_hash(value)) is not None:
        return found
    raise ValueError("a hash is 0x and 64 hexadecimal digits")


_Address = Annotated[bytes, BeforeValidator(_address)]
_Hash = Annotated[bytes, BeforeValidator(_hash)]
_Wei = Annotated[int, Field(ge=0, lt=2**128)]


class _ContractsTable(BaseModel):
    model_config = ConfigDict(extra="forbid")
    access_manager: _Address
    registry: _Address
    ledger: _Address
    assurance: _Address


class _NetworkTable(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    kind: Literal["embedded", "rpc"]
    path: str
    # SQLite's integers end there, and so do those of many nodes.
    chain_id: Annotated[int, Field(gt=0, lt=2**63)]
    url: str | None = None
    urls: Annotated[list[str], Field(min_length=1)] | None = None
    genesis_hash: _Hash | None = None
    consensus: Consensus = "single"
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = DEFAULT_TIMEOUT
    gas_price: _Wei = 0
    max_fee_per_gas: _Wei | None = None
    max_priority_fee_per_gas: _Wei | None = None
    keys: str | None = None
    contracts: _ContractsTable | None = None


@dataclass(frozen=True, slots=True)
class Contracts:
    """Where the contracts of a deployment are: 20-byte addresses."""

    access_manager: bytes
    registry: bytes
    ledger: bytes
    assurance: bytes


@dataclass(frozen=True, slots=True)
class Fees:
    """What transactions offer for gas, in wei: a legacy gas price, or EIP-1559 fees where both are set."""

    gas_price: int = 0
    max_fee_per_gas: int | None = None
    max_priority_fee_per_gas: int | None = None

    @property
    def dynamic(self) -> bool:
        """Whether transactions are of type 2 (EIP-1559)."""
        return self.max_fee_per_gas is not None


@dataclass(frozen=True, slots=True)
class Network:
    """A network of networks.toml. ``folder`` holds its local files: chain, index, keys.

    ``urls`` are the JSON-RPC endpoints of an ``rpc`` network, in order of preference, and ``timeout_seconds``
    is how long to wait for one answer of theirs.
    """

    name: str
    kind: Literal["embedded", "rpc"]
    chain_id: int
    folder: Path
    keys: Path
    urls: tuple[str, ...]
    genesis_hash: bytes | None
    consensus: Consensus
    fees: Fees
    contracts: Contracts | None
    source: Path
    timeout_seconds: float = DEFAULT_TIMEOUT

    @property
    def genesis_file(self) -> Path:
        """The hash of block 0 of an ``rpc`` network whose entry gives none, as it was first seen."""
        return self.folder / "genesis"

    @property
    def chain_file(self) -> Path:
        """The embedded chain."""
        return self.folder / "chain.sqlite"

    @property
    def authority_file(self) -> Path:
        """The key that seals the embedded chain's blocks."""
        return self.folder / "authority.key"

    @property
    def index_file(self) -> Path:
        """The index of the chain's events."""
        return self.folder / "index.sqlite"

    @property
    def outbox_file(self) -> Path:
        """Every transaction that was signed here for an ``rpc`` network."""
        return self.folder / "outbox.sqlite"

    @property
    def disclosures_file(self) -> Path:
        """What opens the private texts of one's own, and those that others gave."""
        return self.folder / "disclosures.sqlite"

    def deployed(self) -> Contracts:
        """The contracts' addresses.

        Raises:
            NetworkError: none are deployed there yet.
        """
        if self.contracts is None:
            raise NetworkError(
                f"no contracts are deployed on network {self.name!r}",
                where=str(self.source),
                hint="run: traceledger contract deploy",
            )
        return self.contracts


@dataclass(frozen=True, slots=True)
class Networks:
    """All of one networks.toml."""

    path: Path
    default: str
    all: Mapping[str, Network]

    def get(self, name: str | None = None) -> Network:
        """The network of that name, or the default one.

        Raises:
            InputError: there is none of that name.
        """
        wanted = name or self.default
        if wanted not in self.all:
            raise InputError(
                f"there is no network {wanted!r}",
                where=str(self.path),
                hint=f"it has {', '.join(sorted(self.all)) or 'none'}",
            )
        return self.all[wanted]


def find(start: Path | None = None) -> Path:
    """The networks.toml in force.

    Raises:
        NetworkError: there is none.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise NetworkError(f"there is no {FILE_NAME} here or above", hint="run: traceledger init")


def load(path: Path | None = None) -> Networks:
    """Read networks.toml.

    Raises:
        NetworkError: the file is missing or unreadable.
        InputError: it is not valid; the message names line or field.
    """
    source = path or find()
    try:
        with explained(source, NetworkError, verb="read"):
            document = tomllib.loads(source.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"not valid TOML: {error}", where=str(source)) from None
    tables = document.get("networks")
    default = document.get("default")
    if not isinstance(tables, dict) or not isinstance(default, str):
        raise InputError(
            'needs default = "…" and [networks.…]', where=str(source), hint="see docs/networks.md"
        )
    networks = {name: _network(source, name, table) for name, table in tables.items()}
    return Networks(source, default, networks)


def _network(source: Path, name: str, document: object) -> Network:
    place = f"{source}: networks.{name}"
    if not _NAME.fullmatch(name):
        raise InputError("not a name for a network", where=place, hint="use a-z, 0-9, '-' and '_'")
    try:
        table = _NetworkTable.model_validate(document)
    except ValidationError as invalid:
        fault = invalid.errors(include_url=False)[0]
        field = ".".join(str(part) for part in fault["loc"])
        raise InputError(fault["msg"].lower(), where=f"{place}.{field}") from None
    folder = source.parent / table.path
    return Network(
        name=name,
        kind=table.kind,
        chain_id=table.chain_id,
        folder=folder,
        keys=source.parent / table.keys if table.keys else folder / "keys",
        urls=_urls(table, place),
        genesis_hash=table.genesis_hash,
        consensus=table.consensus,
        fees=_fees(table, place),
        contracts=Contracts(**table.contracts.model_dump()) if table.contracts else None,
        source=source,
        timeout_seconds=table.timeout_seconds,
    )


def _urls(table: _NetworkTable, place: str) -> tuple[str, ...]:
    if table.url is not None and table.urls is not None:
        raise InputError("has both url and urls", where=place, hint="put all of them into urls")
    urls = tuple(table.urls or ([table.url] if table.url else []))
    if table.kind == "rpc" and not urls:
        raise InputError("an rpc network needs a url", where=place)
    return urls


def _fees(table: _NetworkTable, place: str) -> Fees:
    if (table.max_fee_per_gas is None) != (table.max_priority_fee_per_gas is None):
        raise InputError(
            "max_fee_per_gas and max_priority_fee_per_gas belong together",
            where=place,
            hint="give both for EIP-1559 fees, or none for a legacy gas_price",
        )
    if table.max_fee_per_gas is not None and table.gas_price:
        raise InputError("has a gas_price besides EIP-1559 fees", where=place, hint="keep one of them")
    return Fees(table.gas_price, table.max_fee_per_gas, table.max_priority_fee_per_gas)


def write_template(folder: Path, *, chain_id: int = DEFAULT_CHAIN_ID) -> Path:
    """Write a first networks.toml with the embedded network ``local``.

    Raises:
        InputError: the folder has one already, or cannot be written.
    """
    path = folder / FILE_NAME
    try:
        create(path, _TEMPLATE.format(chain_id=chain_id))
    except AlreadyThereError as error:
        raise InputError(error.what, where=error.where, hint="edit it, or choose another folder") from None
    return path


def record_contracts(network: Network, contracts: Contracts) -> None:
    """Write a deployment's addresses into networks.toml, leaving the rest of the file as it is.

    Raises:
        NetworkError: the file cannot be written.
    """
    import tomlkit

    # tomlkit keeps comments and order: people write this file by hand.
    document = tomlkit.parse(network.source.read_text("utf-8"))
    table = tomlkit.table()
    for field in ("access_manager", "registry", "ledger", "assurance"):
        table[field] = hexed(getattr(contracts, field))
    document["networks"][network.name]["contracts"] = table
    replace(network.source, tomlkit.dumps(document), error=NetworkError)
