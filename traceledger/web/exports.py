"""Proof files for those who ask the server: one at a time, as ``traceledger proof export`` makes them."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.model.hexadecimal import id_text
from traceledger.web.problems import refuse

if TYPE_CHECKING:
    from traceledger.client.client import Client


class Prover:
    """Makes proof files over a client, which asks the chain.

    Args:
        client: of the network; it may be used by others too.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._making = threading.Lock()

    def proof(self, batch: int) -> bytes:
        """The proof file of a batch, at the newest final block; it is verified before it is given.

        Args:
            batch: its id.

        Raises:
            ProblemError: another one is being made (503).
            TraceLedgerError: as :meth:`traceledger.client.client.Client.export_proof`.
        """
        # Those that wait would keep all readers from what is cheap.
        if not self._making.acquire(blocking=False):
            raise refuse(
                503,
                "overloaded",
                "another proof file is being made",
                hint="try again in a few seconds",
                headers={"Retry-After": "3"},
            )
        try:
            with tempfile.TemporaryDirectory(prefix="traceledger-") as folder:
                path = Path(folder) / "batch.proof"
                self._client.export_proof(id_text(batch), path)
                return path.read_bytes()
        finally:
            self._making.release()
