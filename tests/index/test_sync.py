"""The index follows a chain: exactly once, crash-safe, rebuildable, with several processes at once."""

from __future__ import annotations

import gc
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_chain import FakeChain
from tests.index.support import DEPLOYED, digest, indexed, open_index
from tests.simulator import LEDGER, World
from traceledger.chain.base import Block, BlocksChangedError
from traceledger.errors import BusyError, InputError, VerificationError
from traceledger.index import Contracts, Index
from traceledger.index.follower import run_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=7).run(400)


def partial(world: World, blocks: int) -> FakeChain:
    return replace(world.chain, mined=world.chain.mined[:blocks])


def test_batches_are_what_the_simulator_left(tmp_path: Path, world: World) -> None:
    with indexed(tmp_path / "i.db", world) as index:
        assert len(index.batches()) == len(world.lots) > 200
        for lot in world.lots.values():
            batch = index.batch(lot.id)
            assert batch is not None
            pools = (batch.mass_mg, batch.own_mg, batch.inherited_mg, batch.primary_mg)
            assert pools == (lot.mass, lot.own, lot.inherited, lot.primary)
            assert batch.substances_mg == {n: mass for n, mass in lot.substances.items() if mass}
            assert (batch.state.slug, batch.frozen) == (lot.state, lot.frozen)
            assert (batch.creator, batch.identifier) == (lot.creator, lot.identifier)
            assert (batch.custodian, batch.facility) == (lot.custodian, lot.facility)


def test_numbers_follow_the_order_of_events_however_the_chain_is_read(tmp_path: Path) -> None:
    """Title may go to who is not registered; the next block brings an account that is new, too."""
    world = World(seed=3)
    lot = world.mint()
    for account in (lot.custodian, bytes([0x88] * 20)):
        args = (lot.id, lot.custodian, bytes([0x77] * 20), 7, ())
        world.emit(account, LEDGER, "TitleTransferred", args)
        world.chain.seal()
    indexed(tmp_path / "whole.db", world).close()
    with open_index(tmp_path / "steps.db", world.chain) as index:
        for until in range(1, len(world.chain.mined) + 1):
            index.sync(partial(world, until))
    assert digest(tmp_path / "steps.db") == digest(tmp_path / "whole.db")


