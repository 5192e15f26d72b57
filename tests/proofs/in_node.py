"""The verifier of pages (``pages/scripts/verify.js``), run by node: asked as the tests ask Python's.

One process answers all questions, a line of JSON each.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import require_tool
from tests.proofs.support import NOW, batch_of
from traceledger.errors import InputError, VerificationError
from traceledger.model.hexadecimal import unhexed
from traceledger.pages.verification import BUNDLE
from traceledger.proofs import TrustRoot

_SCRIPT = Path(__file__).with_name("in_node.mjs")


@dataclass(frozen=True)
class Said:
    """An answer: ``verified``, ``malformed``, ``refused`` (or ``failed``: none of them), why, the claims."""

    verdict: str
    what: str
    claims: str
    report: dict[str, Any]


@dataclass(frozen=True)
class InNode:
    """The running verifier."""

    process: subprocess.Popen[str]
    folder: Path

    def ask(self, data: bytes, trusted: TrustRoot, *, batch: str = "", now: int = NOW) -> Said:
        """What it says of a file, about whichever batch that names unless another is asked about."""
        path = self.folder / "asked.tlproof"
        path.write_bytes(data)
        about = batch or batch_of(data)
        request = {"file": str(path), "root": trusted.to_dict(), "batch": about, "now": now}
        answer = self._answered(request)
        report = answer.get("said", {})
        return Said(answer["verdict"], answer.get("what", ""), answer.get("claims", ""), report)

    def said(self, data: bytes, trusted: TrustRoot) -> dict[str, Any]:
        """The same as a verifier of Python says it.

        Raises:
            InputError: it is malformed.
            VerificationError: it does not hold.
            AssertionError: neither; the script failed.
        """
        found = self.ask(data, trusted)
        if found.verdict == "malformed":
            raise InputError(found.what)
        if found.verdict == "refused":
            raise VerificationError(found.what)
        assert found.verdict == "verified", found.what
        return {"claims": found.claims, **found.report}

    def finality_of(self, headers: list[bytes], trusted: TrustRoot) -> dict[str, Any]:
        """What makes headers final, or why they are not."""
        return self._answered({"headers": [header.hex() for header in headers], "root": trusted.to_dict()})

    def topics(self, contract: str) -> set[bytes]:
        """The first topics of the events that it knows of ``ledger`` or ``registry``."""
        return set(map(unhexed, self._answered({"topics": contract})["topics"]))

    def most_memory(self) -> int:
        """The bytes that the process held at most."""
        most: int = self._answered({"memory": True})["bytes"]
        return most

    def _answered(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@contextmanager
def running(folder: Path) -> Iterator[InNode]:
    """A process of node for as long as the context lasts; skips where there is none."""
    command = [require_tool("node"), str(_SCRIPT), str(BUNDLE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield InNode(process, folder)
        process.communicate()
