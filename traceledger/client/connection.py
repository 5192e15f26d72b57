"""The connection to one network: its chain, index, keys and private texts, each opened when first needed.

The parts of a client hold one and share what it opened; any of them may be used from several threads.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from traceledger.config.connection import create_embedded, key_place, open_chain
from traceledger.errors import BusyError, ClosedError, VerificationError
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.progress import Progress, silent
from traceledger.operations.directory import Directory
from traceledger.private.store import Disclosures, Drafts
from traceledger.storage.files import is_read_only
from traceledger.storage.locks import held

if TYPE_CHECKING:
    from traceledger.chain.base import Chain
    from traceledger.client.read_only import Scratch
    from traceledger.config.networks import Contracts as DeployedContracts
    from traceledger.config.networks import Network
    from traceledger.index import Index
    from traceledger.index.disclosed import DisclosedIndex
    from traceledger.index.followed import ReadableChain
    from traceledger.provenance.article_8_rules import Article8Rules
    from traceledger.provenance.stages import StageTable
    from traceledger.sending.dispatch import Dispatch
    from traceledger.sending.proved_names import ProvedNames
    from traceledger.sending.role_events import Rights
    from traceledger.signing.places import KeyPlace
    from traceledger.signing.signers import Signers


class Connection:
    """What the parts of a client share.

    Args:
        network: an entry of networks.toml.
        passphrase: asked for a stored key's passphrase, by the key's name, when it must sign.
        patience: how long to wait for what.
        chain: the network's chain where it is open already; it is closed with the connection.
        keys: where keys live, if not in the network's key folder.
        environment_key: whether the key that the environment may hold signs as well.
    """

    def __init__(
        self,
        network: Network,
        *,
        passphrase: Callable[[str], str],
        patience: Patience = DEFAULT,
        chain: Chain | None = None,
        keys: KeyPlace | None = None,
        environment_key: bool = True,
    ) -> None:
        self.network = network
        self.patience = patience
        self._lock = threading.RLock()
        self._closed = False
        self._checked = False
        self._looked_at_rights = False
        self._differences: set[str] = set()
        self._chain = chain
        self._index: Index | None = None
        self._scratch: Scratch | None = None
        self._connected_with: DeployedContracts | None = None
        self._proved: ProvedNames | None = None
        self._keys = keys
        self._environment_key = environment_key
        self._passphrase = passphrase
        self._disclosures = Disclosures(network.disclosures_file, busy_seconds=patience.sqlite_busy)

    def close(self) -> None:
        """Release all files and connections, and forget unlocked keys; who uses any of it later is told."""
        with self._lock:
            self._closed = True
            for opened in (self._index, self._scratch, self._chain, self._disclosures, self._signers):
                if opened is not None:
                    opened.close()

    def require_open(self) -> None:
        """Refuse a use after :meth:`close`.

        Raises:
            ClosedError: it is closed.
        """
        if self._closed:
            raise ClosedError("the client is closed", hint="make another one with traceledger.connect()")

    @cached_property
    def stages(self) -> StageTable:
        """Which life-cycle stage is whose: the network's table, or the package's."""
        from traceledger.provenance.stages import load_stages

        return load_stages(self.network.stages)

    @cached_property
    def article_8(self) -> Article8Rules:
        """What is an active material, and whose waste counts: the network's rules, or the package's."""
        from traceledger.provenance.article_8_rules import load_rules

        return load_rules(self.network.article_8)

    @property
    def signers(self) -> Signers:
        """The keys that are stored for the network."""
        self.require_open()
        return self._signers

    @cached_property
    def _signers(self) -> Signers:
        # Who only reads needs no keys, nor what reads them.
        from traceledger.signing.signers import Signers

        place = self._keys or key_place(self.network)
        return Signers(place, self._passphrase, environment=self._environment_key)

    @property
    def disclosures(self) -> Disclosures:
        """What opens private texts, as far as known here."""
        self.require_open()
        return self._disclosures

    @property
    def chain(self) -> Chain:
        """The network's chain."""
        with self._lock:
            self.require_open()
            if self._chain is None:
                self._chain = open_chain(self.network, patience=self.patience)
                self._connected_with = self.network.contracts
            return self._chain

    @property
    def index(self) -> Index:
        """The index of the chain's events, as far as it has been synced."""
        with self._lock:
            self.require_open()
            if self._index is None:
                self._index = self._open_index()
            return self._index

    def _open_index(self) -> Index:
        """Open the index file; look at the contracts first where it is new, and where it does not fit."""
        from traceledger.index import Contracts, Index

        contracts, file = self.network.deployed(), self.network.index_file
        if not file.exists():
            self.check()
        try:
            follows = Contracts.of(self.chain, contracts)
            if is_read_only(file):
                from traceledger.client.read_only import Scratch

                self._scratch = Scratch(file)
                file = self._scratch.file
            return Index.open(file, follows, busy_seconds=self.patience.sqlite_busy)
        except VerificationError:
            self.check()
            raise

    @property
    def reads_a_copy(self) -> bool:
        """Whether the index is a copy for the time of this run, as the folder cannot be written."""
        return self._scratch is not None

    @property
    def disclosed(self) -> DisclosedIndex:
        """The index with private texts disclosed, where what opens their commitments is known here."""
        from traceledger.index.disclosed import DisclosedIndex

        return DisclosedIndex(self.index, self.disclosures)

    @property
    def proved(self) -> ProvedNames:
        """Whom short names mean, by proofs of the chain: what is signed goes by it."""
        from traceledger.sending.proved_names import ProvedNames, trust_root_of

        with self._lock:
            self.require_open()
            if self._proved is None:
                trusted = trust_root_of(self.network)
                self._proved = ProvedNames(self.network, self.chain, trusted, self._registered_in)
            return self._proved

    def _registered_in(self, slug: str) -> int | None:
        """In which block the index has a company's registration: where to look, not what to believe."""
        found = self.index.participant(slug)
        if found is None:
            return None
        head = self.index.head_block() or 0
        places = self.index.registrations(
            participants=[found.address], facilities=(), materials=(), as_of=head
        )
        return places[0][0] if places else None

    def check(self) -> None:
        """That the contracts at the network's addresses are those of this release, and belong together.

        Raises:
            NetworkError: none are deployed, or they are not ours.
        """
        from traceledger.sending.deployment import check

        with self._lock:
            self.require_open()
            if not self._checked:
                chain, contracts = self.chain, self.network.deployed()
                looked_already = self.network.kind == "rpc" and self._connected_with == contracts
                check(chain, contracts, codes=not looked_already)
                self._checked = True

    def sync(self, chain: ReadableChain | None = None, *, progress: Progress = silent) -> int:
        """Bring the index up to date, with all of the chain or a part; returns how many blocks were added."""
        added = self.index.sync(chain or self.chain, progress=progress)
        self._look_at_rights(added)
        return added

    def refresh(self, *, progress: Progress = silent) -> int | None:
        """Bring the index up to date for reading, unless another process keeps writing to it.

        Returns:
            How many blocks were added; ``None``: it stays as it stands, as the other brings it up to date.

        Raises:
            BusyError: the other has not brought it to any block yet.
        """
        index, chain = self.index, self.chain
        wait = min(self.patience.catch_up, self.patience.sqlite_busy)
        try:
            added = index.sync(chain, progress=progress, busy_seconds=wait)
            self._look_at_rights(added)
            return added
        except BusyError:
            if index.head_block() is None:
                raise
            return None

    def rights(self) -> Rights:
        """The rights of the consortium as they stand in the index, from the AccessManager's events."""
        from traceledger.sending.role_events import Rights

        return Rights.replayed(self.index.logs_of(self.network.deployed().access_manager))

    def _look_at_rights(self, added: int) -> None:
        """Warn, once, where rights are not as ``contract deploy`` sets them (Rule 12)."""
        with self._lock:
            looked, self._looked_at_rights = self._looked_at_rights, True
            if looked and not added:
                return
        rights = self.rights()
        # The AccessManager's first event grants a right: without members, its events are not there yet.
        found = rights.differences(self.network.deployed()) if rights.members else []
        with self._lock:
            new, self._differences = set(found) - self._differences, set(found)
        if not new:
            return
        import logging

        log = logging.getLogger(__name__)
        for difference in sorted(new):
            log.warning("rights are not as deployed: %s (traceledger role list)", difference)

    def create_chain(self) -> None:
        """Make the chain of an embedded network, where there is none yet."""
        with self._lock:
            self.require_open()
            if self.network.kind == "embedded" and self._chain is None:
                self._chain = create_embedded(self.network, patience=self.patience)

    def names(self) -> Directory:
        """Names over the index, for reading: it needs neither keys nor the chain."""
        return Directory(self.index, private=Drafts(self.disclosures))

    def chain_time(self) -> int:
        """The time that a block mined now would have, at least: UTC seconds."""
        return max(int(time.time()), self.chain.head().timestamp + 1)

    @contextmanager
    def dispatch(self, *, exclusive: bool = False) -> Iterator[Dispatch | None]:
        """What sends to this network through its outbox; ``None`` for an embedded one, which needs none."""
        from traceledger.sending.dispatch import opened

        if self.network.kind == "embedded":
            yield None
            return
        with opened(
            self.network, self.chain, self.signers, patience=self.patience, exclusive=exclusive
        ) as dispatch:
            try:
                yield dispatch
            except KeyboardInterrupt as stop:
                if not hasattr(stop, "__notes__") and (left := len(dispatch.outbox.unfinished())):
                    from traceledger.model.counting import counted

                    stop.add_note(f"{counted(left, 'transaction')} kept; run: traceledger outbox resume")
                raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One at a time plans and sends: another's operations would take our nonces, or be repeated.

        Raises:
            NetworkError: another process kept sending.
        """
        self.require_open()
        doing = f"sending operations to network {self.network.name!r}"
        with held(self.network.folder / "sending.lock", doing=doing, seconds=self.patience.turn):
            yield