def test_any_way_of_following_gives_the_same_tables(tmp_path: Path, world: World) -> None:
    indexed(tmp_path / "whole.db", world).close()
    index = open_index(tmp_path / "steps.db", world.chain)
    blocks = len(world.chain.mined)
    for until in (1, 2, 3, blocks // 2, blocks // 2, blocks - 1, blocks):
        index.sync(partial(world, until))
    assert index.sync(world.chain) == 0
    index.close()
    expected = digest(tmp_path / "whole.db")
    assert digest(tmp_path / "steps.db") == expected
    Index.rebuild(tmp_path / "steps.db", world.chain, DEPLOYED).close()
    assert digest(tmp_path / "steps.db") == expected


def test_progress_and_count(tmp_path: Path, world: World) -> None:
    seen: list[tuple[int, int]] = []
    index = open_index(tmp_path / "i.db", world.chain)
    index.sync(partial(world, 10))
    done = index.sync(world.chain, progress=lambda now, whole: seen.append((now, whole)))
    todo = len(world.chain.mined) - 10
    assert done == todo
    assert seen[-1] == (todo, todo)
    assert index.status().block == world.chain.head().number
    assert index.status().hash == world.chain.head().hash
    index.close()


def test_a_run_ends_where_its_blocks_are_full(world: World) -> None:
    blocks = list(world.chain.blocks(0, world.chain.head().number))
    for limits in ({"logs": 20}, {"size": 20_000}):
        coming, runs = iter(blocks), list[list[Block]]()
        while run := run_of(coming, 50, **limits):
            logs = [log for block in run[:-1] for log in block.logs]
            assert len(logs) < limits.get("logs", 1 << 30)
            assert sum(len(log.data) for log in logs) < limits.get("size", 1 << 30)
            runs.append(run)
        assert [block for run in runs for block in run] == blocks
        assert 5 < len(runs) < len(blocks)
        assert max(map(len, runs)) <= 50


def test_an_empty_index_says_so(tmp_path: Path, world: World) -> None:
    with open_index(tmp_path / "i.db", world.chain) as index:
        status = index.status()
        assert (status.block, status.hash, status.logs, status.batches) == (None, None, 0, 0)


def test_a_chain_that_was_rebuilt_is_refused(tmp_path: Path, world: World) -> None:
    index = indexed(tmp_path / "i.db", world)
    other = World(seed=8).run(400).chain
    same_start = replace(other, mined=[*world.chain.mined[:1], *other.mined[1:]])
    with pytest.raises(VerificationError, match=r"no longer has the block.*index rebuild"):
        index.sync(same_start)
    with pytest.raises(VerificationError, match=r"no longer has the block"):
        index.sync(partial(world, 5))
    with pytest.raises(VerificationError, match=r"another chain"):
        index.sync(other)
    index.close()


def test_blocks_that_do_not_follow_each_other_are_refused(tmp_path: Path, world: World) -> None:
    other = World(seed=9).run(50).chain
    torn = replace(world.chain, mined=[*world.chain.mined[:5], *other.mined[5:20]])
    index = open_index(tmp_path / "i.db", world.chain)
    with pytest.raises(BlocksChangedError, match=r"block 5 does not follow.*try again"):
        index.sync(torn)
    assert index.status().block == 4
    index.close()


def test_an_index_of_something_else_is_refused(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    indexed(path, world).close()
    ours = Contracts.of(world.chain, DEPLOYED)
    for wrong in (
        replace(ours, chain_id=1),
        replace(ours, genesis_hash=bytes(32)),
        replace(ours, ledger=bytes(20)),
        replace(ours, registry=bytes(20)),
        replace(ours, assurance=bytes(20)),
        replace(ours, access_manager=bytes(20)),
    ):
        with pytest.raises(VerificationError, match=r"follows another chain.*index rebuild"):
            Index.open(path, wrong)


def test_a_damaged_file_is_named_and_can_be_rebuilt(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    path.write_bytes(b"This is not SQLite at all. " * 200)
    with pytest.raises(VerificationError, match=r"i\.db: the index is damaged.*index rebuild"):
        open_index(path, world.chain)
    with Index.rebuild(path, world.chain, DEPLOYED) as index:
        assert len(index.batches()) == len(world.lots)
    assert (tmp_path / "i.db.damaged").read_bytes().startswith(b"This is not")


def test_damage_inside_is_named_and_can_be_rebuilt(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    indexed(path, world).close()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : len(content) // 2] = bytes(len(content) // 2 - 4096 * 2)
    path.write_bytes(content)
    with pytest.raises(VerificationError, match="index rebuild"), open_index(path, world.chain) as index:
        index.batches()
        for lot in world.lots:
            index.history(lot)
    with Index.rebuild(path, world.chain, DEPLOYED) as index:
        assert len(index.batches()) == len(world.lots)


def test_another_programs_database_is_never_touched(tmp_path: Path, world: World) -> None:
    path = tmp_path / "notes.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE note (text)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(VerificationError, match="no TraceLedger index"):
        open_index(path, world.chain)
    with pytest.raises(VerificationError, match="no TraceLedger index"):
        Index.rebuild(path, world.chain, DEPLOYED)
    assert path.read_bytes() == before


def test_an_index_of_another_release_is_rebuilt(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    indexed(path, world).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(VerificationError, match=r"another release.*index rebuild"):
        open_index(path, world.chain)
    Index.rebuild(path, world.chain, DEPLOYED).close()
    indexed(path, world).close()


def test_emptying_waits_for_a_writer_no_longer_than_it_is_told(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    indexed(path, world).close()
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    with pytest.raises(BusyError, match="another process is writing"):
        Index.rebuild(path, world.chain, DEPLOYED, busy_seconds=0.0)
    assert time.monotonic() - begun < 30
    writer.close()


def test_a_folder_is_no_index(tmp_path: Path, world: World) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        open_index(tmp_path, world.chain)


SYNC = """
import sys
import time
from pathlib import Path
from tests.dying import die_at_statement
from tests.fake_chain import FakeChain
from tests.index.support import open_index
from tests.simulator import LEDGER, World

class Telling(FakeChain):
    def blocks(self, first, last):
        if first in STEPS:
            print(first, flush=True)
            if word := sys.stdin.readline().removeprefix("go").strip():
                die_at_statement(int(word))
        return super().blocks(first, last)

STEPS = range(2, 1_000_000) if sys.argv[2] == "stepping" else ()
world = World(seed=7).run(400)
chain = Telling(mined=world.chain.mined, at_once=3)
index = open_index(Path(sys.argv[1]), chain)
print("ready", flush=True)
sys.stdin.readline()
index.sync(chain)
index.close()
"""


def start(path: Path, how: str) -> subprocess.Popen[str]:
    """A process that syncs three blocks at a time, once it is told to; stepping, each time it is told to.

    It is told to go on, or to die at the so-manieth statement of SQL from then on.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", SYNC, str(path), how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: subprocess.Popen[str], word: int | str = "go") -> None:
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def test_two_processes_sync_at_once(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    processes = [start(path, "freely"), start(path, "freely")]
    for process in processes:
        go(process)
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0, 0]
    indexed(tmp_path / "alone.db", world).close()
    assert digest(path) == digest(tmp_path / "alone.db")


@pytest.mark.parametrize("statement", [1, 2, 5, 12])
def test_killed_while_it_writes_it_goes_on_where_it_was(tmp_path: Path, world: World, statement: int) -> None:
    """It dies at so many statements after it began with a run of blocks, and nothing of the run is kept."""
    path = tmp_path / "i.db"
    process = start(path, "stepping")
    assert process.stdout is not None
    go(process)
    while (first := int(process.stdout.readline())) < 20:
        go(process)
    go(process, statement)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    with open_index(path, world.chain) as index:
        assert index.status().block == first - 1
        index.sync(world.chain)
        assert index.status().block == world.chain.head().number
    indexed(tmp_path / "alone.db", world).close()
    assert digest(path) == digest(tmp_path / "alone.db")


def test_a_snapshot_stays_while_another_connection_writes(tmp_path: Path, world: World) -> None:
    path = tmp_path / "i.db"
    with open_index(path, world.chain) as reader, open_index(path, world.chain) as writer:
        with reader.snapshot():
            assert reader.batches() == []
            writer.sync(world.chain)
            assert reader.batches() == []
        assert len(reader.batches()) == len(world.lots)


def test_reading_imports_neither_web3_nor_an_evm() -> None:
    code = (
        "import sys, traceledger.index, traceledger.provenance;"
        "print(sorted({'web3', 'eth', 'eth_account', 'eth_abi', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert done.stdout == "[]\n"


def test_the_garbage_collector_is_left_as_it_was(tmp_path: Path, world: World) -> None:
    assert gc.isenabled()
    with indexed(tmp_path / "i.db", world):
        assert gc.isenabled()
    gc.disable()
    try:
        with indexed(tmp_path / "other.db", world):
            assert not gc.isenabled()
    finally:
        gc.enable()
