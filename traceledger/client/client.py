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

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.client.connection import Connection
from traceledger.client.methods import OperationMethods, Recorded
from traceledger.client.reading import Reading
from traceledger.config import networks
from traceledger.errors import SigningError
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.progress import Progress, silent

if TYPE_CHECKING:
    from web3 import Web3
    from web3.contract import Contract

    from traceledger.artifacts import ContractName
    from traceledger.chain.base import Chain
    from traceledger.client.capturing import Capturing, Documents
    from traceledger.client.disclosures import DisclosureExchange, Imported
    from traceledger.client.proofs import Proofs
    from traceledger.client.recording import Recording
    from traceledger.config.networks import Contracts as DeployedContracts
    from traceledger.config.networks import Network
    from traceledger.index import Index
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.interop.epcis.capture import CapturePlan
    from traceledger.interop.masterdata import MasterData
    from traceledger.model.standing import Standing
    from traceledger.operations.catalogue import Operation
    from traceledger.operations.directory import Directory
    from traceledger.private.store import Disclosures
    from traceledger.proofs.build.builder import Exported
    from traceledger.proofs.records import Checkpoint
    from traceledger.proofs.succession import Succession
    from traceledger.proofs.trust import Keepers, TrustRoot
    from traceledger.proofs.verify.directory import DirectoryFile
    from traceledger.provenance import Footprint, StageTable, Trace
    from traceledger.provenance.article_8_rules import Article8Rules
    from traceledger.sending.lines import Operations, Source
    from traceledger.sending.offline import OfflineSigning
    from traceledger.sending.outbox import Entry
    from traceledger.sending.proposal import Asked
    from traceledger.sending.rehearsal import Plan
    from traceledger.sending.role_events import Rights
    from traceledger.sending.submission import Submitted
    from traceledger.sending.transaction_file import TransactionFile
    from traceledger.signing.places import KeyInfo, KeyPlace
    from traceledger.signing.signers import Signers

PASSPHRASE = "TRACELEDGER_PASSPHRASE"  # noqa: S105  (the variable's name)


def environment_passphrase(key: str) -> str:
    """The passphrase of ``TRACELEDGER_PASSPHRASE``.

    Raises:
        SigningError: the variable is not set.
    """
    from traceledger.signing.passphrase import from_environment

    passphrase = from_environment(PASSPHRASE)
    if not passphrase:
        raise SigningError(f"the passphrase of key {key!r} is needed", hint=f"set {PASSPHRASE}")
    return passphrase


def connect(
    network: str | None = None,
    *,
    config: Path | None = None,
    passphrase: Callable[[str], str] = environment_passphrase,
    patience: Patience = DEFAULT,
) -> Client:
    """A client of a network of networks.toml.

    Args:
        network: its name; by default the file's default network.
        config: the networks.toml; by default the one in this folder or above.
        passphrase: asked for a stored key's passphrase, by the key's name, when it must sign.
        patience: how long to wait for what: nodes, blocks, other processes.

    Raises:
        NetworkError: there is no networks.toml.
        InputError: it is not valid, or has no such network.
    """
    return Client(networks.load(config).get(network), passphrase=passphrase, patience=patience)


