"""Operations files: every fault is told with its line, nothing is sent, nothing else is raised."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.clients import PASSPHRASE, client_of, new_client
from tests.fuzz.changes import changed_document, few_changes, text_of
from tests.operations.test_faulty_files import SOUND
from traceledger.client.client import Client
from traceledger.errors import ExitCode, TraceLedgerError
from traceledger.operations.file import Unsound, read


class Operations:
    """Changes a sound file, and has it read and planned on a network of its own."""

    suffix = ".jsonl"

    def __init__(self, client: Client, folder: Path, examples: list[dict[str, Any]]) -> None:
        self._client = client
        self._folder = folder
        self._examples = examples

    def inputs(self) -> dict[str, bytes]:
        """The sound file, and the long example."""
        return {"sound": _lines(SOUND), "example": _lines(self._examples)}

    def changed(self, random: Random) -> bytes:
        """A few lines of a sound file, some of them changed, as documents or as bytes."""
        lines = [*SOUND, *random.sample(self._examples, random.choice((0, 0, 5)))]
        written = [
            text_of(random, changed_document(random, line) if random.random() < 0.1 else line)
            for line in lines
        ]
        data = b"\n".join(written)
        return few_changes(random, data) if random.random() < 0.2 else data

    def outcome(self, data: bytes) -> str:
        """``planned`` or ``faults``."""
        path = self._folder / "changed.jsonl"
        path.write_bytes(data)
        head = self._client.chain.head().number
        for line in read(path):
            if isinstance(line, Unsound):
                assert line.faults
                assert all(fault.where.startswith(f"{path}:{line.number}") for fault in line.faults)
        try:
            self._client.plan(path, create_keys=True)
            outcome = "planned"
        except TraceLedgerError as error:
            assert error.exit_code in (ExitCode.INPUT, ExitCode.REFUSED, ExitCode.SIGNING), repr(error)
            outcome = "faults"
        assert self._client.chain.head().number == head, "something was sent"
        return outcome


def _lines(documents: list[dict[str, Any]]) -> bytes:
    return b"\n".join(json.dumps(document).encode() for document in documents)


@contextmanager
def opened(folder: Path) -> Iterator[Operations]:
    """The target; its network is made once in the folder."""
    network = folder / "network"
    if not network.exists():
        new_client(network).close()
    example = Path(__file__).resolve().parents[2] / "examples" / "cobalt-to-car.jsonl"
    examples = [json.loads(line) for line in example.read_text("utf-8").splitlines() if line.strip()]
    with client_of(network, PASSPHRASE) as client:
        yield Operations(client, folder, examples)
