"""Connecting to a network of networks.toml: its chain, what seals it if embedded, and its keys."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.config.networks import Contracts, Network
from traceledger.errors import NetworkError, SigningError
from traceledger.model.hexadecimal import digits, hexed
from traceledger.model.patience import DEFAULT, Patience
from traceledger.storage.files import (
    OWNER_ONLY,
    AlreadyThereError,
    create,
    make_folder,
    others_may,
    text_of,
)

if TYPE_CHECKING:
    from traceledger.artifacts import ContractName
    from traceledger.chain.base import Chain
    from traceledger.chain.embedded import EmbeddedChain, KeySealer
    from traceledger.chain.rpc.chain import RpcChain
    from traceledger.signing.places import KeyPlace

_HASH_BYTES = 32
GENESIS_TIMESTAMP = 1_577_836_800
"""Time of block 0 of an embedded chain: 2020-01-01T00:00:00Z, so that genesis depends on nothing local."""


def key_place(network: Network) -> KeyPlace:
    """Where the network's keys live: a folder of encrypted files, and the token if networks.toml names one.

    On an embedded network key files are quick to unlock, as they guard nothing that others see. New keys are
    made in the token where there is one.
    """
    from traceledger.signing.keystore import KeyStore

    folder = KeyStore(network.keys, light=network.kind == "embedded")
    if network.token is None:
        return folder
    from traceledger.signing.several import Several
    from traceledger.signing.token import Token

    return Several(Token(network.token), folder)


def open_chain(network: Network, *, patience: Patience = DEFAULT) -> Chain:
    """The network's chain.

    Args:
        network: which.
        patience: how long to wait for its nodes, or for another process that writes to its file.

    Raises:
        NetworkError: it does not exist, cannot be reached, or is not the one that is meant: it has another
            chain id, another genesis, or other contracts.
        VerificationError: the chain file is damaged.
    """
    return (open_embedded if network.kind == "embedded" else open_rpc)(network, patience=patience)


def open_rpc(network: Network, *, patience: Patience = DEFAULT) -> RpcChain:
    """The network's chain over JSON-RPC.

    Every endpoint that is used must serve the chain id, the genesis and the contracts that the network's
    entry in networks.toml names. Where the entry names no genesis, the first one seen is remembered in the
    network's folder and expected from then on.

    Raises:
        NetworkError: no endpoint can be reached, or none serves this network.
    """
    from traceledger.chain.rpc.chain import RpcChain

    genesis = network.genesis_hash or _remembered_genesis(network.genesis_file)
    chain = RpcChain.connect(
        *network.urls,
        expected_chain_id=network.chain_id,
        genesis_hash=genesis,
        codes=_code_checks(network.contracts) if network.contracts else None,
        consensus=network.consensus,
        timeout=network.timeout_seconds if patience.request is None else patience.request,
        patience=patience,
    )
    if genesis is None:
        try:
            _create_once(network.genesis_file, f"{hexed(chain.genesis_hash())}\n")
        except BaseException:
            chain.close()
            raise
    return chain


def _remembered_genesis(path: Path) -> bytes | None:
    try:
        found = digits(text_of(path, "ascii").strip())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NetworkError(f"cannot be read: {error.strerror}", where=path) from None
    except ValueError:
        found = b""
    if len(found) != _HASH_BYTES:
        hint = "remove it if you trust the network's endpoints now"
        raise NetworkError("does not hold the hash of a block", where=path, hint=hint)
    return found


def _code_checks(contracts: Contracts) -> dict[bytes, Callable[[bytes], str]]:
    """For each address, what tells whether the code there is that of our contract."""
    from traceledger.artifacts import load

    def fault(expected: list[ContractName], code: bytes) -> str:
        name = next((name for name in expected if not load(name).matches(code)), None)
        if name is None:
            return ""
        return f"of the {name} " + ("is another contract, or another release" if code else "has no code")

    expected: dict[bytes, list[ContractName]] = {}
    for name, address in contracts.by_name.items():
        expected.setdefault(address, []).append(name)
    return {address: partial(fault, each) for address, each in expected.items()}


def open_embedded(network: Network, *, patience: Patience = DEFAULT) -> EmbeddedChain:
    """The network's embedded chain. Its authority's key is read when the first block is sealed.

    Raises:
        NetworkError: it does not exist, or has another chain id.
        VerificationError: the file is damaged, or an older copy than this machine has seen.
    """
    from traceledger.chain.embedded import EmbeddedChain
    from traceledger.chain.embedded.remembered import RememberedHead

    if not network.chain_file.exists():
        raise NetworkError(
            f"network {network.name!r} has no chain yet",
            where=network.chain_file,
            hint="run: traceledger contract deploy",
        )
    chain = EmbeddedChain.open(
        network.chain_file,
        expected_chain_id=network.chain_id,
        sealer=_AuthoritySealer(network.authority_file),
        busy_seconds=patience.sqlite_busy,
    )
    try:
        chain.remember(RememberedHead(network.head_file))
    except BaseException:
        chain.close()
        raise
    return chain


def create_embedded(network: Network, *, patience: Patience = DEFAULT) -> EmbeddedChain:
    """The network's embedded chain, made with a new authority key if it does not exist yet."""
    from traceledger.chain.embedded import EmbeddedChain

    if not network.chain_file.exists():
        authority = _authority(network.authority_file)
        EmbeddedChain.create(
            network.chain_file,
            chain_id=network.chain_id,
            authority=authority.address,
            timestamp=GENESIS_TIMESTAMP,
        ).close()
    return open_embedded(network, patience=patience)


class _AuthoritySealer:
    """Seals with the key of a file, which it reads when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sealer: KeySealer | None = None

    def __call__(self, digest: bytes) -> bytes:
        if self._sealer is None:
            self._sealer = _read_authority(self._path)
        return self._sealer(digest)


def _authority(path: Path) -> KeySealer:
    """The authority of a new chain: the key of ``path``, made if it is not there."""
    if not path.exists():
        import secrets

        _create_once(path, secrets.token_bytes(32).hex() + "\n")
    return _read_authority(path)


def _create_once(path: Path, text: str) -> None:
    """Make a file for its owner only; where another process was first, that one's counts."""
    make_folder(path.parent, error=NetworkError)
    with contextlib.suppress(AlreadyThereError):
        create(path, text, mode=OWNER_ONLY, error=NetworkError)


def _read_authority(path: Path) -> KeySealer:
    import logging  # who only reads does not come by

    from traceledger.chain.embedded import key_sealer

    if others_may(path, 0o077):
        logging.getLogger(__name__).warning("%s can be read by others: chmod 600 %s", path, path)
    try:
        return key_sealer(digits(text_of(path, "ascii").strip()))
    except OSError as error:
        raise SigningError(
            f"the authority's key cannot be read: {error.strerror}",
            where=path,
            hint="only the machine that holds it adds blocks; restore it from a backup",
        ) from None
    except ValueError:
        raise SigningError("not a private key", where=path, hint="restore it from a backup") from None
