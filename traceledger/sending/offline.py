"""Signing operations on a machine without a network.

Other companies' names are resolved by a directory file, verified against a trust root, and by nothing else:
a changed index, or a key file of another name, sends nothing elsewhere. Who acts is who signs, whatever
the index says. Full names of batches, facilities, materials and findings need no index at all, as their ids
follow from them. No connection is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from traceledger.config.networks import Contracts, Network
from traceledger.errors import InputError, UnknownNameError, VerificationError
from traceledger.index import Contracts as Followed
from traceledger.index import Index
from traceledger.index.database import Database
from traceledger.index.followed import stored_follows
from traceledger.model.assurance import Assessment, Finding
from traceledger.model.batches import Batch, Shipment
from traceledger.model.hexadecimal import hexed
from traceledger.model.ids import batch_id, facility_id, finding_id, material_id
from traceledger.model.patience import DEFAULT, Patience
from traceledger.model.registry import Facility, Material, Participant
from traceledger.names import Owned, full_name
from traceledger.operations.catalogue import Operation, parse_operation
from traceledger.operations.directory import Directory, Known, OpenShipment
from traceledger.private.store import Disclosures
from traceledger.proofs.verify.directory import VerifiedDirectory, load, verify
from traceledger.sending import transaction_file
from traceledger.sending.jobs import Job
from traceledger.sending.lines import Begin, Source, make_ready
from traceledger.sending.preparation import History, Preparation
from traceledger.sending.proposal import Asked, asking
from traceledger.sending.proved_names import trust_root_of
from traceledger.sending.sender import Terms, directory
from traceledger.sending.transaction_file import TransactionFile
from traceledger.signing.signers import DEPLOYER, Signers
from traceledger.signing.transaction import sign

if TYPE_CHECKING:
    from traceledger.events.batches import EmissionsAdded
    from traceledger.events.corrections import EmissionsRestated
    from traceledger.events.transformations import Transformed
    from traceledger.model.batches import RecordKind
    from traceledger.replay.trail import Entry

Nonces = Mapping[str | None, int]
"""The next nonce by the name of a key, or its address as 0x text; ``None`` stands for the only key in use."""

MOST_NONCE = 2**64 - 2
"""The last nonce that a transaction may have (EIP-2681)."""


class NothingKnown:
    """An index that knows nothing, where no index file is at hand."""

    def operation_count(self, participant: bytes, to: bytes, call: bytes) -> int:
        """None, as far as is known here."""
        return 0

    def operation_counts(self, operations: Sequence[tuple[bytes, bytes, bytes]]) -> list[int]:
        """None, as far as is known here."""
        return [0] * len(operations)

    def operation_places(
        self, participant: bytes, to: bytes, call: bytes
    ) -> tuple[tuple[int, int, bytes], ...]:
        """Nothing is known to have run."""
        return ()

    def trail(self, batch: int) -> tuple[Entry, ...]:
        """Unknown."""
        return ()

    def transformation(self, transformation: int) -> Transformed | None:
        """Unknown."""
        return None

    def emissions_record(self, record: int) -> EmissionsAdded | None:
        """Unknown."""
        return None

    def restatement(self, kind: RecordKind, record: int) -> EmissionsRestated | None:
        """Unknown."""
        return None

    def identifiers(self, creator: bytes, beginning: str) -> Sequence[str]:
        """None, as far as is known here."""
        return ()

    def participant(self, slug: str) -> Participant | None:
        """Unknown."""
        return None

    def participant_at(self, address: bytes) -> Participant | None:
        """Unknown."""
        return None

    def material(self, slug: str) -> Material | None:
        """Unknown."""
        return None

    def material_by_id(self, material: int) -> Material | None:
        """Unknown."""
        return None

    def facility_by_id(self, facility: int) -> Facility | None:
        """Unknown."""
        return None

    def batch(self, batch: int) -> Batch | None:
        """Unknown."""
        return None

    def shipment(self, shipment: int) -> Shipment | None:
        """Unknown."""
        return None

    def finding(self, finding: int) -> Finding | None:
        """Unknown."""
        return None

    def assessment(self, assessment: int) -> Assessment | None:
        """Unknown."""
        return None


@dataclass(slots=True)
class OfflineDirectory(Directory):
    """Names where the index may be old or absent: what a full name says is taken to exist."""

    keys: dict[str, bytes] = field(default_factory=dict)
    _acting: dict[str, bytes] = field(default_factory=dict)

    def participant(self, slug: str) -> bytes:
        """Address of a participant that the directory file proves, or that lines before it register."""
        found = Directory._find_participant(self, slug)
        if found is None:
            raise _unknown(f"participant {slug!r}")
        return found

    def acting(self, slug: str) -> bytes:
        """Address of a participant that acts: as proved, by the index, or of a stored key of that name."""
        found = Directory._find_participant(self, slug)
        if found is None and (known := self.known.participant(slug)) is not None:
            found = known.address
        found = found or self.keys.get(slug)
        if found is None:
            raise _unknown(f"participant {slug!r}")
        self._acting[slug] = found
        self._names.add(found, slug)
        self._operators.setdefault(found, self.operators(found) or (found,))
        return found

    def operators_before(self, slug: str | None) -> tuple[bytes, ...]:
        """The keys that may sign for who acts; none for no participant, or one that is not known here."""
        try:
            return self.operators(self.acting(slug)) if slug else ()
        except UnknownNameError:
            return ()

    def registered(self, slug: str) -> bytes | None:
        """Address of a participant by the directory file alone; it may not be another in the index.

        Raises:
            VerificationError: it is.
        """
        found = self.proved.participant(slug) if self.proved else None
        known = self.known.participant(slug)
        if found is not None and known is not None and known.address != found:
            raise VerificationError(
                f"{slug!r} is {hexed(found)} by the directory file, and {hexed(known.address)} in the index",
                hint="one of them was changed, or is another network's: bring both anew",
            )
        return found

    def _find_participant(self, slug: str) -> bytes | None:
        """Whom the first part of a full name means: whose own thing it is, the key that signs decides."""
        return Directory._find_participant(self, slug) or self._acting.get(slug)

    def material(self, slug: str) -> int:
        """Id of a material."""
        return material_id(slug)

    def facility(self, name: str, own: bytes | None) -> int:
        """Id of a facility."""
        return facility_id(*self._taken(name, own, "facility"))

    def batch(self, name: str, own: bytes | None) -> int:
        """Id of a batch."""
        return batch_id(*self._taken(name, own, "batch"))

    def finding(self, name: str, own: bytes | None) -> int:
        """Id of a finding."""
        return finding_id(*self._taken(name, own or self.consortium, "finding"))

    def shipment(self, name: str, own: bytes | None) -> OpenShipment:
        """What a shipment consists of, which only the index can say."""
        try:
            return Directory.shipment(self, name, own)
        except UnknownNameError:
            raise _unknown(f"shipment {name!r}") from None

    def _taken(self, name: str, own: bytes | None, what: Owned) -> tuple[bytes, str]:
        owner, identifier = self.recorded_name(name, own, what)
        slug, slash, _ = name.partition("/")
        whole = owner == own and identifier == name
        looks_owned = bool(slash) and slug.replace("-", "").isalnum() and slug == slug.lower()
        if whole and looks_owned and not self.holds(what, owner, identifier):
            raise _unknown(f"participant {slug!r} of {what} {name!r}")
        return owner, identifier


def _unknown(what: str) -> UnknownNameError:
    return UnknownNameError(
        f"{what} cannot be resolved offline",
        hint="bring a directory file from a connected machine (traceledger tx directory writes it) as"
        " directory.json into the network's folder, and for shipments index.sqlite too",
    )


def directory_of(network: Network) -> VerifiedDirectory | None:
    """What the directory file in a network's folder proves by the trust root that networks.toml names.

    ``None``: there is no such file.

    Raises:
        InputError: it is none, or no trust root is named.
        VerificationError: it proves nothing.
    """
    path = network.directory_file
    if not path.exists():
        return None
    trusted = trust_root_of(network)
    if trusted is None:
        raise InputError(
            "nothing is known here by which a directory file could be verified",
            where=str(path),
            hint='name a trust root in networks.toml: trust_root = "FILE" (traceledger trust-root export)',
        )
    return verify(load(path), trusted, str(path))


@contextmanager
def proved_names(network: Network, busy_seconds: float) -> Iterator[Callable[[bytes | int], str]]:
    """What gives the proved name of an address, or of the id of something; empty where none is proved.

    Ids follow from their owners' addresses and their texts: so the index may say which texts, and is believed
    where the id that they give is the right one. Materials' ids follow from their short names alone.

    Raises:
        InputError: the directory file is none, or no trust root is named.
        VerificationError: it proves nothing.
    """
    proved = directory_of(network)
    slugs = {address: slug for slug, address in proved.addresses.items()} if proved else {}
    named = {lot.id: name for name, lot in proved.named.items()} if proved else {}
    index = _index(network, busy_seconds)
    known = NothingKnown() if index is None else index

    def name_of(asked: bytes | int) -> str:
        if isinstance(asked, bytes):
            return slugs.get(asked, "")
        if asked not in named:
            named[asked] = _name_by_id(asked, known, slugs)
        return named[asked]

    try:
        yield name_of
    finally:
        if index is not None:
            index.close()


def _name_by_id(number: int, known: NothingKnown | Index, slugs: Mapping[bytes, str]) -> str:
    """A full name, or a material's, that gives this id."""
    if (material := known.material_by_id(number)) is not None:
        return material.slug if material_id(material.slug) == number else ""
    made: Callable[[bytes, str], int]
    if (batch := known.batch(number)) is not None:
        owner, identifier, made = batch.creator, batch.identifier, batch_id
    elif (site := known.facility_by_id(number)) is not None:
        owner, identifier, made = site.participant, site.identifier, facility_id
    elif (finding := known.finding(number)) is not None:
        owner, identifier, made = finding.auditor, finding.identifier, finding_id
    else:
        return ""
    return full_name(slugs[owner], identifier) if owner in slugs and made(owner, identifier) == number else ""


