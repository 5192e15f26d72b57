"""The client of one network: deploy, submit operations, and ask where things come from.

Example:
    >>> import os, tempfile, pathlib
    >>> from traceledger.config.networks import write_template
    >>> os.environ["TRACELEDGER_PASSPHRASE"] = "only an example"
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> client = connect(config=write_template(folder))
    >>> contracts = client.deploy()
    >>> made = client.create_key("katanga")
    >>> _ = client.define_material("cobalt-hydroxide", name="Crude cobalt hydroxide", substances=["Co"])
    >>> _ = client.register_participant(
    ...     "katanga", name="Katanga Example Mining", country="CD", roles=["producer"])
    >>> _ = client.register_facility("kolwezi-pit-4", act_as="katanga", kind="mine", country="CD")
    >>> _ = client.approve_origin("katanga/kolwezi-pit-4", "cobalt-hydroxide", capacity_per_year="4000 t")
    >>> minted = client.mint(
    ...     "KOL-1", act_as="katanga", material="cobalt-hydroxide", facility="kolwezi-pit-4", mass="24 t",
    ...     substances={"Co": "8.4 t"}, origin="mined",
    ...     emissions={"scope1": "40 t", "scope2": "12 t", "primary": "52 t"}, at="2026-01-17T06:00:00Z")
    >>> trace = client.trace("katanga/KOL-1")
    >>> trace.footprint.total_mg, trace.origins[0].country, trace.substances_mg
    (52000000000, 'CD', {Co: 8400000000})
    >>> client.close()
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.client.disclosing import Disclosing
from traceledger.config import networks
from traceledger.config.connection import create_embedded, open_chain
from traceledger.errors import NetworkError, SigningError, UnknownNameError, VerificationError
from traceledger.model.hexadecimal import parsed_id
from traceledger.model.units import parse_duration
from traceledger.operations.directory import Directory
from traceledger.private.store import Disclosures, Drafts
from traceledger.signing.keystore import KeyInfo, KeyStore
from traceledger.signing.signers import DEPLOYER, Signers

if TYPE_CHECKING:
    from web3 import Web3
    from web3.contract import Contract

    from traceledger.artifacts import ContractName
    from traceledger.chain.base import Chain
    from traceledger.config.networks import Contracts as DeployedContracts
    from traceledger.config.networks import Network
    from traceledger.index import Index
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.model.standing import Standing
    from traceledger.proofs.build.builder import Exported
    from traceledger.proofs.records import Checkpoint
    from traceledger.proofs.trust import TrustRoot
    from traceledger.provenance import Footprint, Trace

PASSPHRASE = "TRACELEDGER_PASSPHRASE"  # noqa: S105  (the variable's name)
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """No progress shown."""


def environment_passphrase(key: str) -> str:
    """The passphrase of ``TRACELEDGER_PASSPHRASE``.

    Raises:
        SigningError: the variable is not set.
    """
    passphrase = os.environ.get(PASSPHRASE)
    if not passphrase:
        raise SigningError(f"the passphrase of key {key!r} is needed", hint=f"set {PASSPHRASE}")
    return passphrase


def connect(
    network: str | None = None,
    *,
    config: Path | None = None,
    passphrase: Callable[[str], str] = environment_passphrase,
) -> Client:
    """A client of a network of networks.toml.

    Args:
        network: its name; by default the file's default network.
        config: the networks.toml; by default the one in this folder or above.
        passphrase: asked for a stored key's passphrase, by the key's name, when it must sign.

    Raises:
        NetworkError: there is no networks.toml.
        InputError: it is not valid, or has no such network.
    """
    return Client(networks.load(config).get(network), passphrase=passphrase)


class Client(Disclosing):
    """One network, with the keys stored for it. Everything is opened when it is first needed.

    Reads follow the chain: the index is brought up to date first.
    """

    def __init__(
        self, network: Network, *, passphrase: Callable[[str], str] = environment_passphrase
    ) -> None:
        self.network = network
        self.signers = Signers(KeyStore(network.keys, light=network.kind == "embedded"), passphrase)
        self._chain: Chain | None = None
        self._index: Index | None = None
        self._checked = False
        self._opened_with: DeployedContracts | None = None
        self.disclosures = Disclosures(network.disclosures_file)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the chain's and the index's files."""
        if self._index is not None:
            self._index.close()
        if self._chain is not None:
            self._chain.close()
        self.disclosures.close()
        self._index = self._chain = None
        self._checked = False

    @property
    def chain(self) -> Chain:
        """The network's chain."""
        if self._chain is None:
            self._chain = open_chain(self.network)
            self._opened_with = self.network.contracts
        return self._chain

    @property
    def index(self) -> Index:
        """The index of the chain's events, as far as it has been synced."""
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def _open_index(self) -> Index:
        """Open the index file; look at the contracts first where it is new, and where it does not fit."""
        from traceledger.index import Contracts, Index

        contracts = self.network.deployed()
        if not self.network.index_file.exists():
            self.check()
        try:
            return Index.open(self.network.index_file, Contracts.of(self.chain, contracts))
        except VerificationError:
            self.check()
            raise

    def check(self) -> None:
        """That the contracts at the network's addresses are those of this release, and belong together.

        Raises:
            NetworkError: none are deployed, or they are not ours.
        """
        from traceledger.sending.deployment import check

        if not self._checked:
            chain, contracts = self.chain, self.network.deployed()
            opening_looked = self.network.kind == "rpc" and self._opened_with == contracts
            check(chain, contracts, codes=not opening_looked)
            self._checked = True

    def web3(self) -> Web3:
        """web3.py over this network, for reading: blocks, transactions, storage, other contracts."""
        from traceledger.chain.web3py import web3_over

        return web3_over(self.chain)

    def contract(self, name: ContractName) -> Contract:
        """One of the deployed contracts as web3.py's contract object, to call its views.

        Raises:
            NetworkError: no contracts are deployed there yet.
        """
        from traceledger.artifacts import load
        from traceledger.sending.sender import address_of

        web3, address = self.web3(), address_of(self.network.deployed(), name)
        return web3.eth.contract(address=web3.to_checksum_address(address), abi=load(name).abi)

    def sync(self, *, progress: Progress = _silent) -> int:
        """Bring the index up to date; returns how many blocks were added."""
        return self.index.sync(self.chain, progress=progress)

    def create_key(self, name: str) -> KeyInfo:
        """Make and store an encrypted key.

        Raises:
            SigningError: a key of that name exists, or there is no passphrase.
        """
        return self.signers.create(name)

    def deploy(self, *, governance_delay: str | int = "2 days") -> DeployedContracts:
        """Deploy the contracts and record their addresses in networks.toml.

        The key ``deployer`` is made if it is not stored yet; an embedded chain too.

        Args:
            governance_delay: how long a change of the rules is announced before it takes effect: seconds, or
                text with a unit (``"36 h"``).

        Raises:
            InputError: the delay is not understood, or out of range.
            NetworkError: the network has contracts already.
        """
        from traceledger.sending.deployment import deploy

        delay = parse_duration(governance_delay, where="governance_delay")
        if self.network.contracts is not None:
            raise NetworkError(
                f"contracts are deployed on network {self.network.name!r} already",
                where=str(self.network.source),
                hint="remove its contracts table first, if you mean to deploy anew",
            )
        store = self.signers.store
        if DEPLOYER not in store.names():
            self.signers.create(DEPLOYER)
        signer = self.signers.unlock(self.signers.deployer())
        if self.network.kind == "embedded":
            self._chain = create_embedded(self.network)
        with self._alone():
            with self._dispatch() as dispatch:
                if dispatch is not None:
                    dispatch.settle()
                contracts = deploy(self.chain, signer, governance_delay=delay, dispatch=dispatch)
            networks.record_contracts(self.network, contracts)
        self.network = networks.load(self.network.source).get(self.network.name)
        return contracts

    def names(self) -> Directory:
        """Names over the index, for reading: it needs neither keys nor the chain."""
        return Directory(self.index, private=Drafts(self.disclosures))

    @property
    def disclosed(self) -> DisclosedIndex:
        """The index with private texts disclosed, where what opens their commitments is known here."""
        from traceledger.index.disclosed import DisclosedIndex

        return DisclosedIndex(self.index, self.disclosures)

    def batch_id(self, name: str) -> int:
        """Id of a batch by its full name (``creator/identifier``) or its id as 0x text.

        Raises:
            UnknownNameError: there is no such batch.
        """
        if (number := parsed_id(name)) is not None:
            if self.index.batch(number) is None:
                raise UnknownNameError(f"there is no batch {name}")
            return number
        return self.names().batch(name, None)

    def finding_id(self, name: str) -> int:
        """Id of a finding by its full name, ``auditor/identifier``.

        Raises:
            UnknownNameError: there is no such finding.
        """
        return self.names().finding(name, None)

    def standing(self, participant: str, *, at: int | None = None) -> Standing:
        """Whether a participant may act, and if not, why.

        Args:
            participant: its short name.
            at: in a block of that time, UTC seconds; by default now.

        Raises:
            UnknownNameError: there is no such participant.
        """
        self.sync()
        address = Directory(self.index).participant(participant)
        return self.index.standing(address, at=self.chain_time() if at is None else at)

    def chain_time(self) -> int:
        """The time that a block mined now would have, at least: UTC seconds."""
        return max(int(time.time()), self.chain.head().timestamp + 1)

    def trace(self, batch: str, *, as_of: int | None = None) -> Trace:
        """Where a batch comes from: origins, footprint, recycled content, traced share.

        Args:
            batch: its full name, ``creator/identifier``.
            as_of: as it stood after this block; by default now.

        Raises:
            UnknownNameError: there is no such batch.
        """
        from traceledger.provenance import trace

        self.sync()
        with self.index.snapshot():
            return trace(self.disclosed, self.batch_id(batch), as_of=as_of)

    def export_proof(
        self,
        batch: str,
        path: Path | str,
        *,
        block: int | None = None,
        checkpoints: Sequence[Checkpoint] = (),
        linked: bool | None = None,
        hide: Collection[str] = (),
    ) -> Exported:
        """Write a proof file: all that shows, offline, what :meth:`trace` says of a batch.

        Args:
            batch: its full name, ``creator/identifier``.
            path: the file to write; one that is there is replaced once the new one is complete.
            block: the stated block; by default the oldest of the checkpoints, for which all of
                them stand, else the newest final one.
            checkpoints: of witnesses, to go into the file.
            linked: write all headers in between, so that ancestors are proved by their hashes; by default
                only where the network's blocks have no seals, or checkpoints are given.
            hide: private texts not to disclose in the file: ``names``, ``facilities``, ``evidence``,
                ``lots``; by default all that are known here and belong to its lineage are disclosed.

        Raises:
            UnknownNameError: there is no such batch at that block.
            InputError: the block is not final yet, or the file cannot be written.
        """
        from traceledger.proofs.build.export import export_file
        from traceledger.proofs.build.redaction import Withholding, kinds_of

        self.check()
        self.sync()
        return export_file(
            Path(path),
            self.batch_id(batch),
            (self.network, self.chain, self.index, Withholding(self.disclosures, kinds_of(hide))),
            block=block,
            checkpoints=tuple(checkpoints),
            linked=linked,
        )

    def trust_root(
        self,
        *,
        witnesses: Sequence[bytes] = (),
        threshold: int | None = None,
        pinned: Sequence[int] = (),
        from_block: int = 0,
    ) -> TrustRoot:
        """What a verifier of proof files is to believe, as this network stands now.

        Args:
            witnesses: addresses of those whose checkpoints are to be believed.
            threshold: how many of them it takes; by default all.
            pinned: numbers of blocks to believe as they are.
            from_block: nobody's seal counts for the blocks before this one.

        Raises:
            InputError: nothing could make a block final.
        """
        from traceledger.proofs.build.trust_roots import trust_root

        self.check()
        return trust_root(
            self.network,
            self.chain,
            witnesses=witnesses,
            threshold=threshold,
            pinned=tuple(pinned),
            from_block=from_block,
        )

    def witness(self, key: str, *, block: int | None = None) -> Checkpoint:
        """Sign that a block is final, as this network's node has it.

        Args:
            key: name of a stored key.
            block: its number; by default the newest final block.

        Raises:
            InputError: there is no such block, or it is not final yet.
            SigningError: the key is not stored.
        """
        from traceledger.proofs.build.export import final_block, sign_checkpoint

        self.check()
        signer = self.signers.unlock(self.signers.store.info(key).address)
        chain = self.chain
        return sign_checkpoint(signer, chain.chain_id, chain.genesis_hash(), final_block(chain, block))

    def footprint(self, batch: str, *, as_of: int | None = None) -> Footprint:
        """The CO2e of a batch: own, inherited, total, primary part, by facility, process and scope.

        Raises:
            UnknownNameError: there is no such batch.
        """
        return self.trace(batch, as_of=as_of).footprint
