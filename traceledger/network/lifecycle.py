"""Run the nodes of a network whose keys are on this machine: up, down, and what state they are in.

States of the nodes while ``up`` waits, and what ends the wait::

    resting --start--> dialled? --its port is taken by it--> started --all answer--> peered?
                                                                                       |
      ended <--a process ends: all that were started are ended, error--- any state     | each sees all others
                                                                                       v
      ready <--a block is newer than when all answered first------------------- making blocks?
                                                                                   |       ^
                                         no block for 12 s or six block times      v       |
                                                                 Clique: mend a fork (fork_repair)
                                                                 QBFT: shorten rounds (round_repair), once
                                                                 mended: 60 s more

    the time is over in any state but ready: error; the nodes are left running

Two commands never start or end nodes at once: the second one is refused at the lock.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, assert_never

from traceledger.errors import InputError, NetworkError, TraceLedgerError
from traceledger.model.hexadecimal import number, unhexed
from traceledger.network import allowlist, manifest
from traceledger.network.control import Control
from traceledger.network.engine import START, Engine
from traceledger.network.engines import engine_named
from traceledger.network.files import read_document
from traceledger.network.found import GENESIS_FILE
from traceledger.network.machine import Machine, Process
from traceledger.network.manifest import LOOPBACK, Manifest, Node
from traceledger.storage.locks import held

LOCK_FILE = ".lock"
UP_SECONDS = 150.0
"""How long ``up`` waits until blocks are made and all nodes see each other."""
_POLL_SECONDS = 0.2
_PORT_SECONDS = 15.0
_STILL_SECONDS = 12.0
"""After how long without a block it is looked whether the nodes forked; geth itself looks every 10 s."""
_MENDED_SECONDS = 60.0
"""How long all may take to follow, once a fork is mended: that itself can take longer than ``up`` waits."""
_SOCKET_LENGTH = 104
"""How long the path of a Unix socket may be."""

Tell = Callable[[str], None]


class Mend(Protocol):
    """Gets a network going again; see :func:`traceledger.network.fork_repair.mend_fork`."""

    def __call__(self, running: Running, nodes: Sequence[Node], *, tell: Tell = ...) -> bool:
        """Whether something was mended, of these nodes here."""


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """What a node says of itself. What is unknown, because it does not run or answer, is ``None``.

    ``validator``: whether it is one now; ``signing``: whether it made one of the newest blocks.
    """

    node: Node
    pid: int | None
    head: int | None = None
    head_hash: bytes | None = None
    peers: int | None = None
    validator: bool | None = None
    signing: bool | None = None


class Running:
    """A network's nodes on this machine.

    Args:
        folder: the network's folder, as ``found`` wrote it, or a copy that has the folders of some nodes.
        machine: the machine that they run on.
        mend: what gets a network going again whose nodes forked; default:
            :func:`traceledger.network.fork_repair.mend_fork`.

    Raises:
        InputError: it is no such folder.
    """

    def __init__(self, folder: Path, machine: Machine | None = None, *, mend: Mend | None = None) -> None:
        self.folder = folder.resolve()
        self.machine = machine or Machine()
        self._given_mend = mend
        self._restarted = False
        self.manifest: Manifest = manifest.read(self.folder)
        self.engine: Engine = engine_named(self.manifest.engine)

    @property
    def here(self) -> list[Node]:
        """The nodes whose keys are on this machine."""
        return [node for node in self.manifest.nodes if self.engine.holds_keys(self.folder / node.name)]

    def alive(self, only: Sequence[str] = ()) -> list[Node]:
        """Those of them that run.

        Raises:
            InputError: a name in ``only`` is not of a node here.
        """
        return [node for node in self._wanted(only) if self.process(node).pid is not None]

    def process(self, node: Node) -> Process:
        """The node's process."""
        return self.machine.process(self.folder / node.name)

    def control(self, node: Node) -> Control:
        """Control of a node that runs here. Its JSON-RPC is on 127.0.0.1, whatever its host's address."""
        return self.machine.control(self.manifest.engine, local(node), self.folder / node.name)

    def up(
        self,
        binary: Path | None = None,
        *,
        only: Sequence[str] = (),
        wait: float = UP_SECONDS,
        tell: Tell = lambda _: None,
    ) -> list[Node]:
        """Start the nodes that do not run yet.

        Args:
            binary: the engine's; by default the one on PATH.
            only: names of the nodes to start; by default all whose keys are here and that were not removed.
            wait: seconds within which blocks must be made and all peers be connected; 0: do not wait.
            tell: is told what happens.

        Raises:
            NetworkError: the binary is missing or unfit, a port is taken, all run already, a node ended, or
                no blocks are made in time (then the nodes are left running).
            InputError: a name in ``only`` is not of a node here, or a file is damaged; none is started.
        """
        wanted = self._wanted(only) if only else self._present()
        program = self._binary(binary)
        tell(f"{self.engine.program} {self.engine.check_binary(program)} at {program}")
        with self._lock():
            started = [node for node in wanted if self.process(node).pid is None]
            mend = partial(self._mend, started, program, tell)
            if not started and not self._mended(mend):
                raise NetworkError(
                    "already running", where=self.folder, hint="see: traceledger network status"
                )
            self._start(started, program, tell)
            if wait:
                self._wait(started or wanted, self.machine.now() + wait, mend)
        return started or wanted

    def _start(self, nodes: Sequence[Node], program: Path, tell: Tell) -> None:
        self._check_files(nodes)
        self._check_places(nodes)
        for place, node in enumerate(nodes):
            try:
                self.process(node).start(self.engine.variable, program)
            except NetworkError:
                self._stop(nodes[:place])
                raise
            tell(f"{node.name} started, process {self.process(node).pid}, {local(node).url}")
            self._await_port(node)

    def down(self, *, only: Sequence[str] = (), tell: Tell = lambda _: None) -> list[Node]:
        """End the nodes that were started here.

        Returns:
            Those that ran.

        Raises:
            InputError: a name in ``only`` is not of a node here.
        """
        with self._lock():
            ended = []
            for node in self._wanted(only):
                if self.process(node).stop():
                    ended.append(node)
                    tell(f"{node.name} ended")
        return ended

    def status(self) -> list[NodeStatus]:
        """State of every node whose keys are here."""
        sealers: frozenset[bytes] | None = None
        found = []
        for node in self.here:
            pid = self.process(node).pid
            try:
                if pid is None:
                    raise NetworkError("does not run")
                if sealers is None:
                    sealers = self.control(node).recent_sealers(2 * len(self.control(node).validators()))
                found.append(self._state(node, pid, sealers))
            except NetworkError:
                found.append(NodeStatus(node, pid))
        return found

    def _state(self, node: Node, pid: int, sealers: frozenset[bytes]) -> NodeStatus:
        control = self.control(node)
        head = control.ask("eth_getBlockByNumber", "latest", False)
        return NodeStatus(
            node=node,
            pid=pid,
            head=number(head["number"]),
            head_hash=unhexed(head["hash"]),
            peers=number(control.ask("net_peerCount")),
            validator=node.address in control.validators(),
            signing=node.address in sealers,
        )

    def _wanted(self, only: Sequence[str]) -> list[Node]:
        here = self.here
        unknown = [name for name in only if name not in {node.name for node in here}]
        if unknown or not here:
            raise InputError(
                f"the keys of {unknown[0] if unknown else 'any node'} are not here",
                where=self.folder,
                hint=f"here are {', '.join(node.name for node in here) or 'none'}",
            )
        return [node for node in here if not only or node.name in only]

    def _present(self) -> list[Node]:
        """The nodes here that were not removed: others would let no removed one connect."""
        present = [node for node in self._wanted(()) if not node.removed]
        if not present:
            raise InputError(
                "all nodes here were removed",
                where=str(self.folder),
                hint="traceledger network node add FOLDER NODE lets one take part again",
            )
        return present

    def _binary(self, given: Path | None) -> Path:
        program = self.engine.program
        # Click drops the "./" of a path: without it, which() would look on PATH only.
        found = shutil.which(given.absolute()) or shutil.which(str(given)) if given else shutil.which(program)
        if found is None:
            missing = f"there is no program {given}" if given else f"there is no {program} on PATH"
            raise NetworkError(missing, hint=f"install {program}, or say where it is with --binary PATH")
        return Path(found).resolve()

    def _check_files(self, nodes: Sequence[Node]) -> None:
        """All that the nodes read must be there and be sound, before one of them is started."""
        allowlist.read_nodes(self.folder)
        read_document(self.folder / GENESIS_FILE)
        for node in nodes:
            for name in (START, *self.engine.files):
                try:
                    read_document(self.folder / node.name / name)
                except TraceLedgerError as error:
                    error.hint = f"traceledger network node add FOLDER {node.name} writes it anew"
                    raise
            for name in self.engine.written:
                path = self.folder / node.name / name
                if not path.stat().st_mode & stat.S_IWUSR:
                    raise NetworkError(
                        "cannot be written, and the node keeps its lists there",
                        where=str(path),
                        hint="chmod u+w",
                    )

    def _check_places(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if len(str(self.folder / node.name / "data" / "geth.ipc")) > _SOCKET_LENGTH:
                raise NetworkError(
                    "the path is too long for a socket", where=self.folder, hint="move the folder up"
                )
            for port in (node.p2p_port, node.rpc_port):
                if not self.machine.is_free(port):
                    raise NetworkError(
                        f"port {port} of {node.name} is in use", hint="end the program that listens there"
                    )

    def _wait(self, started: Sequence[Node], deadline: float, mend: Callable[[Sequence[Node]], bool]) -> None:
        """Until a block is made after all answer, and each sees all others that run here."""
        admitted = {enode.node_id for enode in allowlist.read_nodes(self.folder)}
        running = [node for node in self.alive() if node.node_id in admitted or node in started]
        others = sum(node.node_id in admitted for node in running) - 1
        first: int | None = None
        highest, moved = -1, self.machine.now()
        lack = "no node answers yet"
        while self.machine.now() < deadline:
            self._check_alive(started)
            try:
                heads = [number(self.control(node).ask("eth_blockNumber")) for node in running]
                peers = [number(self.control(node).ask("net_peerCount")) for node in running]
            except NetworkError as error:
                lack = str(error)
            else:
                # Only a block made after all answered shows that they make blocks together.
                first = max(heads) if first is None else first
                lonely = [n.name for n, count in zip(running, peers, strict=True) if count < others]
                if not lonely and min(heads) > first:
                    for node in started:
                        self.control(node).ready()
                    return
                lack = f"too few peers: {', '.join(lonely)}" if lonely else "no new block is made"
                # Nodes that do not see each other yet may differ: that is no fork to mend.
                if lonely or max(heads) > highest:
                    highest, moved = max(heads), self.machine.now()
                elif self.machine.now() - moved > max(_STILL_SECONDS, 6 * self.manifest.block_seconds):
                    with suppress(NetworkError):
                        if mend(running):
                            deadline = max(deadline, self.machine.now() + _MENDED_SECONDS)
                    moved = self.machine.now()
            self.machine.sleep(_POLL_SECONDS)
        raise NetworkError(
            f"the network is not ready in time: {lack}",
            where=str(self.folder),
            hint=f"they are left running; {self._enough()} of the validators must run, each node must be"
            " added by the others (network node add), and they must reach each other",
        )

    def _enough(self) -> str:
        """How many validators must run, as a clause says it."""
        match self.engine.consensus:
            case "clique":
                return "more than half"
            case "qbft":
                return "two thirds"
            case "single":
                return "the one"
            case _:
                assert_never(self.engine.consensus)

    def _mend(self, started: Sequence[Node], program: Path, tell: Tell, nodes: Sequence[Node]) -> bool:
        """Get the nodes going again, after no block has come for a while; whether something was done."""
        if self._given_mend is not None:
            return self._given_mend(self, nodes, tell=tell)
        match self.engine.consensus:
            case "clique":
                from traceledger.network.fork_repair import mend_fork

                # Where none had to be started, nobody has been watched for a while.
                return bool(started) and mend_fork(self, nodes, tell=tell)
            case "qbft":
                return self._shorten_rounds(started, program, tell, nodes)
            case "single":
                return False
            case _:
                assert_never(self.engine.consensus)

    def _mended(self, mend: Callable[[Sequence[Node]], bool]) -> bool:
        """Whether all that run stood still and were got going; not where one does not answer yet."""
        with suppress(NetworkError):
            return mend(self.alive())
        return False

    def _shorten_rounds(
        self, started: Sequence[Node], program: Path, tell: Tell, nodes: Sequence[Node]
    ) -> bool:
        from traceledger.network.round_repair import shorten_rounds

        # Those that were started just now have short rounds.
        if self._restarted or all(node in started for node in nodes):
            return False

        def restart(validators: Sequence[Node]) -> None:
            self._restarted = True
            self._stop(validators)
            self._start(validators, program, tell)

        return shorten_rounds(self, nodes, restart, tell=tell)

    def _await_port(self, node: Node) -> None:
        """Until the node can be dialled: one that is dialled too early is tried again half a minute later."""
        deadline = self.machine.now() + _PORT_SECONDS
        while (
            self.machine.now() < deadline and self.process(node).pid and self.machine.is_free(node.p2p_port)
        ):
            self.machine.sleep(_POLL_SECONDS / 4)

    def _check_alive(self, started: Sequence[Node]) -> None:
        for node in started:
            process = self.process(node)
            if process.pid is None:
                words = process.last_words()
                self._stop(started)
                raise NetworkError(f"{node.name} ended: {words}", hint=f"its log is {process.log}")

    def _stop(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self.process(node).stop()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with held(self.folder / LOCK_FILE, doing="starting or ending its nodes", seconds=0):
            yield


def local(node: Node) -> Node:
    """The same node, as its own machine reaches it."""
    from dataclasses import replace

    return replace(node, host=LOOPBACK)