def _directory(
    known: Known,
    signers: Signers,
    contracts: Contracts,
    disclosures: Disclosures,
    proved: VerifiedDirectory | None,
) -> Directory:
    """Names over the directory file; of who acts also over the index as it stands, and the stored keys."""
    found = directory(known, signers, contracts, disclosures, proved)
    return OfflineDirectory(
        known,
        consortium=found.consortium,
        assurance=found.assurance,
        ledger=found.ledger,
        access_manager=found.access_manager,
        registry=found.registry,
        private=found.private,
        proved=proved,
        keys={name: signers.address_of(name) for name in signers.names() if name != DEPLOYER},
    )


@dataclass(slots=True)
class OfflineSigning:
    """Signs operations into a file.

    Args:
        network: whose transactions are signed.
        signers: the keys.
        begin: makes what operations are prepared with, over the index as it stands, or over nothing.
        path: the file; what it holds already stays, and its nonces are gone on from.
        nonces: the next nonces, where the file does not give them.
        turn: how long to wait, in seconds, for another process that signs into the same file.
        approve: is shown what is about to be signed, and raises if it shall not be.
    """

    network: Network
    signers: Signers
    begin: Begin
    path: Path
    nonces: Nonces
    turn: float = DEFAULT.turn
    approve: Asked = None
    _bare: list[bytes] = field(default_factory=list)

    def operation(self, operation: Operation | Mapping[str, Any]) -> list[Job]:
        """Sign one operation, given as a value or as the mapping of its line; returns its transaction.

        Raises:
            InputError: a name cannot be resolved here, or no nonce is given.
            SigningError: the key is missing, or its passphrase is wrong.
        """
        preparation = self._begin(False)
        given = parse_operation(operation) if isinstance(operation, Mapping) else operation
        planned = preparation.prepare(given)
        preparation.ask([planned])
        prepared = preparation.consented(planned)
        job = prepared.job(occurrence=1, source="command")
        preparation.keep()
        return self._append([job], chained=True)

    def file(self, path: Path | Source, *, create_keys: bool) -> list[Job]:
        """Sign what an operations file holds and the index does not; returns the transactions.

        A spreadsheet is read before: :func:`traceledger.interop.reading.source_of`.

        Raises:
            OperationsFileError: it has faults, or names that cannot be resolved here.
            SigningError: a key is missing, or its passphrase is wrong.
        """
        ready = make_ready(Source.of(path), self._begin, create_keys=create_keys)
        pending = ready.pending()
        for position, _ in ready.postponed(pending):
            raise InputError(
                "what this shows follows from lines before it that are not recorded yet",
                where=ready.place(position),
                hint="sign those first, send them, and bring the index of a connected machine for the rest",
            )
        ready.ask()
        ready.unlock()
        return self._append(ready.jobs(pending), chained=False)

    def _begin(self, provisional: bool) -> Preparation:
        """What operations are prepared with, that knows what the file will do to batches."""
        preparation = self.begin(provisional)
        preparation.approve = asking(self.approve)
        if self.path.exists():
            for job in transaction_file.read(self.path).jobs:
                if not preparation.known.operation_count(job.actor, job.to, job.identity):
                    preparation.names.outlook.name(job.batches)
        return preparation

    def _append(self, jobs: Sequence[Job], *, chained: bool) -> list[Job]:
        """Sign jobs with the next nonces and add them to the file.

        Args:
            jobs: what to sign; their needs count from the first of them.
            chained: whether each needs the whole file so far.
        """
        for account in dict.fromkeys(job.account for job in jobs):
            self.signers.unlock(account)
        with transaction_file.alone(self.path, seconds=self.turn):
            return self._added(jobs, chained=chained)

    def _added(self, jobs: Sequence[Job], *, chained: bool) -> list[Job]:
        header = transaction_file.header_of(self.network)
        there: tuple[Job, ...] = ()
        if self.path.exists():
            file = transaction_file.read(self.path)
            transaction_file.require_for(file, self.network, self.network.genesis_hash, self.path)
            there = file.jobs
        nonces = transaction_file.next_nonces(there)
        last = {job.account: position for position, job in enumerate(there)}
        before = tuple(sorted(last.values())) if chained else None
        signed = [self._signed(job, nonces, len(there), before) for job in jobs]
        transaction_file.write(self.path, TransactionFile(header, (*there, *signed)))
        return signed

    def _signed(self, job: Job, nonces: dict[bytes, int], base: int, before: tuple[int, ...] | None) -> Job:
        if job.account not in nonces:
            nonces[job.account] = self._first_nonce(job.account)
        nonce = nonces[job.account]
        if nonce > MOST_NONCE:
            raise InputError(f"{nonce} is no nonce", where="--nonce", hint=f"the last one is {MOST_NONCE}")
        nonces[job.account] += 1
        terms = Terms(self.network.chain_id, self.network.fees)
        unsigned = terms.unsigned(nonce, job.gas, job.to, job.data)
        raw = sign(unsigned, self.signers.unlock(job.account))
        needs = before if before is not None else tuple(need + base for need in job.needs)
        return replace(job, raw=raw, nonce=nonce, needs=needs)

    def _first_nonce(self, account: bytes) -> int:
        name = self.signers.name_of(account) or hexed(account)
        for key in (name, hexed(account)):
            if key in self.nonces:
                return self.nonces[key]
        if None in self.nonces and not self._bare:
            self._bare.append(account)
            return self.nonces[None]
        raise InputError(
            f"the next nonce of key {name} must be given",
            where="--nonce",
            hint=f"use --nonce {name}=N; a connected machine shows it: traceledger tx nonce {name}",
        )