class Client(OperationMethods):
    """One network, with the keys stored for it. Everything is opened when it is first needed.

    Reads follow the chain: the index is brought up to date first, but where another process keeps writing to
    it for longer than ``patience.catch_up``; then it is read as it stands. A client may be used from several
    threads at once; what is recorded is recorded one after another. After
    :meth:`close`, every use raises :class:`~traceledger.errors.ClosedError`.

    Args:
        network: an entry of networks.toml; :func:`connect` reads it.
        passphrase: asked for a stored key's passphrase, by the key's name, when it must sign.
        patience: how long to wait for what: nodes, blocks, other processes.
        chain: the network's chain where it is open already; it is closed with the client.
        keys: where keys live, if not in the network's key folder: a token, or a service that signs.
        environment_key: whether the key that the environment may hold (``TRACELEDGER_PRIVATE_KEY``) signs as
            well.
    """

    def __init__(
        self,
        network: Network,
        *,
        passphrase: Callable[[str], str] = environment_passphrase,
        patience: Patience = DEFAULT,
        chain: Chain | None = None,
        keys: KeyPlace | None = None,
        environment_key: bool = True,
    ) -> None:
        self._held = Connection(
            network,
            passphrase=passphrase,
            patience=patience,
            chain=chain,
            keys=keys,
            environment_key=environment_key,
        )
        self._reading = Reading(self._held)

    # The parts that reading does without are imported when they are first asked for something.
    @cached_property
    def _recording(self) -> Recording:
        from traceledger.client.recording import Recording

        return Recording(self._held)

    @cached_property
    def _capturing(self) -> Capturing:
        from traceledger.client.capturing import Capturing

        return Capturing(self._held, self.plan)

    @cached_property
    def _proofs(self) -> Proofs:
        from traceledger.client.proofs import Proofs

        return Proofs(self._held)

    @cached_property
    def _exchange(self) -> DisclosureExchange:
        from traceledger.client.disclosures import DisclosureExchange

        return DisclosureExchange(self._held)

    def __enter__(self) -> Client:
        self._held.require_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the files and connections of all threads, and forget the keys that were unlocked.

        Whatever uses the client later, or what it gave out, is told so.
        """
        self._held.close()

    @property
    def reads_a_copy(self) -> bool:
        """Whether the index is a copy for the time of this run, as the network's folder cannot be written."""
        return self._held.reads_a_copy

    @property
    def network(self) -> Network:
        """The network's entry of networks.toml."""
        return self._held.network

    @property
    def patience(self) -> Patience:
        """How long this client waits for what."""
        return self._held.patience

    @property
    def signers(self) -> Signers:
        """The keys that are stored for the network."""
        return self._held.signers

    @property
    def disclosures(self) -> Disclosures:
        """What opens private texts, as far as known here."""
        return self._held.disclosures

    @property
    def chain(self) -> Chain:
        """The network's chain."""
        return self._held.chain

    @property
    def index(self) -> Index:
        """The index of the chain's events, as far as it has been synced."""
        return self._held.index

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

    def check(self) -> None:
        """That the contracts at the network's addresses are those of this release, and belong together.

        Raises:
            NetworkError: none are deployed, or they are not ours.
        """
        self._held.check()

    def rights(self) -> dict[str, Any]:
        """Who holds which right of the consortium by the index as it stands, and what is not as deployed.

        And what one emergency account has asked for, by the chain's newest state.
        """
        from traceledger.documents.rights import rights
        from traceledger.sending.role_events import requested

        found, contracts = self.replayed_rights(), self.network.deployed()
        now = self._held.chain.head().timestamp
        return rights(found, contracts, requested(self._held.chain, contracts, found, now))

    def replayed_rights(self) -> Rights:
        """The rights of the consortium as they stand in the index, from the AccessManager's events."""
        return self._held.rights()

    def sync(self, *, progress: Progress = silent) -> int:
        """Bring the index up to date; returns how many blocks were added.

        Raises:
            BusyError: another process kept writing to it for ``patience.sqlite_busy`` seconds.
        """
        return self._held.sync(progress=progress)

    def refresh(self, *, progress: Progress = silent) -> int | None:
        """Bring the index up to date for reading, as :meth:`trace` and :meth:`standing` do by themselves.

        Unlike :meth:`sync`, it does not insist where another process keeps writing to the index: after
        ``patience.catch_up`` seconds the index is left as it stands, for the other to bring it up to date.

        Returns:
            How many blocks were added; ``None``: another process kept writing.

        Raises:
            BusyError: the other has not brought it to any block yet.
        """
        return self._held.refresh(progress=progress)

    def create_key(self, name: str) -> KeyInfo:
        """Make and store an encrypted key.

        Raises:
            SigningError: a key of that name exists, or there is no passphrase.
        """
        return self.signers.create(name)

    def deploy(self, *, delay: str | int = "2 days") -> DeployedContracts:
        """Deploy the contracts and record their addresses in networks.toml.

        The key ``deployer`` is made if it is not stored yet and the environment holds none; an embedded chain
        too.

        Args:
            delay: how long a change of the rules is announced before it takes effect: seconds, or
                text with a unit (``"36 h"``).

        Raises:
            InputError: the delay is not understood, or out of range.
            NetworkError: the network has contracts already.
        """
        return self._recording.deploy(delay)

    def perform(self, operation: Operation, *, approve: Asked = None) -> Recorded:
        """Plan, sign and send one operation, and wait until it is mined.

        Args:
            operation: what to record.
            approve: is shown what is about to be signed, and raises if it shall not be.

        Raises:
            InputError: a name is unknown.
            SigningError: no key of the acting participant is at hand.
            Refusal: the contracts refused; nothing has happened.
        """
        return self._recording.perform(operation, approve)

    def submit(
        self,
        path: Path | str | Source,
        *,
        create_keys: bool = False,
        block_size: int = 100,
        exclusive_keys: bool = False,
        progress: Progress = silent,
        approve: Asked = None,
    ) -> Submitted:
        """Run an operations file: all of it is checked first, and each line runs once.

        Args:
            path: UTF-8 JSON Lines, one operation a line (docs/operations.md), a workbook or a CSV file
                (docs/spreadsheets.md); or what :func:`traceledger.interop.reading.source_of` read of one.
            create_keys: make an encrypted key for every participant that it registers without one.
            block_size: most operations in one block of an embedded chain.
            exclusive_keys: no other machine uses these keys, so that also what the contracts would let happen
                twice need not be sent alone (docs/operations.md).
            progress: told how many operations of how many are done.
            approve: is shown what is about to be signed, and raises if it shall not be.

        Raises:
            OperationsFileError: the file has faults; nothing was sent.
            SigningError: a key is missing; nothing was sent.
            Refusal: the contracts refused a line; those before it have run. On a network, later lines that
                do not depend on it may have run as well.
            NetworkError: the network failed; what is on its way stays in the outbox.
        """
        return self._recording.submit(
            path,
            create_keys=create_keys,
            block_size=block_size,
            exclusive_keys=exclusive_keys,
            progress=progress,
            approve=approve,
        )

    def plan(
        self,
        operations: Operations | Source,
        *,
        create_keys: bool = False,
        progress: Progress = silent,
        propose: bool = False,
    ) -> Plan:
        """What submitting operations would do: each one's effect, its key, and what the contracts would say.

        Everything is checked that :meth:`submit` checks, but for passphrases. Nothing is sent or stored,
        and nothing signed but the consent of a stored key that joins a participant, which holds for an hour;
        the index is brought up to date.

        Args:
            operations: a file as :meth:`submit` takes it, or operations as values or as mappings such as
                the lines of an operations file hold.
            create_keys: take it that a key is made for every participant that is registered without one.
            progress: told how many operations of how many were looked at.
            propose: say in ``proposal`` what would be signed, as :meth:`submit` shows it to ``approve``.

        Example:
            >>> plan = client.plan("operations.jsonl")  # doctest: +SKIP
            >>> for it in plan.operations:  # doctest: +SKIP
            ...     print(it.number, it.effect.summary, it.outcome)

        Raises:
            OperationsFileError: operations have faults.
            SigningError: a key is missing.
        """
        return self._recording.plan(operations, create_keys=create_keys, progress=progress, propose=propose)

    def capture(
        self,
        documents: Documents,
        *,
        act_as: str | Sequence[str] = (),
        masterdata: MasterData | Path | str | None = None,
        define: bool = False,
        observations: bool = False,
        progress: Progress = silent,
    ) -> CapturePlan:
        """What events of EPCIS 2.0 become on the ledger, event by event (docs/epcis.md); nothing is sent.

        ``plan.source()`` is what :meth:`submit` takes. What the ledger has already is recognised, so that
        the same events captured again do nothing.

        Args:
            documents: a file of events, or its bytes, or several of these.
            act_as: short name of the participant for whom is recorded, or several; what is another's is left
                out. By default the participant of the master data; without them, each event is recorded for
                whom it says, or at whose site it happens.
            masterdata: a company's master data, or their file (docs/masterdata.md).
            define: record first what the documents' headers define and the ledger lacks; only the consortium
                can.
            observations: put observations that change nothing on record as evidence.
            progress: told how many operations of how many the contracts were asked about.

        Example:
            >>> plan = client.capture("events.json", act_as="kokkola")  # doctest: +SKIP
            >>> for row in plan.rows:  # doctest: +SKIP
            ...     print(row.place, row.verdict, row.why)
            >>> if not plan.refused:  # doctest: +SKIP
            ...     client.submit(plan.source())

        Raises:
            InputError: a file cannot be read, or is no document of EPCIS 2.0; the master data have faults; a
                participant is not on the ledger.
        """
        acting = (act_as,) if isinstance(act_as, str) else tuple(act_as)
        return self._capturing.capture(
            documents,
            acting=tuple(filter(None, acting)),
            masterdata=masterdata,
            define=define,
            observations=observations,
            progress=progress,
        )

    def outbox(self, *, last: int | None = None) -> list[Entry]:
        """The transactions that were signed here for a network, oldest first. The network is not asked.

        Args:
            last: only so many of the newest.

        Raises:
            VerificationError: the outbox is damaged, or belongs to another chain.
        """
        return self._recording.outbox(last=last)

    def resume(self, *, progress: Progress = silent) -> list[Entry]:
        """Bring every unfinished transaction of the outbox to an end; returns what became of them.

        Raises:
            NetworkError: the network cannot be reached, or makes no blocks; they stay in the outbox.
        """
        return self._recording.resume(progress)

    def discard(self, account: bytes, nonce: int, *, progress: Progress = silent) -> list[Entry]:
        """Give up unfinished transactions that no node has, from a nonce on, and use their nonces otherwise.

        Args:
            account: the address that signed them.
            nonce: of the first one; later ones of the account that no node has are given up as well.
            progress: told how many transactions of how many are settled.

        Returns:
            What became of each: ``dead``, or ``final`` or ``failed`` if it was mined after all.

        Raises:
            InputError: there is no such transaction.
            NetworkError: it is not proven that no node has it, or the network failed.
            SigningError: the key's passphrase is wrong; nothing was given up.
        """
        return self._recording.discard(account, nonce, progress)

    def offline(
        self, path: Path | str, nonces: Mapping[str | None, int]
    ) -> AbstractContextManager[OfflineSigning]:
        """What signs operations into a file, without any connection; :meth:`send_file` sends it elsewhere.

        Args:
            path: the file; transactions are added to those that it holds.
            nonces: the next nonce by the name of a key (``None``: of the only one), unless the file tells.

        Raises:
            InputError: the network is an embedded one.
            NetworkError: networks.toml names no contracts.
        """
        return self._recording.offline(Path(path), nonces)

    def signed_file(
        self, path: Path | str
    ) -> AbstractContextManager[tuple[TransactionFile, Callable[[bytes | int], str]]]:
        """What a file of signed transactions holds, and what gives the names that are proved here.

        No connection is made: names of addresses and ids are those of the directory file.

        Raises:
            InputError: the file was changed, or is for another network.
            VerificationError: the directory file proves nothing.
        """
        return self._recording.signed_file(Path(path))

    def send_file(self, path: Path | str, *, progress: Progress = silent) -> Submitted:
        """Send a file of signed transactions, each once, and wait until all are final.

        Raises:
            InputError: the file was changed, is for another network, or its nonces do not fit.
            Refusal: the contracts refused one; those that do not need it may have run.
            NetworkError: the network failed; what is on its way stays in the outbox.
        """
        return self._recording.send_file(Path(path), progress)

    def next_nonce(self, account: bytes) -> int:
        """The nonce of an account's next transaction, after those mined and those unfinished here."""
        return self._recording.next_nonce(account)

    def names(self) -> Directory:
        """Names over the index, for reading: it needs neither keys nor the chain."""
        return self._held.names()

    def directory(self) -> Directory:
        """Names over the index, as far as it has been synced."""
        return self._recording.directory()

    @property
    def disclosed(self) -> DisclosedIndex:
        """The index with private texts disclosed, where what opens their commitments is known here."""
        return self._held.disclosed

    def batch_id(self, name: str) -> int:
        """Id of a batch by its full name (``creator/identifier``) or its id as 0x text.

        Raises:
            UnknownNameError: there is no such batch.
        """
        return self._reading.batch_id(name)

    def finding_id(self, name: str) -> int:
        """Id of a finding by its full name, ``auditor/identifier``.

        Raises:
            UnknownNameError: there is no such finding.
        """
        return self._reading.finding_id(name)

    def standing(self, participant: str, *, at: int | None = None) -> Standing:
        """Whether a participant may act, and if not, why.

        Args:
            participant: its short name.
            at: in a block of that time, UTC seconds; by default now.

        Raises:
            UnknownNameError: there is no such participant.
        """
        return self._reading.standing(participant, at)

    def chain_time(self) -> int:
        """The time that a block mined now would have, at least: UTC seconds."""
        return self._held.chain_time()

    @property
    def stages(self) -> StageTable:
        """Which life-cycle stage emissions belong to, by process and kind of facility.

        Raises:
            InputError: the file that networks.toml names cannot be read, or says something else.
        """
        return self._held.stages

    @property
    def article_8(self) -> Article8Rules:
        """What is an active material, and whose waste is battery manufacturing waste (docs/recycled.md).

        Raises:
            InputError: the file that networks.toml names cannot be read, or says something else.
        """
        return self._held.article_8

    def trace(self, batch: str, *, as_of: int | None = None) -> Trace:
        """Where a batch comes from: origins, footprint, recycled content, traced share.

        Args:
            batch: its full name, ``creator/identifier``.
            as_of: as it stood after this block; by default now.

        Raises:
            UnknownNameError: there is no such batch.
        """
        return self._reading.trace(batch, as_of)

    def footprint(self, batch: str, *, as_of: int | None = None) -> Footprint:
        """The CO2e of a batch: own, inherited, total, primary part, by facility, process, stage and scope.

        Raises:
            UnknownNameError: there is no such batch.
        """
        return self.trace(batch, as_of=as_of).footprint

    def export_proof(
        self,
        batch: str,
        path: Path | str,
        *,
        block: int | None = None,
        checkpoints: Sequence[Checkpoint] = (),
        linked: bool | None = None,
        disclose: Collection[str] = (),
    ) -> Exported:
        """Write a proof file: all that shows, offline, what :meth:`trace` says of a batch.

        It is verified before it appears.

        Args:
            batch: its full name, ``creator/identifier``.
            path: the file to write; one that is there is replaced once the new one is complete, but with
                ``disclose`` refused.
            block: the stated block; by default the oldest of the checkpoints, for which all of
                them stand, else the newest final one.
            checkpoints: of witnesses, to go into the file.
            linked: write all headers in between, so that ancestors are proved by their hashes; by default
                only where the network's blocks have no seals, or checkpoints are given.
            disclose: private texts of its lineage to disclose, as far as they are known here: ``names``,
                ``facilities``, ``evidence``, ``lots``. Only the owner of the file can read it then.

        Raises:
            UnknownNameError: there is no such batch at that block.
            InputError: the block is not final yet, or the file cannot be written.
            VerificationError: what index and node say makes no file that holds.
        """
        return self._proofs.export(
            batch, Path(path), block=block, checkpoints=checkpoints, linked=linked, disclose=disclose
        )

    def export_directory(
        self, path: Path | str, *, participants: Sequence[str] = (), batches: Sequence[str] = ()
    ) -> DirectoryFile:
        """Write a directory file: by it a machine without a network knows whom short names mean.

        Args:
            path: the file to write; one that is there is replaced.
            participants: short names; by default all.
            batches: full names of lots whose masses are to be known there.

        Raises:
            UnknownNameError: there is no such participant or batch at the newest final block.
            InputError: the file cannot be written.
        """
        return self._proofs.directory(Path(path), participants, batches)

    def trust_root(
        self,
        *,
        witnesses: Sequence[bytes] = (),
        threshold: int | None = None,
        pinned: Sequence[int] = (),
        from_block: int = 0,
        expires: int | None = None,
        keepers: Keepers | None = None,
    ) -> TrustRoot:
        """What a verifier of proof files is to believe, as this network stands now.

        Args:
            witnesses: addresses of those whose checkpoints are to be believed.
            threshold: how many of them it takes; by default all.
            pinned: numbers of blocks to believe as they are.
            from_block: nobody's seal counts for the blocks before this one.
            expires: from when on it is not to be believed, UTC seconds.
            keepers: who may put another one in its place.

        Raises:
            InputError: nothing could make a block final, or it would have expired already.
        """
        return self._proofs.trust_root(
            witnesses=witnesses,
            threshold=threshold,
            pinned=pinned,
            from_block=from_block,
            expires=expires,
            keepers=keepers,
        )

    def succeed(self, old: TrustRoot, new: TrustRoot, *, keys: Sequence[str]) -> Succession:
        """Sign that a trust root takes the place of another one, whose keepers one is among.

        Args:
            old: the one that readers have.
            new: the one that they are to believe instead.
            keys: names of stored keys.

        Raises:
            VerificationError: ``new`` cannot follow ``old``, whoever signs.
            SigningError: a key is not stored.
        """
        return self._proofs.succeed(old, new, keys)

    def witness(self, key: str, *, block: int | None = None) -> Checkpoint:
        """Sign that a block is final, as this network's node has it.

        Args:
            key: name of a stored key.
            block: its number; by default the newest final block.

        Raises:
            InputError: there is no such block, or it is not final yet.
            SigningError: the key is not stored.
        """
        return self._proofs.witness(key, block)

    def export_disclosures(
        self,
        path: Path | str,
        *,
        batches: Sequence[str] = (),
        facilities: Sequence[str] = (),
        participants: Sequence[str] = (),
        everything: bool = False,
    ) -> int:
        """Write what opens private texts, as far as known here; returns how many texts.

        Whoever has the file can prove to anybody what it says.

        Args:
            path: the file to write; only its owner can read it.
            batches: full names; all upstream of them is meant as well.
            facilities: ``participant/identifier``, each with its participant.
            participants: slugs.
            everything: all that is known here, for a machine of one's own.

        Raises:
            UnknownNameError: there is no such batch, facility or participant.
            InputError: nothing is chosen, or the file cannot be written.
        """
        return self._exchange.export(
            Path(path),
            batches=batches,
            facilities=facilities,
            participants=participants,
            everything=everything,
        )

    def import_disclosures(self, path: Path | str) -> Imported:
        """Take over the openings of a file, if each opens what stands on chain; else none of them.

        Raises:
            InputError: the file cannot be read, or a line is not understood.
            VerificationError: an opening opens nothing on this chain, or the file is of another one.
        """
        return self._exchange.import_(Path(path))
