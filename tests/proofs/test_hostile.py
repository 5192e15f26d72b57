"""Files made to cost much: each is refused within bounds of memory and time, in a process of its own.

The stated figures are 2 seconds and 500 MB, with the machine to itself; the test allows for a busy one.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import rlp

from tests.proofs.conftest import SmallWorld
from tests.proofs.mutations import canonical, ended, packed
from tests.proofs.soundness import plain_of

SECONDS, MEMORY = 20.0, 500 * 2**20
LINE = 8 * 2**20 - 200
PROGRAM = """
import resource, sys, time
from pathlib import Path
from traceledger.errors import InputError, VerificationError
from traceledger.proofs import load_trust_root, verify

def peak():
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024

trusted = load_trust_root(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
for path in sys.argv[2:]:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        pass
    began = time.process_time()
    try:
        verify(Path(path), "any/batch", trusted)
        said = "accepted"
    except (InputError, VerificationError) as error:
        said = str(int(error.exit_code))
    print(said, time.process_time() - began, peak(), flush=True)
"""
Make = Callable[[list[bytes]], bytes]


def filled(item: bytes) -> Make:
    """A first line, then one that is as long as is allowed and full of one thing."""

    def make(lines: list[bytes]) -> bytes:
        incompressible = Random(0).randbytes(200_000).hex().encode()
        room = LINE - len(incompressible) - 100
        many = b",".join([item] * (room // (len(item) + 1)))
        return packed(lines[0] + b'\n{"a":"' + incompressible + b'","b":[' + many + b"]}\n")

    return make


def many_keys(lines: list[bytes]) -> bytes:
    """An object of very many names."""
    names = b",".join(b'"%07d":0' % number for number in range(LINE // 12))
    return packed(lines[0] + b"\n{" + names + b"}\n")


def node_of(item: object) -> Make:
    """A header of one's own, unsealed, whose receipts stand in one huge node."""

    def make(lines: list[bytes]) -> bytes:
        header = rlp.decode(bytes.fromhex(json.loads(lines[1])["rlp"][2:]))
        from eth_hash.auto import keccak

        node = rlp.encode(item)
        header[5] = keccak(node)
        receipts = {"type": "receipts", "indexes": [0], "nodes": ["0x" + node.hex()]}
        sealed_by_nobody = b'{"rlp":"0x%s","type":"header"}' % rlp.encode(header).hex().encode()
        return ended([lines[0], sealed_by_nobody, canonical(receipts)])

    return make


def nested(levels: int) -> bytes:
    """RLP lists in lists."""
    data = b"\xc0"
    for _ in range(levels):
        size = len(data)
        data = (bytes((0xC0 + size,)) if size < 56 else b"\xf9" + size.to_bytes(2, "big")) + data
    return data


def deep_header(lines: list[bytes]) -> bytes:
    """A header that nests."""
    return ended([lines[0], b'{"rlp":"0x%s","type":"header"}' % nested(20_000).hex().encode()])


def many_checkpoints(lines: list[bytes]) -> bytes:
    """As many checkpoints as are allowed, and one more."""
    record = {"type": "checkpoint", "chain_id": "1", "hash": "0x" + "11" * 32, "signature": "0x" + "11" * 65}
    found = [canonical(record | {"number": number}) for number in range(1001)]
    return ended([lines[0], *found, *lines[1:]])


def bomb(kind: bytes, size: int) -> Make:
    """A stream that decompresses to very much."""
    return lambda lines: packed(lines[0] + b"\n" + kind * (size // len(kind)))


HOSTILE: dict[str, Make] = {
    "lists": filled(b"[]"),
    "nested lists": filled(b"[" * 50 + b"]" * 50),
    "objects": filled(b'{"a":{}}'),
    "texts": filled(b'"ab"'),
    "numbers": filled(b"12345678"),
    "huge numbers": filled(b"1" * 4000),
    "fractions": filled(b"1e1"),
    "escapes": filled(b'"\\ud800"'),
    "letters": filled('"é"'.encode()),
    "names": many_keys,
    "depth": lambda lines: packed(lines[0] + b"\n" + b"[" * 3_000_000),
    "a huge node": node_of([b"\1"] * 900_000),
    "a huge receipt": node_of([b"\x20", rlp.encode([b"\1", b"\1", b"", [b"\1"] * 900_000])]),
    "a deep header": deep_header,
    "many checkpoints": many_checkpoints,
    "zeros": bomb(b"\0", 2**27),
    "blank lines": bomb(b"\n", 2**26),
    "open brackets": bomb(b"[", 2**27),
    "a bomb in a bomb": lambda lines: gzip.compress(bomb(b"\0", 2**26)(lines)),
}


def test_they_cost_little(small_world: SmallWorld, tmp_path: Path) -> None:
    lines = (plain_of(small_world.proof) or b"").splitlines()
    root = tmp_path / "root.json"
    root.write_text(small_world.trusted.dumps())
    for kind, make in HOSTILE.items():
        (tmp_path / kind).write_bytes(make(lines))
    arguments = [sys.executable, "-c", PROGRAM, str(root), *(str(tmp_path / kind) for kind in HOSTILE)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-500:]
    for kind, line in zip(HOSTILE, done.stdout.splitlines(), strict=True):
        said, seconds, memory = line.split()
        print(f"{kind}: exit code {said}, {float(seconds):.2f} s, {int(memory) / 2**20:.0f} MB")
        assert said in ("2", "3"), kind
        assert float(seconds) < SECONDS, kind
        assert int(memory) < MEMORY, kind