@contextmanager
def opened(
    network: Network,
    signers: Signers,
    disclosures: Disclosures,
    path: Path,
    nonces: Nonces,
    *,
    patience: Patience = DEFAULT,
) -> Iterator[OfflineSigning]:
    """What signs for a network offline; the index that is here is open meanwhile.

    Raises:
        InputError: the network is an embedded one.
        VerificationError: the index here is damaged, or follows something else.
    """
    if network.kind == "embedded":
        raise InputError(
            f"network {network.name!r} is embedded: what is signed for it is mined at once",
            where="--offline",
            hint="choose another with --network",
        )
    contracts = network.deployed()
    proved = directory_of(network)
    index = _index(network, patience.sqlite_busy)
    known: History = NothingKnown() if index is None else index

    def begin(provisional: bool) -> Preparation:
        names = _directory(known, signers, contracts, disclosures, proved)
        return Preparation(
            known,
            names,
            signers,
            contracts,
            provisional=provisional,
            chain_id=network.chain_id,
        )

    try:
        yield OfflineSigning(network, signers, begin, path, nonces, patience.turn)
    finally:
        if index is not None:
            index.close()


def _index(network: Network, busy_seconds: float) -> Index | None:
    """The index as it stands in the network's folder."""
    if not network.index_file.exists():
        return None
    database = Database.open(network.index_file, busy_seconds=busy_seconds)
    try:
        found = stored_follows(database)
    finally:
        database.close()
    if found is None:
        return None
    if found.chain_id != network.chain_id or network.genesis_hash not in (None, found.genesis_hash):
        raise VerificationError("the index follows another chain", where=network.index_file)
    ours = network.deployed()
    follows = Followed(
        network.chain_id,
        found.genesis_hash,
        ours.ledger,
        ours.registry,
        ours.assurance,
        ours.access_manager,
    )
    return Index.open(network.index_file, follows, busy_seconds=busy_seconds)
