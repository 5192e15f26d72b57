"""networks.toml: read, or refused with the place that is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from tests.fuzz.changes import HOSTILE, few_changes
from traceledger.config.connection import key_place
from traceledger.config.networks import load
from traceledger.errors import InputError, NetworkError, SigningError

_VALID = """\
default = "local"

[networks.local]
kind = "embedded"
path = ".traceledger/local"
chain_id = 20260

[networks.consortium]
kind = "rpc"
urls = ["http://127.0.0.1:8545", "http://127.0.0.1:8546"]
path = ".traceledger/consortium"
chain_id = 20261
genesis_hash = "0x{}"
consensus = "qbft"
timeout_seconds = 2.5
max_fee_per_gas = 1000000000
max_priority_fee_per_gas = 0
keys = "keys"
""".format("ab" * 32)


class Networks:
    """Changes a file with two networks."""

    suffix = ".toml"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "networks.toml"

    def inputs(self) -> dict[str, bytes]:
        """The file."""
        return {"valid": _VALID.encode()}

    def changed(self, random: Random) -> bytes:
        """As lines, or as bytes."""
        if random.random() < 0.5:
            return few_changes(random, _VALID.encode())
        lines = _VALID.splitlines()
        at = random.randrange(len(lines))
        name, _, value = lines[at].partition(" = ")
        if random.random() < 0.3:
            lines.insert(random.randrange(len(lines)), lines[at])
        else:
            hostile = repr(random.choice(HOSTILE[:6] + HOSTILE[9:])) if random.random() < 0.7 else value[:-1]
            lines[at] = f"{name} = {hostile[:80_000]}"
        return "\n".join(lines).encode("utf-8", "surrogatepass")

    def outcome(self, data: bytes) -> str:
        """``read`` or ``refused``."""
        self._path.write_bytes(data)
        try:
            for network in load(self._path).all.values():
                key_place(network).close()
        except (InputError, NetworkError, SigningError) as error:
            assert str(self._path) in str(error)
            return "refused"
        return "read"


@contextmanager
def opened(folder: Path) -> Iterator[Networks]:
    """The target; it writes into the folder."""
    yield Networks(folder)
