"""What running a network's nodes asks of the machine they run on: the time, free ports, processes.

Tests give a machine of their own, on which time passes when it is told to.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from traceledger.network import ports
from traceledger.network.control import Control, control_of
from traceledger.network.engine_names import EngineName
from traceledger.network.manifest import Node
from traceledger.network.processes import NodeProcess


class Process(Protocol):
    """A node as a process, running or not; :class:`traceledger.network.processes.NodeProcess` is one."""

    @property
    def log(self) -> Path:
        """What the node says."""

    @property
    def pid(self) -> int | None:
        """Its pid, if it runs."""

    @property
    def died(self) -> bool:
        """Whether it was started, not ended by us, and yet does not run."""

    def start(self, variable: str, binary: Path) -> None:
        """Run the node's start program, with ``variable`` naming the binary."""

    def stop(self) -> bool:
        """End the process; whether there was one to end."""

    def last_words(self) -> str:
        """What it said last."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine as the system has it, unless something else is given.

    Attributes:
        now: seconds of a clock that is never set.
        clock: seconds since 1970, as blocks have them.
        sleep: waits so many seconds.
        process: the process of the node with that folder.
        control: questions and orders to a node of that engine, with that folder.
        is_free: whether nobody listens on a port.
        free_ports: so many pairs of ports that nobody uses.
    """

    now: Callable[[], float] = time.monotonic
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    process: Callable[[Path], Process] = NodeProcess
    control: Callable[[EngineName, Node, Path], Control] = control_of
    is_free: Callable[[int], bool] = ports.is_free
    free_ports: Callable[[int], list[ports.Ports]] = ports.free_ports
