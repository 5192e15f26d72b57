"""The networks that a user can name: ``networks.toml``.

The file is looked for in the working folder and its parents, or where ``TRACELEDGER_NETWORKS`` says.
Paths in it are relative to the file. docs/networks.md lists its fields.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from traceledger.chain.base import Consensus
from traceledger.config.table import Table, address, digest, seconds, text, texts, whole
from traceledger.errors import InputError, NetworkError
from traceledger.model.frozen import frozen
from traceledger.model.hexadecimal import hexed
from traceledger.storage import toml_text
from traceledger.storage.files import AlreadyThereError, content_of, create, explained, replace

if TYPE_CHECKING:
    from traceledger.artifacts import ContractName
    from traceledger.signing.token_uri import TokenUri

FILE_NAME = "networks.toml"
ENVIRONMENT = "TRACELEDGER_NETWORKS"
DEFAULT_CHAIN_ID = 20_260
DEFAULT_TIMEOUT = 30.0
Kind = Literal["embedded", "rpc"]
"""A chain of one's own in a file; a network's chain, over JSON-RPC."""

CONTRACTS: Mapping[str, ContractName] = {
    "access_manager": "AccessManager",
    "registry": "ParticipantRegistry",
    "ledger": "BatchLedger",
    "assurance": "AssuranceRegistry",
    "handling": "Handling",
    "corrections": "Corrections",
    "safeguard": "Safeguard",
}
"""By field of :class:`Contracts`: the name of each contract."""
_WEI = whole(0, 2**128)
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
# handling = "0x…"
# corrections = "0x…"
# safeguard = "0x…"
"""


_IGNORED = """\
# Of this machine alone: keys, private texts, and what can be made anew. See docs/keys.md.
/.traceledger/
*.key.json
*.passphrase
"""


@frozen
class Contracts:
    """Where the contracts of a deployment are: 20-byte addresses.

    ``handling`` and ``corrections`` are modules of the ledger, called at its address only. ``safeguard`` is
    what emergency accounts act through at once.
    """

    access_manager: bytes
    registry: bytes
    ledger: bytes
    assurance: bytes
    handling: bytes
    corrections: bytes
    safeguard: bytes

    @property
    def by_field(self) -> dict[str, bytes]:
        """The addresses by the name of their field."""
        return {field: getattr(self, field) for field in CONTRACTS}

    @property
    def by_name(self) -> dict[ContractName, bytes]:
        """The addresses by the name of the contract."""
        return {CONTRACTS[field]: at for field, at in self.by_field.items()}


@frozen
class Fees:
    """What transactions offer for gas, in wei: a legacy gas price, or EIP-1559 fees where both are set."""

    gas_price: int = 0
    max_fee_per_gas: int | None = None
    max_priority_fee_per_gas: int | None = None

    @property
    def dynamic(self) -> bool:
        """Whether transactions are of type 2 (EIP-1559)."""
        return self.max_fee_per_gas is not None


@frozen
class Network:
    """A network of networks.toml. ``folder`` holds its local files: chain, index, keys.

    ``token`` is where keys live besides, if anywhere.

    ``urls`` are the JSON-RPC endpoints of an ``rpc`` network, in order of preference, and ``timeout_seconds``
    is how long to wait for one answer of theirs. ``stages`` is the consortium's own table of life-cycle
    stages, ``article_8`` what it calls active materials and battery manufacturing waste, where it has one.
    """

    name: str
    kind: Kind
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
    stages: Path | None = None
    article_8: Path | None = None
    trust_root: Path | None = None
    token: TokenUri | None = None

    @property
    def genesis_file(self) -> Path:
        """The hash of block 0 of an ``rpc`` network whose entry gives none, as it was first seen."""
        return self.folder / "genesis"

    @property
    def chain_file(self) -> Path:
        """The embedded chain."""
        return self.folder / "chain.sqlite"

    @property
    def head_file(self) -> Path:
        """The highest block seen of the embedded chain."""
        return self.folder / "highest-head"

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

    @property
    def tokens_file(self) -> Path:
        """Hashes of the tokens by which ``traceledger serve`` knows programs."""
        return self.folder / "tokens.json"

    @property
    def access_key_file(self) -> Path:
        """The key by which ``traceledger serve`` signs access tokens."""
        return self.folder / "access.key"

    @property
    def pact_folder(self) -> Path:
        """Events of the PACT API: those that came, and answers that are not delivered yet."""
        return self.folder / "pact"

    @property
    def directory_file(self) -> Path:
        """Whom short names mean, proved: for signing without a network."""
        return self.folder / "directory.json"

    def deployed(self) -> Contracts:
        """The contracts' addresses.

        Raises:
            NetworkError: none are deployed there yet.
        """
        if self.contracts is None:
            raise NetworkError(
                f"no contracts are deployed on network {self.name!r}",
                where=self.source,
                hint="run: traceledger contract deploy",
            )
        return self.contracts


