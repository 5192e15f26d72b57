"""What happens to validators, the client, the network and endpoints while a big file is submitted.

After each, the chain holds each operation of the file as often as the file, and every batch has the trace of
an undisturbed run.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.faulty_endpoint import (
    Exchange,
    Fault,
    FaultyEndpoint,
    Reply,
    altered_logs,
    dropped,
    garbage,
    lost_answer,
    none,
    silent,
    slow,
    status,
    truncated,
    without_logs,
    wrong_ids,
)
from tests.network.bulk import Bulk, Run, client_in, set_urls
from tests.network.live import LiveNetwork, until
from tests.once import once
from traceledger.chain.base import BlockRef
from traceledger.chain.rpc.chain import RpcChain
from traceledger.client.client import Client
from traceledger.errors import VerificationError
from traceledger.index import Contracts, Index

pytestmark = [pytest.mark.real("geth")]
KILLS = 50
SIGNED_KILLS = 17
EARLY_REQUESTS = 20
"""It makes so many at the least, whatever is left to do."""


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> Bulk:
    folder = once(tmp_path_factory, "bulk", lambda folder: Bulk.undisturbed(folder).save(folder))
    found = Bulk.load(folder)
    assert found.count >= 2_000
    return found


@pytest.fixture
def run(bulk: Bulk, network: LiveNetwork, tmp_path: Path) -> Run:
    return Run(bulk, network.config, tmp_path / "run")


def test_a_validator_is_killed_and_comes_back(run: Run, network: LiveNetwork) -> None:
    process = run.submit()
    run.wait_signed(process, 400)
    network.kill(0)
    run.wait_signed(process, 900)
    assert process.poll() is None
    network.restart(0, wait=False)
    run.finish(process)
    run.check()


def test_the_client_is_killed_at_fifty_points(run: Run, faulty: FaultyEndpoint) -> None:
    """A third of the kills hit it when it has signed some more, the others at one of its first requests.

    It dies while it waits for the answer to a request, so it lives until then whatever the machine's speed.
    """
    set_urls(run.folder, [faulty.url])
    chance = random.Random(4)
    goals: list[int | None] = [*sorted(chance.sample(range(40, run.bulk.count - 40), SIGNED_KILLS))]
    for _ in range(KILLS - SIGNED_KILLS):
        goals.insert(chance.randint(0, len(goals)), None)
    for goal in goals:
        early = chance.randint(1, EARLY_REQUESTS)
        kill_at(run, faulty, nth_request(early) if goal is None else partial(has_signed, run, goal))
    faulty.fault = none
    run.finish(run.submit())
    run.check()


def nth_request(number: int) -> Callable[[], bool]:
    """Whether it was asked so often."""
    earlier = iter(range(number - 1))
    return lambda: next(earlier, None) is None


def has_signed(run: Run, transactions: int) -> bool:
    """Whether its outbox holds so many."""
    return run.signed() >= transactions


def kill_at(run: Run, endpoint: FaultyEndpoint, reached: Callable[[], bool]) -> None:
    """Submit, and kill the process at the first request for which this is true. The node never sees that."""
    started = threading.Event()

    def fault(exchange: Exchange) -> Reply:
        started.wait()
        if not reached():
            return none(exchange)
        process.kill()
        return dropped(exchange)

    endpoint.fault = fault
    process = run.submit()
    started.set()
    _, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors


class Side:
    """An index that follows one validator only."""

    def __init__(self, run: Run, url: str, folder: Path) -> None:
        folder.mkdir()
        shutil.copy(run.folder / "networks.toml", folder / "networks.toml")
        set_urls(folder, [url])
        self.client = client_in(folder)

    def follow(self) -> tuple[int, bytes]:
        """Follow the validator; what the last block indexed is."""
        self.client.sync()
        status = self.client.index.status()
        assert status.block is not None
        assert status.hash is not None
        return status.block, status.hash

    def has(self, block: tuple[int, bytes]) -> bool:
        found = self.client.chain.block_ref(block[0])
        return found is not None and found.hash == block[1]


def halves(network: LiveNetwork) -> tuple[list[int], list[int]]:
    """Each half has every other of those who take turns: whoever made the last two blocks, both can go on."""
    turns = sorted(range(4), key=lambda place: network.nodes[place].address)
    return turns[::2], turns[1::2]


def fork(network: LiveNetwork, one: list[int], other: list[int]) -> None:
    """Cut the network in two until each half has a block that the other has not.

    A half whose members made the last two blocks, because another missed its turn, can make none.
    """

    def forked() -> bool:
        height = min(network.head(one[0]), network.head(other[0]))
        hashes = [network.ask(h[0], "eth_getBlockByNumber", hex(height), False)["hash"] for h in (one, other)]
        return hashes[0] != hashes[1]

    for _ in range(3):
        network.partition(one, other)
        with contextlib.suppress(AssertionError):
            return until(forked, "a fork", 15)
        network.heal()
    pytest.fail("three partitions, and no fork")


def test_a_partition_forks_the_chain_and_heals(run: Run, network: LiveNetwork, tmp_path: Path) -> None:
    one, other = halves(network)
    process = run.submit()
    run.wait_signed(process, 500)
    sides = [Side(run, network.urls[half[0]], tmp_path / f"side-{half[0]}") for half in (one, other)]
    for side in sides:
        side.follow()
    fork(network, one, other)
    forks = [side.follow() for side in sides]
    assert not all(sides[0].has(fork) and sides[1].has(fork) for fork in forks), "no fork"
    network.heal()
    run.finish(process)
    until(
        lambda: not all(side.has(fork) for side, fork in zip(sides, forks, strict=True)),
        "a side to give up its blocks",
    )
    run.check()
    for side in sides:
        side.follow()
        require_rebuilt(side.client, tmp_path)
        side.client.close()


def require_rebuilt(client: Client, tmp_path: Path) -> None:
    """The index holds what one that is built from zero holds."""
    contracts = client.network.deployed()
    with Index.rebuild(tmp_path / "rebuilt.sqlite", client.chain, contracts) as rebuilt:
        client.sync()
        assert client.index.batches() == rebuilt.batches()
        assert client.index.participants() == rebuilt.participants()
        for batch in rebuilt.batches():
            assert client.index.history(batch.id) == rebuilt.history(batch.id)


FAULTS: list[Fault] = [
    *(garbage(), silent, slow(2), lost_answer, without_logs, altered_logs, wrong_ids),
    *(status(500), dropped, truncated),
]


@pytest.fixture
def faulty(network: LiveNetwork) -> Iterator[FaultyEndpoint]:
    with FaultyEndpoint(network.urls[0]) as endpoint:
        yield endpoint


def test_an_endpoint_answers_wrongly_slowly_or_not_at_all(
    run: Run, network: LiveNetwork, faulty: FaultyEndpoint
) -> None:
    set_urls(run.folder, [faulty.url, network.urls[1]])
    stop = threading.Event()

    def change() -> None:
        while not stop.is_set():
            for fault in FAULTS:
                faulty.fault = fault
                if stop.wait(2.5):
                    break
        faulty.fault = none

    process = run.submit()
    run.wait_signed(process, 100)
    changing = threading.Thread(target=change)
    changing.start()
    try:
        run.finish(process)
    finally:
        stop.set()
        changing.join()
    asked = len(faulty.asked)
    assert asked > 20
    run.check()


class Elsewhere:
    """A validator's chain as another that has replaced a final block: nothing else of it is different."""

    def __init__(self, chain: RpcChain, replaced: int) -> None:
        self._chain, self._replaced = chain, replaced

    def __getattr__(self, name: str) -> object:
        return getattr(self._chain, name)

    def block_ref(self, number: int) -> BlockRef | None:
        ref = self._chain.block_ref(number)
        return replace(ref, hash=bytes(32)) if ref is not None and number >= self._replaced else ref


def test_an_index_never_goes_back_past_what_was_final(run: Run) -> None:
    with client_in(run.folder) as client:

        def is_ahead() -> bool:
            client.sync()
            status = client.index.status()
            assert status.block is not None
            assert status.final is not None
            return 0 < status.block - status.final <= 4

        until(is_ahead, "blocks in the index that are not final")
        status = client.index.status()
        assert status.final is not None
        chain, contracts = client.chain, Contracts.of(client.chain, client.network.deployed())
        with Index.open(client.network.index_file, contracts) as index:
            index.sync(Elsewhere(chain, status.final + 1))  # type: ignore[arg-type]
            with pytest.raises(VerificationError, match=r"no longer has the block .* indexed and final"):
                index.sync(Elsewhere(chain, status.final))  # type: ignore[arg-type]
