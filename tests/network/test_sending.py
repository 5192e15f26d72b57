"""Sending to four real validators: two machines with the same keys, and processes that are killed."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.clients import write
from tests.network.conftest import PASSPHRASE
from tests.network.live import LiveNetwork
from tests.rpc_networks import light
from tests.sending.test_discarding import oversized
from tests.sending.test_faults_of_sending import FOUNDING, OPS, added, check, minted, race, submit_and_die
from traceledger.errors import NetworkError
from traceledger.model.patience import Patience

pytestmark = [pytest.mark.real("geth")]

FOUNDED = [op for op in OPS if op["op"] in FOUNDING]
TEN = [minted("katanga", f"B-{n}") for n in range(10)]


def test_two_machines_and_a_killed_process_on_real_validators(network: LiveNetwork, workspace: Path) -> None:
    one, two = workspace, workspace / "two"
    with light(one) as client:
        client.deploy()
        start = client.chain.head().number
        client.submit(write(one / "founding.jsonl", FOUNDED), create_keys=True, exclusive_keys=True)
        two.mkdir()
        shutil.copy(client.network.source, two / "networks.toml")
    with light(two) as other:
        shutil.copytree(client.network.keys, other.network.keys)
    shared = [added("katanga", "B-1"), added("katanga", "B-2")]
    files = [[minted("katanga", f"{name}-{n}") for n in range(20)] for name in ("A", "C")]
    for point in ("recorded, not sent", "sent, not noted"):
        path = write(one / "ten.jsonl", TEN)
        assert submit_and_die(one, path, point, 1, PASSPHRASE) == -signal.SIGKILL
    paths = [write(one / f"{n}.jsonl", [*TEN, *lines, *shared]) for n, lines in enumerate(files)]
    race([one, two], paths, PASSPHRASE)
    with light(one) as client:
        check(client, [*FOUNDED, *TEN, *shared, *files[0], *files[1]], exactly=False, since=start)


def test_what_the_validators_refuse_for_good_is_given_up(network: LiveNetwork, workspace: Path) -> None:
    """All four say that they lack it, and mine the empty one in its place; what waits behind it is kept."""
    with light(workspace, patience=Patience(resend=1.0, refused=2.0)) as client:
        client.signers.create("deployer")
        refused, waiting = oversized(client)
        network.kill(2)
        with pytest.raises(NetworkError, match="nothing was given up"):
            client.discard(refused.sender, refused.nonce)
        network.restart(2)
        (found,) = client.discard(refused.sender, refused.nonce)
        states = {entry.hash: (entry.operation, entry.state) for entry in client.outbox()}
        assert (found.hash, found.state) == (refused.hash, "dead")
        assert states[found.taken_by or b""] == ("discard", "final")
        assert states[waiting.hash] == ("x", "final")
