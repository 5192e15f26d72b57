"""Govern a running network from one's own nodes: validators by vote, members by allowlist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from traceledger.errors import InputError, NetworkError
from traceledger.network import allowlist, manifest, ports
from traceledger.network.control import Control
from traceledger.network.deployment import write_deployment
from traceledger.network.enode import Enode
from traceledger.network.founding import new_node, write_node
from traceledger.network.manifest import LOOPBACK, Node
from traceledger.network.running import Running

LOCK_FILE = ".files.lock"
LOCK_SECONDS = 20.0
"""How long one command waits for another that changes the network's files."""


@dataclass(frozen=True, slots=True)
class Validator:
    """A validator of the network.

    ``node`` is its node, where it is one that network.json knows; ``signing``: whether it made one of the
    newest blocks; ``votes``: the votes, of nodes here, to add (true) or to remove it, by the node's name.
    """

    address: bytes
    member: bool
    node: Node | None
    signing: bool
    votes: dict[str, bool]


class Governing:
    """What an operator may do with the nodes that run on this machine.

    Args:
        running: the network's nodes here.
    """

    def __init__(self, running: Running) -> None:
        self._running = running

    def validators(self) -> list[Validator]:
        """All validators, and the candidates that a node here votes for.

        Raises:
            NetworkError: no node here runs, or none answers.
        """
        voters = self._voters(())
        control = voters[0][1]
        members = control.validators()
        sealers = control.recent_sealers(2 * len(members))
        votes = {node.name: voice.votes() for node, voice in voters}
        candidates = sorted({address for cast in votes.values() for address in cast} - set(members))
        nodes = {node.address: node for node in self._running.manifest.nodes}
        return [
            Validator(
                address=address,
                member=address in members,
                node=nodes.get(address),
                signing=address in sealers,
                votes={name: cast[address] for name, cast in votes.items() if address in cast},
            )
            for address in (*members, *candidates)
        ]

    def propose(self, address: bytes, *, add: bool, only: Sequence[str] = ()) -> list[Node]:
        """Vote, with the validators here, to add or to remove a validator (its 20-byte address).

        Returns:
            The nodes that vote so from now on. More than half of all validators must, then it is done.

        Raises:
            InputError: it is a validator already, or is none; or a name in ``only`` is not of a node here.
            NetworkError: no node here runs or answers.
        """
        voters = self._voters(only)
        members = voters[0][1].validators()
        if (address in members) == add:
            state = "is a validator already" if add else "is no validator"
            raise InputError(f"0x{address.hex()} {state}", hint="see: traceledger network validator list")
        voting = [(node, voice) for node, voice in voters if node.address in members]
        if not voting:
            raise InputError("no node here is a validator", hint="only validators vote")
        for _, voice in voting:
            voice.propose(address, add=add)
        return [node for node, _ in voting]

    def discard(self, address: bytes, *, only: Sequence[str] = ()) -> list[Node]:
        """Take back what the nodes here vote about this address: also good after the vote has passed.

        Raises:
            InputError: a name in ``only`` is not of a node here.
            NetworkError: no node here runs or answers.
        """
        voters = [(node, voice) for node, voice in self._voters(only) if address in voice.votes()]
        for _, voice in voters:
            voice.discard(address)
        return [node for node, _ in voters]

    def nodes(self) -> list[tuple[Enode, Node | None]]:
        """The nodes that may connect; with each, what network.json knows of it."""
        known = {node.node_id: node for node in self._running.manifest.nodes}
        return [(enode, known.get(enode.node_id)) for enode in allowlist.read_nodes(self._running.folder)]

    def create(self, name: str, host: str = LOOPBACK, port_pair: ports.Ports | None = None) -> Node:
        """Make a new node's folder, with keys of its own. It is admitted by the others, not by this.

        Raises:
            InputError: the name is taken.
            NetworkError: the folder cannot be written.
        """
        with self._changing():
            return self._create(name, host, port_pair)

    def _create(self, name: str, host: str, port_pair: ports.Ports | None) -> Node:
        folder, known = self._running.folder, self._running.manifest
        if any(node.name == name for node in known.nodes) or (folder / name).exists():
            raise InputError(f"there is a {name} already", where=str(folder), hint="choose another name")
        if port_pair is None:
            local = host == LOOPBACK
            port_pair = ports.free_ports(1)[0] if local else (ports.P2P_PORT, ports.RPC_PORT)
        engine = self._running.engine
        keys = engine.new_keys()
        node = new_node(name, keys, host, port_pair)
        try:
            write_node(folder, known, node, keys)
        except OSError as error:
            raise NetworkError(f"cannot be written: {error.strerror}", where=str(folder / name)) from None
        larger = known.with_nodes((*known.nodes, node))
        manifest.write(folder, larger)
        write_deployment(folder, larger, engine)
        self._running.manifest = larger
        return node

    def admit(self, enode: Enode) -> list[Node]:
        """Let a node join: in the allowlist, in the configuration of every node here, in those that run.

        Returns:
            The running nodes that were told.

        Raises:
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            present = allowlist.read_nodes(self._running.folder)
            others = [other for other in present if other.node_id != enode.node_id]
            self._allow([*others, enode])
        return self._tell(enode, admit=True)

    def remove(self, enode: Enode) -> list[Node]:
        """Let a node join no longer, and disconnect it.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: it is not admitted, or is a validator still.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            present = allowlist.read_nodes(self._running.folder)
            gone = [other for other in present if other.node_id == enode.node_id]
            if not gone:
                raise InputError("is not admitted", where=enode.url)
            self._check_no_validator(enode)
            self._allow([other for other in present if other not in gone])
        return self._tell(gone[0], admit=False)

    def accounts(self) -> tuple[bytes, ...]:
        """The accounts whose transactions are taken (20-byte addresses); empty: those of all."""
        return self._running.manifest.accounts

    def admit_account(self, address: bytes) -> list[Node]:
        """Take transactions of this account too: the configuration of nodes here, and those that run.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: the network has no rules for accounts, or takes those of this one already.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            accounts = self._ruled_accounts()
            if address in accounts:
                raise InputError("is admitted already", where=f"0x{address.hex()}")
            return self._allow_accounts((*accounts, address), address, admit=True)

    def remove_account(self, address: bytes) -> list[Node]:
        """Take no more transactions of this account.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: the network has no rules for accounts, this one is not admitted, or is the last.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            accounts = self._ruled_accounts()
            if address not in accounts:
                raise InputError("is not admitted", where=f"0x{address.hex()}")
            if len(accounts) == 1:
                raise InputError(
                    "is the last account", where=f"0x{address.hex()}", hint="admit another first"
                )
            left = [each for each in accounts if each != address]
            return self._allow_accounts(left, address, admit=False)

    def _ruled_accounts(self) -> tuple[bytes, ...]:
        if not self.accounts():
            raise InputError(
                "this network takes transactions of all accounts",
                where=str(self._running.folder),
                hint="rules for accounts are for Besu networks that were founded with --account",
            )
        return self.accounts()

    def _allow_accounts(self, accounts: Sequence[bytes], changed: bytes, *, admit: bool) -> list[Node]:
        folder = self._running.folder
        self._running.manifest = self._running.manifest.with_accounts(accounts)
        manifest.write(folder, self._running.manifest)
        allowlist.write_accounts(folder, accounts)
        self._allow(allowlist.read_nodes(folder))
        told = self._running.alive()
        for node in told:
            control = self._running.control(node)
            if admit:
                control.admit_account(changed)
            else:
                control.expel_account(changed)
        return told

    def named(self, text: str) -> Enode:
        """The node that a user means: by its enode URL, or by its name in network.json.

        Raises:
            InputError: neither.
        """
        if text.startswith("enode:"):
            return Enode.parse(text)
        return self._running.manifest.node(text).enode

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One command at a time changes the network's files; it starts from what they hold by then."""
        from filelock import FileLock, Timeout

        folder = self._running.folder
        try:
            with FileLock(folder / LOCK_FILE, timeout=LOCK_SECONDS):
                self._running.manifest = manifest.read(folder)
                yield
        except Timeout:
            raise NetworkError(
                "another command changes the network's files", where=str(folder), hint="try again"
            ) from None
        except OSError as error:
            raise NetworkError(f"cannot be written: {error.strerror}", where=str(folder)) from None

    def _check_no_validator(self, enode: Enode) -> None:
        known = next((n for n in self._running.manifest.nodes if n.node_id == enode.node_id), None)
        voters = self._running.alive()
        if known and voters and known.address in self._running.control(voters[0]).validators():
            raise InputError(
                f"{known.name} is a validator",
                hint=f"first: traceledger network validator propose DIR 0x{known.address.hex()} --remove",
            )

    def _allow(self, allowed: Sequence[Enode]) -> None:
        folder, known = self._running.folder, self._running.manifest
        allowlist.write_nodes(folder, allowed)
        for node in self._running.here:
            self._running.engine.write_config(folder / node.name, known, node, allowed)

    def _tell(self, enode: Enode, *, admit: bool) -> list[Node]:
        told, deaf = [], []
        for node in self._running.alive():
            if node.node_id == enode.node_id:
                continue
            control = self._running.control(node)
            try:
                control.admit(enode) if admit else control.expel(enode)
            except NetworkError as error:
                deaf.append(f"{node.name}: {error.what}")
            else:
                told.append(node)
        if deaf:
            raise NetworkError(
                f"not all nodes could be told; their configuration knows: {'; '.join(deaf)}",
                where=enode.url,
                hint="run the command again, or restart them",
            )
        return told

    def _voters(self, only: Sequence[str]) -> list[tuple[Node, Control]]:
        alive = self._running.alive(only)
        if not alive:
            raise NetworkError(
                "no node of this network runs here",
                where=str(self._running.folder),
                hint="run: traceledger network up",
            )
        return [(node, self._running.control(node)) for node in alive]


def governing(folder: Path) -> Governing:
    """Governing of the network in this folder."""
    return Governing(Running(folder))
