"""Who may take part in a running network, said from its own nodes: validators by vote, members by allowlist.

A change of members or accounts. Where it ends early, the same command again goes on from there::

    asked --lock, waited for 20 s--> written: network.json, the lists, every node's configuration here
      |                                 |
      v another command holds it        v all running nodes, one after the other, whatever some of them answer
    error                             told, or an error that names those that could not be told

What is written comes first: a node that is started or restarted meanwhile reads the new state.

A vote about a validator, for each node here::

    none --propose--> cast, in every block that the node makes --more than half of all validators--> done
     ^                 |                                                                               |
     +----discard------+------------------------------ discard: a passed vote would be cast again -----+
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from traceledger.errors import InputError, NetworkError
from traceledger.model.hexadecimal import hexed
from traceledger.network import allowlist, manifest, ports
from traceledger.network.control import Control
from traceledger.network.deployment import write_deployment
from traceledger.network.enode import Enode
from traceledger.network.found import new_node, write_node
from traceledger.network.lifecycle import Running
from traceledger.network.manifest import LOOPBACK, Node
from traceledger.storage.locks import held

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


class Membership:
    """What an administrator may do with the nodes that run on this machine.

    Args:
        running: the network's nodes here.
        lock_seconds: how long to wait for another command that changes the network's files.
    """

    def __init__(self, running: Running, *, lock_seconds: float = LOCK_SECONDS) -> None:
        self._running = running
        self._lock_seconds = lock_seconds

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
            The nodes that vote so from now on. More than half of all validators must, then it is done. None
            where it is a validator already, or is none.

        Raises:
            InputError: no node here may vote; or a name in ``only`` is not of a node here.
            NetworkError: no node here runs, or not all answer; the others vote.
        """
        voters = self._voters(only)
        members = voters[0][1].validators()
        if (address in members) == add:
            return []
        voting = [node for node, _ in voters if node.address in members]
        if not voting:
            raise InputError("no node here is a validator", hint="only validators vote")
        return self._tell(voting, lambda voice: voice.propose(address, add=add), hexed(address))

    def discard(self, address: bytes, *, only: Sequence[str] = ()) -> list[Node]:
        """Take back what the nodes here vote about this address: also good after the vote has passed.

        Raises:
            InputError: a name in ``only`` is not of a node here.
            NetworkError: no node here runs, or not all answer; the others vote no longer.
        """
        had_voted: set[str] = set()

        def take_back(voice: Control) -> None:
            if address in voice.votes():
                voice.discard(address)
                had_voted.add(voice.node.name)

        told = self._tell([node for node, _ in self._voters(only)], take_back, hexed(address))
        return [node for node in told if node.name in had_voted]

    def nodes(self) -> list[tuple[Enode, Node | None]]:
        """The nodes that may connect; with each, what network.json knows of it."""
        known = {node.node_id: node for node in self._running.manifest.nodes}
        return [(enode, known.get(enode.node_id)) for enode in allowlist.read_nodes(self._running.folder)]

    def create(self, name: str, host: str = LOOPBACK, port_pair: ports.Ports | None = None) -> Node:
        """Make a new node's folder, with keys of its own. It is admitted by the others, not by this.

        Raises:
            InputError: the name is taken, or a port.
            NetworkError: the folder cannot be written.
        """
        with self._changing():
            return self._create(name, host, port_pair)

    def _create(self, name: str, host: str, port_pair: ports.Ports | None) -> Node:
        folder, known = self._running.folder, self._running.manifest
        if any(node.name == name for node in known.nodes) or (folder / name).exists():
            raise InputError(f"there is a {name} already", where=folder, hint="choose another name")
        port_pair = port_pair or self._free_ports(host)
        self._check_ports(host, port_pair)
        engine = self._running.engine
        keys = engine.new_keys()
        node = new_node(name, keys, host, port_pair)
        write_node(folder, known, node, keys)
        larger = known.with_nodes((*known.nodes, node))
        manifest.write(folder, larger)
        write_deployment(folder, larger, engine)
        self._running.manifest = larger
        return node

    def _ports_on(self, host: str) -> dict[int, str]:
        """The ports that nodes have on a host, and whose each is."""
        nodes = [node for node in self._running.manifest.nodes if node.host == host]
        return {port: node.name for node in nodes for port in (node.p2p_port, node.rpc_port)}

    def _free_ports(self, host: str) -> ports.Ports:
        """Ports that nobody uses here and now, nor a node that rests; the usual ones for another host."""
        if host != LOOPBACK:
            return ports.P2P_PORT, ports.RPC_PORT
        taken = self._ports_on(host)
        while not taken.keys().isdisjoint(pair := self._running.machine.free_ports(1)[0]):
            pass
        return pair

    def _check_ports(self, host: str, pair: ports.Ports) -> None:
        if pair[0] == pair[1]:
            raise InputError(f"the ports are both {pair[0]}", hint="peers and JSON-RPC need one each")
        owners = self._ports_on(host)
        for port in pair:
            if port in owners:
                raise InputError(f"port {port} is {owners[port]}'s", where=host, hint="choose another")

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
            self._remember(enode, removed=False)
            self._allow([*others, enode])
        return self._tell(self._others(enode), lambda control: control.admit(enode), enode.url)

    def remove(self, enode: Enode) -> list[Node]:
        """Let a node join no longer, and disconnect it. One that is not admitted is disconnected as well.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: it is a validator still.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            present = allowlist.read_nodes(self._running.folder)
            gone = [other for other in present if other.node_id == enode.node_id]
            self._check_no_validator(enode)
            self._remember(enode, removed=True)
            self._allow([other for other in present if other not in gone])
        last = gone[0] if gone else enode
        return self._tell(self._others(enode), lambda control: control.expel(last), last.url)

    def accounts(self) -> tuple[bytes, ...]:
        """The accounts whose transactions are taken (20-byte addresses); empty: those of all."""
        return self._running.manifest.accounts

    def admit_account(self, address: bytes) -> list[Node]:
        """Take transactions of this account too: the configuration of nodes here, and those that run.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: the network has no rules for accounts.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            others = [each for each in self._ruled_accounts() if each != address]
            self._allow_accounts([*others, address])
        return self._tell(
            self._running.alive(), lambda control: control.admit_account(address), hexed(address)
        )

    def remove_account(self, address: bytes) -> list[Node]:
        """Take no more transactions of this account.

        Returns:
            The running nodes that were told.

        Raises:
            InputError: the network has no rules for accounts, or this one is the last.
            NetworkError: a running node cannot be told; its configuration knows.
        """
        with self._changing():
            left = [each for each in self._ruled_accounts() if each != address]
            if not left:
                raise InputError("is the last account", where=hexed(address), hint="admit another first")
            self._allow_accounts(left)
        return self._tell(
            self._running.alive(), lambda control: control.expel_account(address), hexed(address)
        )

    def _ruled_accounts(self) -> tuple[bytes, ...]:
        if not self.accounts():
            raise InputError(
                "this network takes transactions of all accounts",
                where=self._running.folder,
                hint="rules for accounts are for Besu networks that were founded with --account",
            )
        return self.accounts()

    def _allow_accounts(self, accounts: Sequence[bytes]) -> None:
        folder = self._running.folder
        self._running.manifest = self._running.manifest.with_accounts(accounts)
        manifest.write(folder, self._running.manifest)
        allowlist.write_accounts(folder, accounts)
        self._allow(allowlist.read_nodes(folder))

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
        folder = self._running.folder
        with held(folder / LOCK_FILE, doing="changing the network's files", seconds=self._lock_seconds):
            self._running.manifest = manifest.read(folder)
            yield

    def _check_no_validator(self, enode: Enode) -> None:
        known = next((n for n in self._running.manifest.nodes if n.node_id == enode.node_id), None)
        voters = self._running.alive()
        if known and voters and known.address in self._running.control(voters[0]).validators():
            raise InputError(
                f"{known.name} is a validator",
                hint=f"first: traceledger network validator propose FOLDER {hexed(known.address)} --remove",
            )

    def _remember(self, enode: Enode, *, removed: bool) -> None:
        """Whether the node was removed, so that nobody starts it or waits for it any more."""
        known = self._running.manifest.with_removed(enode.node_id, removed=removed)
        manifest.write(self._running.folder, known)
        self._running.manifest = known

    def _allow(self, allowed: Sequence[Enode]) -> None:
        folder, known = self._running.folder, self._running.manifest
        allowlist.write_nodes(folder, allowed)
        for node in self._running.here:
            self._running.engine.write_config(folder / node.name, known, node, allowed)

    def _others(self, enode: Enode) -> list[Node]:
        """The nodes that run here, but for this one."""
        return [node for node in self._running.alive() if node.node_id != enode.node_id]

    def _tell(self, nodes: Sequence[Node], order: Callable[[Control], None], about: str) -> list[Node]:
        """Give an order to each of the nodes, whether or not others take it. It may be given twice.

        Raises:
            NetworkError: not all took it.
        """
        told, deaf = [], []
        for node in nodes:
            try:
                order(self._running.control(node))
            except NetworkError as error:
                deaf.append(f"{node.name}: {error.what}")
            else:
                told.append(node)
        if deaf:
            raise NetworkError(
                f"not all nodes could be told: {'; '.join(deaf)}", where=about, hint="run the command again"
            )
        return told

    def _voters(self, only: Sequence[str]) -> list[tuple[Node, Control]]:
        alive = self._running.alive(only)
        if not alive:
            raise NetworkError(
                "no node of this network runs here",
                where=self._running.folder,
                hint="run: traceledger network up",
            )
        return [(node, self._running.control(node)) for node in alive]


def membership_of(folder: Path) -> Membership:
    """The members of the network in this folder."""
    return Membership(Running(folder))
