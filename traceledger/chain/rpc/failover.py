"""The endpoints of a network: which one to ask, and another when it fails.

What belongs together is asked of one endpoint (:meth:`Endpoints.read` runs a whole piece of work on one),
so that views of two nodes never mix. An endpoint that fails is left alone for a while, longer each time; one
that is behind the others is used only if no other answers; one that serves another chain is never used.

The states of an endpoint, and what moves it::

                  greet                     fails: a fault, or late
      not greeted -----> in use or reserve -------------------------> resting (_rests_until)
        |   ^              |       ^                                   |  5 s, 10 s, … 300 s
        |   |       _judge |       | _judge                            |
        |   |              v       |                                   |
        |   |             behind --+                                   |
        |   +----------------------------------------------------------+
        | greet: another chain id or genesis; _leave_out_forks: another chain than the first one's
        v
      foreign (for good)

      an answer (works)    ends the resting, and the next one is short again
      the rest is over     it is asked who it is (greeting_now) before it is used
      other contracts, or none yet (ForeignContractsError): it only rests, as they may be deployed later

All are tried in the order of _reluctance: foreign, resting and behind ones come last. After all have failed
they are tried again (_rounds), unless no waiting mends it (UnreachableError.passing).

Example:
    >>> from traceledger.chain.rpc.failover import Endpoints
    >>> from traceledger.chain.rpc.identity import Expected
    >>> from traceledger.errors import NetworkError
    >>> try:
    ...     Endpoints(["http://127.0.0.1:9"], Expected(), timeout=1).open()
    ... except NetworkError as error:
    ...     print(error)
    http://127.0.0.1:9: the node cannot be reached (check its address and that it is running)
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

import stamina

from traceledger.chain.rpc.concurrency import gather
from traceledger.chain.rpc.faults import EndpointError
from traceledger.chain.rpc.identity import (
    Expected,
    ForeignContractsError,
    ForeignEndpointError,
    Greeting,
    greet,
)
from traceledger.chain.rpc.transactions import Tip
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.errors import NetworkError
from traceledger.model.patience import DEFAULT, Patience

LAG_BLOCKS = 3
"""An endpoint is behind if it lacks more than so many of the blocks that another has."""

STALE_SECONDS = 600
"""A network whose newest block is older than this may have stopped."""

_GRACE_SECONDS = 2.0
"""How long the slower endpoints may take once one has answered."""

_FRESH_SECONDS = 5.0
"""For how long it is taken for granted that an endpoint in reserve is as it was."""

_FIRST_REST, _LONGEST_REST = 5.0, 300.0
_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")


class UnreachableError(NetworkError):
    """No endpoint of the network answered as it should. ``faults`` has what went wrong with each."""

    def __init__(self, faults: Sequence[NetworkError]) -> None:
        if len(faults) == 1:
            super().__init__(faults[0].what, where=faults[0].where, hint=faults[0].hint)
        else:
            alike: dict[str, list[str]] = {}
            for fault in faults:
                alike.setdefault(fault.what, []).append(str(fault.where))
            each = "; ".join(f"{', '.join(dict.fromkeys(where))}: {what}" for what, where in alike.items())
            hint = faults[0].hint if len(alike) == 1 else "check the addresses in networks.toml"
            super().__init__(f"no endpoint of the network can be used: {each}", hint=hint)
        self.faults = tuple(faults)

    @property
    def passing(self) -> bool:
        """Whether it may be over in a moment."""
        return not all(isinstance(fault, ForeignEndpointError) for fault in self.faults)


class Endpoint:
    """One node, and what is known of it.

    Args:
        rpc: how it is asked.
    """

    def __init__(self, rpc: JsonRpc) -> None:
        self.rpc = rpc
        self.greeting: Greeting | None = None
        self.foreign: ForeignEndpointError | None = None
        self.behind = False
        self.span: int | None = None
        """How many blocks it answers at once, where it refused more."""
        self.tip: Tip | None = None
        """The newest blocks that it has shown."""
        self._greeted_at = 0.0
        self._failures = 0
        self._rests_until = 0.0

    @property
    def url(self) -> str:
        """Its address."""
        return self.rpc.url

    @property
    def resting(self) -> bool:
        """Whether it failed a moment ago."""
        return time.monotonic() < self._rests_until

    def greet(self, expected: Expected) -> Greeting:
        """Ask who it is.

        Raises:
            NetworkError: it cannot be used.
        """
        if self.foreign is not None:
            raise self.foreign
        try:
            self.greeting = greet(self.rpc, expected)
        except ForeignContractsError:
            raise
        except ForeignEndpointError as error:
            self.foreign = error
            raise
        self._greeted_at = time.monotonic()
        self._rests_until = 0.0
        return self.greeting

    def greeting_now(self, expected: Expected) -> Greeting:
        """What it said of itself a moment ago, or says now.

        Raises:
            NetworkError: it cannot be used.
        """
        if self.greeting is not None and time.monotonic() - self._greeted_at < _FRESH_SECONDS:
            return self.greeting
        return self.greet(expected)

    def works(self) -> None:
        """Note that it answered as it should, if late."""
        self._failures = 0
        self._rests_until = 0.0

    def fails(self) -> None:
        """Leave it alone for a while, and ask it again who it is before it is used."""
        rest = min(_FIRST_REST * 2**self._failures, _LONGEST_REST)
        self._failures += 1
        self._rests_until = time.monotonic() + rest
        self.greeting = None


class Endpoints:
    """The endpoints of one network, in order of preference.

    Args:
        urls: their addresses.
        expected: what each must serve.
        timeout: seconds to wait for one answer.
        patience: how often, and for how long, all are tried again after all have failed, and how long their
            heights stay compared.
    """

    def __init__(
        self, urls: Sequence[str], expected: Expected, *, timeout: float, patience: Patience = DEFAULT
    ) -> None:
        self.all = [Endpoint(JsonRpc(url, timeout=timeout)) for url in urls]
        self.expected = expected
        self._timeout = timeout
        self._compared_at = 0.0
        self._compare_seconds = patience.compare
        self._caller = stamina.RetryingCaller(
            attempts=patience.attempts, timeout=patience.attempting, wait_initial=0.1, wait_max=2.0
        )
        self._current = self.all[0]
        self._highest = self._shown = 0
        self._warned: set[object] = set()
        logging.getLogger("stamina").addHandler(logging.NullHandler())

    def close(self) -> None:
        """Close the connections."""
        for endpoint in self.all:
            endpoint.rpc.close()

    def open(self) -> Greeting:
        """Ask all endpoints who they are, at the same time, and choose the first that can be used.

        The chain id and the genesis that it serves are from now on expected of all.

        Raises:
            UnreachableError: none can be used.
        """
        found = self._rounds(self.compare)
        self.expected = replace(self.expected, chain_id=found.chain_id, genesis_hash=found.genesis_hash)
        return found

    def compare(self) -> Greeting:
        """Ask all endpoints at the same time how far they are, and use the first that is not behind.

        Raises:
            UnreachableError: none can be used.
        """
        asked = [it for it in self.all if it.foreign is None]
        works = [partial(it.greet, self.expected) for it in asked]
        faults: list[NetworkError] = [it.foreign for it in self.all if it.foreign is not None]
        outcomes = gather(works, patience=self._timeout + _GRACE_SECONDS, grace=_GRACE_SECONDS)
        greetings: dict[Endpoint, Greeting] = {}
        for endpoint, outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome, Greeting):
                greetings[endpoint] = outcome
            else:
                faults.append(self.note_fault(endpoint, outcome))
        if not greetings:
            raise UnreachableError(faults)
        self.warn_of(faults)
        self._leave_out_forks(greetings)
        self._compared_at = time.monotonic()
        self._highest = max(greeting.head.number for greeting in greetings.values())
        for endpoint, greeting in greetings.items():
            endpoint.works()
            self._judge(endpoint, greeting)
        self._shown = min(self._shown, self._highest)
        self._current = min(
            greetings,
            key=lambda it: (
                it.behind,
                greetings[it].head.number < self._shown,
                it is not self._current,
            ),
        )
        self._warn_if_stopped(greetings[self._current])
        return greetings[self._current]

    def _warn_if_stopped(self, greeting: Greeting) -> None:
        age = int(time.time()) - greeting.head.timestamp
        if self.expected.steady and age > STALE_SECONDS:
            self.warn(
                f"{self._current.url}: the newest block is {age // 60} minutes old; does the network run?"
            )

    def _leave_out_forks(self, greetings: dict[Endpoint, Greeting]) -> None:
        """The first endpoint says which chain is meant, where networks.toml does not."""
        first = next(iter(greetings))
        meant = greetings[first]
        for endpoint, greeting in list(greetings.items()):
            if (greeting.chain_id, greeting.genesis_hash) != (meant.chain_id, meant.genesis_hash):
                what = f"it serves another chain than {first.url}"
                endpoint.foreign = ForeignEndpointError(what, where=endpoint.url)
                self.warn_of([self.note_fault(endpoint, endpoint.foreign)])
                del greetings[endpoint]

    def note_fault(self, endpoint: Endpoint, outcome: object) -> NetworkError:
        """Remember that an endpoint failed; :meth:`warn_of` tells, once another has done its work.

        Args:
            endpoint: which.
            outcome: the exception it raised, or ``None`` if it is late.
        """
        fault = outcome
        if fault is None:
            fault = EndpointError("the node is slow to answer", where=endpoint.url)
        if not isinstance(fault, NetworkError):
            raise fault if isinstance(fault, Exception) else TypeError(f"{fault!r} is no fault")
        fault.where = fault.where or endpoint.url
        if isinstance(fault, EndpointError):
            endpoint.fails()
        return fault

    def warn_of(self, faults: Sequence[NetworkError]) -> None:
        """Warn of endpoints that failed where others did not, of each fault once."""
        for fault in faults:
            if isinstance(fault, EndpointError):
                self.warn(f"{fault.where}: {fault.what}; the network's other endpoints are used")

    def warn(self, what: str) -> None:
        """Log a warning, once."""
        if what not in self._warned:
            self._warned.add(what)
            _LOG.warning("%s", what)

    def _judge(self, endpoint: Endpoint, greeting: Greeting) -> None:
        """Whether an endpoint is behind, by what it says and by what others said."""
        missing = self._highest - greeting.head.number
        endpoint.behind = greeting.syncing or missing > LAG_BLOCKS
        if endpoint.behind:
            state = "is still syncing" if greeting.syncing else "is behind the network's other nodes"
            self.warn(f"{endpoint.url}: the node {state}")

    def saw_head(self, height: int) -> bool:
        """Note the number of a newest block; whether the endpoints are to be compared again.

        They are if one in use has fewer blocks than were seen, and from time to time.
        """
        if len(self.all) == 1:
            self._shown = height
            return False
        went_back = height < self._shown
        self._shown = max(self._shown, height)
        self._highest = max(self._highest, height)
        return went_back or time.monotonic() - self._compared_at > self._compare_seconds

    @property
    def shown(self) -> int:
        """The highest number of a newest block that was handed on."""
        return self._shown

    def read(self, work: Callable[[Endpoint], _T]) -> _T:
        """Do a piece of work that reads, all of it on one endpoint.

        The endpoint used last comes first. Connection faults and answers that cannot be right move the work
        to the next one; after all have failed, they are tried again as patience has it.

        Args:
            work: asks the endpoint. It may be run several times.

        Raises:
            UnreachableError: no endpoint answered as it should.
            RpcError: a contract reverted, or every node refused.
        """
        return self._rounds(lambda: self._read_round(work))

    def _rounds(self, work: Callable[[], _T]) -> _T:
        return self._caller.on(_is_passing)(work)

    def _read_round(self, work: Callable[[Endpoint], _T]) -> _T:
        faults: list[NetworkError] = []
        left, prepared = list(self.all), {self._current} if self._settled else set()
        while left:
            endpoint = min(left, key=self._reluctance)
            try:
                if endpoint not in prepared:
                    prepared.add(endpoint)
                    self._judge(endpoint, endpoint.greeting_now(self.expected))
                    continue
                found = work(endpoint)
            except RpcError as refusal:
                if refusal.reverted:
                    raise
                faults.append(refusal)
            except EndpointError as fault:
                faults.append(self.note_fault(endpoint, fault))
            else:
                endpoint.works()
                self._current = endpoint
                self.warn_of(faults)
                return found
            left.remove(endpoint)
        if all(isinstance(fault, RpcError) for fault in faults):
            raise faults[0]
        raise UnreachableError(faults)

    @property
    def _settled(self) -> bool:
        """Whether the endpoint in use may be used on without asking it who it is."""
        return self._current.greeting is not None and not self._current.behind

    def _reluctance(self, endpoint: Endpoint) -> tuple[bool, ...]:
        """The smallest is tried first. Foreign ones are only asked for the sake of their faults."""
        return (
            endpoint.foreign is not None,
            endpoint.resting,
            endpoint.behind,
            endpoint is not self._current,
        )

    def recipients(self) -> list[Endpoint]:
        """The endpoints that transactions go to: all but foreign ones, and those that failed a moment ago."""
        ours = [it for it in self.all if it.foreign is None]
        return [it for it in ours if not it.resting] or ours


def _is_passing(error: Exception) -> bool:
    return isinstance(error, UnreachableError) and error.passing