@frozen
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
            from traceledger.languages.phrases import phrase
            from traceledger.model.spelling import nearest
            from traceledger.model.suggestions import did_you_mean

            near = nearest(wanted, sorted(self.all))
            known = ", ".join(sorted(self.all)) or "none"
            raise InputError(
                phrase("there is no network {name}", name=repr(wanted)),
                where=self.path,
                hint=did_you_mean(near) if near else phrase("it has {names}", names=known),
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
    document = toml_text.read(source, NetworkError)
    tables = document.get("networks")
    default = document.get("default")
    if not isinstance(tables, dict) or not isinstance(default, str):
        raise InputError('needs default = "…" and [networks.…]', where=source, hint="see docs/networks.md")
    networks = {name: _network(source, name, table) for name, table in tables.items()}
    return Networks(source, default, networks)


def _network(source: Path, name: str, document: object) -> Network:
    place = f"{source}: networks.{name}"
    if not _NAME.fullmatch(name):
        raise InputError("not a name for a network", where=place, hint="use a-z, 0-9, '-' and '_'")
    table = Table(document, place)
    kind = table.need("kind", _kind)
    folder = source.parent / table.need("path", text)
    keys, stages = table.take("keys", text), table.take("stages", text)
    article_8 = table.take("article_8", text)
    root = table.take("trust_root", text)
    network = Network(
        name=name,
        kind=kind,
        # SQLite's integers end there, and so do those of many nodes.
        chain_id=table.need("chain_id", whole(1, 2**63)),
        folder=folder,
        keys=source.parent / keys if keys else folder / "keys",
        urls=_urls(table, kind),
        genesis_hash=table.take("genesis_hash", digest),
        consensus=table.take("consensus", _consensus) or "single",
        fees=_fees(table),
        contracts=_contracts(table.take("contracts", _same), place),
        source=source,
        timeout_seconds=table.take("timeout_seconds", seconds) or DEFAULT_TIMEOUT,
        token=table.take("token", _token),
        stages=source.parent / stages if stages else None,
        article_8=source.parent / article_8 if article_8 else None,
        trust_root=source.parent / root if root else None,
    )
    table.end()
    return network


def _token(value: object) -> TokenUri:
    from traceledger.signing.token_uri import TokenUri  # few networks have one, and every command comes by

    try:
        return TokenUri.parsed(text(value))
    except InputError as fault:
        raise ValueError(fault.what) from None


def _kind(value: object) -> Kind:
    for kind in get_args(Kind):
        if value == kind:
            return cast("Kind", kind)
    raise ValueError(f"must be one of {', '.join(get_args(Kind))}")


def _consensus(value: object) -> Consensus:
    for consensus in get_args(Consensus):
        if value == consensus:
            return cast("Consensus", consensus)
    raise ValueError(f"must be one of {', '.join(get_args(Consensus))}")


def _same(value: object) -> object:
    return value


def _contracts(document: object, place: str) -> Contracts | None:
    if document is None:
        return None
    table = Table(document, f"{place}.contracts")
    found = Contracts(**{field: table.need(field, address) for field in CONTRACTS})
    table.end()
    return found


def _urls(table: Table, kind: Kind) -> tuple[str, ...]:
    url, several = table.take("url", text), table.take("urls", texts)
    if url is not None and several is not None:
        raise InputError("has both url and urls", where=table.place, hint="put all of them into urls")
    urls = several or ((url,) if url else ())
    if kind == "rpc" and not urls:
        raise InputError("an rpc network needs a url", where=table.place)
    return urls


def _fees(table: Table) -> Fees:
    fees = Fees(
        table.take("gas_price", _WEI) or 0,
        table.take("max_fee_per_gas", _WEI),
        table.take("max_priority_fee_per_gas", _WEI),
    )
    if (fees.max_fee_per_gas is None) != (fees.max_priority_fee_per_gas is None):
        raise InputError(
            "max_fee_per_gas and max_priority_fee_per_gas belong together",
            where=table.place,
            hint="give both for EIP-1559 fees, or none for a legacy gas_price",
        )
    if fees.dynamic and fees.gas_price:
        raise InputError("has a gas_price besides EIP-1559 fees", where=table.place, hint="keep one of them")
    return fees


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


def write_ignore(folder: Path) -> Path | None:
    """See to it that git leaves keys and data of the folder alone, by the end of its ``.gitignore``.

    Returns:
        The file; ``None`` where it says all of that already.

    Raises:
        InputError: the file cannot be written.
    """
    path = folder / ".gitignore"
    with explained(path, verb="read"):
        before = content_of(path) if path.exists() else b""
    said = {line.strip() for line in before.splitlines()}
    wanted = [line for line in _IGNORED.splitlines() if line.encode() not in said]
    if not [line for line in wanted if not line.startswith("#")]:
        return None
    joint = b"" if before.endswith(b"\n") or not before else b"\n"
    replace(path, before + joint + "\n".join([*wanted, ""]).encode())
    return path


def record_contracts(network: Network, contracts: Contracts) -> None:
    """Write a deployment's addresses into networks.toml, leaving the rest of the file as it is.

    Raises:
        NetworkError: the file cannot be written.
    """
    import tomlkit

    # tomlkit keeps comments and order: people write this file by hand.
    document = tomlkit.parse(network.source.read_text("utf-8-sig"))
    table = tomlkit.table()
    for field, where in contracts.by_field.items():
        table[field] = hexed(where)
    document["networks"][network.name]["contracts"] = table
    replace(network.source, tomlkit.dumps(document), error=NetworkError)
