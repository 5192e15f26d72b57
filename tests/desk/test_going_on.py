"""A desk that is killed, or whose network is gone for a while: it goes on, each line is recorded once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clients import PASSPHRASE, client_of, network_of
from tests.conftest import ROOT
from tests.desk.browsing import Browser, desk_of, shown_in
from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, dropped, lost_answer, none, only
from tests.rpc_networks import write_network
from traceledger.chain.node import NodeServer
from traceledger.client.client import Client
from traceledger.config.connection import open_embedded
from traceledger.model.patience import Patience
from traceledger.web.desk.drafts import Draft, Drafts, State

AT = "2026-06-01T00:00:00Z"
LINES = [
    {"op": "register_facility", "facility": "hall-2", "kind": "refinery", "country": "FI"},
    {"op": "hold", "batch": "COS-88", "reason": "assay pending", "at": AT},
    {"op": "release", "batch": "COS-88", "at": AT},
]
QUICK = Patience(attempts=2, request=30.0, attempting=2.0, idle=3.0, refused=1.0)


def transactions(client: Client, since: int) -> int:
    """How many the chain has after a block."""
    head = client.chain.head().number
    return sum(len(block.transactions) for block in client.chain.blocks(since + 1, head))


def killed(folder: Path, draft: Draft, point: str) -> None:
    """A desk that signs a draft and dies."""
    command = [sys.executable, "-m", "tests.desk.killed", str(folder), "kokkola", draft.id, point]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def gone_on(browser: Browser, draft: Draft) -> None:
    """What the clerk does: unlock, look, go on."""
    page = browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE, "then": f"/drafts/{draft.id}"})
    assert "and go on" in page.text, page.text
    browser.post(f"/drafts/{draft.id}/sign", {"shown": shown_in(page)})
    browser.settled(draft.id)


@pytest.mark.parametrize("point", ["approved", "mined"])
def test_killed_and_started_again(folder: Path, point: str) -> None:
    network = network_of(folder)
    drafts = Drafts(network.folder, "kokkola")
    draft = drafts.add(LINES)
    with client_of(folder) as client:
        before = client.chain.head().number
    killed(folder, draft, point)
    with desk_of(folder, "kokkola") as browser:
        assert drafts.get(draft.id).state is State.SENDING
        gone_on(browser, draft)
        done = drafts.get(draft.id)
        assert done.state is State.FINAL and done.receipt
        assert len(browser.desk.receipts.get(done).lines) == len(LINES)
        assert transactions(browser.desk.client, before) == len(LINES)


@contextmanager
def served(example: Path, folder: Path) -> Iterator[FaultyEndpoint]:
    """The example's chain behind a node, as a network of another folder, with an endpoint that may fail."""
    network = network_of(example)
    with open_embedded(network) as chain:
        server = NodeServer(chain)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with FaultyEndpoint(server.url) as endpoint:
                text = (example / "networks.toml").read_text()
                contracts = "[networks.net.contracts]" + text.rpartition(".contracts]")[2]
                write_network(folder, [endpoint.url], keys=network.keys, contracts=contracts)
                toml = folder / "networks.toml"
                toml.write_text(toml.read_text().replace("chain_id = 4711", f"chain_id = {network.chain_id}"))
                yield endpoint
        finally:
            server.stop()
            thread.join()
            server.close()


def test_a_lost_connection_and_a_killed_desk_on_a_network(folder: Path, tmp_path: Path) -> None:
    here = tmp_path / "here"
    with served(folder, here) as endpoint:
        drafts = Drafts(network_of(here).folder, "kokkola")
        first, second = drafts.add(LINES[:1]), drafts.add(LINES[1:])
        with desk_of(here, "kokkola", patience=QUICK) as browser:
            client = browser.desk.client
            before = client.chain.head().number
            then = f"/drafts/{first.id}"
            page = browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE, "then": then})

            def last_one(exchange: Exchange) -> Reply:
                endpoint.fault = dropped
                return lost_answer(exchange)

            endpoint.fault = only("eth_sendRawTransaction", last_one)
            browser.post(f"{then}/sign", {"shown": shown_in(page)})
            page = browser.settled(first.id)
            assert drafts.get(first.id).state is State.SENDING
            assert drafts.get(first.id).troubles[0].what in page.text.lower()
            endpoint.fault = none
            gone_on(browser, first)
            assert drafts.get(first.id).state is State.FINAL
            assert transactions(client, before) == 1
        with desk_of(here, "kokkola", patience=QUICK) as browser:
            then = f"/drafts/{second.id}"
            page = browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE, "then": then})
            ended = threading.Thread(target=browser.desk.work.close)

            def ends(exchange: Exchange) -> Reply:
                endpoint.fault = none
                ended.start()
                return lost_answer(exchange)

            endpoint.fault = only("eth_sendRawTransaction", ends)
            browser.post(f"{then}/sign", {"shown": shown_in(page)})
            browser.settled(second.id)
            ended.join()
            assert drafts.get(second.id).state is State.SENDING
            assert not drafts.get(second.id).troubles
        for point in ("kept, not sent", "sent"):
            killed(here, second, point)
            # What was kept is sent again before anything else, and so before it is shown.
            assert drafts.get(second.id).state in (State.SIGNING, State.SENDING)
        with desk_of(here, "kokkola") as browser:
            gone_on(browser, second)
            assert drafts.get(second.id).state is State.FINAL
            assert transactions(browser.desk.client, before) == len(LINES)
            assert not [each for each in browser.desk.client.outbox() if each.unfinished]


def test_what_changed_since_it_was_shown_is_not_signed(browser: Browser, folder: Path) -> None:
    desk = browser.desk
    draft = desk.drafts.add(LINES)
    then = f"/drafts/{draft.id}"
    page = browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE, "then": then})
    shown = shown_in(page)
    with client_of(folder) as other:
        other.submit(desk.drafts.path(desk.drafts.add(LINES[:1])))
        before = other.chain.head().number
        browser.post(f"{then}/sign", {"shown": shown})
        page = browser.settled(draft.id)
        assert "things changed since this was shown" in page.text.lower()
        assert desk.drafts.get(draft.id).state is State.CHECKED
        assert transactions(other, before) == 0
        # What lies there is another file than was looked at.
        path = desk.drafts.path(draft)
        shown, kept = shown_in(page), path.read_text()
        path.write_text(kept.replace("assay pending", "another reason"))
        browser.post(f"{then}/sign", {"shown": shown})
        browser.settled(draft.id)
        assert transactions(other, before) == 0
        path.write_text(kept)
        # Another desk has it in hand.
        with desk.drafts.in_hand(draft):
            assert "another process is signing this draft" in browser.post(f"{then}/discard").text.lower()
            browser.post(f"{then}/sign", {"shown": shown})
            browser.settled(draft.id)
        assert transactions(other, before) == 0
        browser.post(f"{then}/sign", {"shown": shown_in(browser.get(then))})
        browser.settled(draft.id)
        assert desk.drafts.get(draft.id).state is State.FINAL
        assert transactions(other, before) == len(LINES) - 1


def test_what_the_contracts_refuse_is_not_signed(browser: Browser) -> None:
    desk = browser.desk
    draft = desk.check(desk.drafts.add([LINES[2]]))
    assert draft.state is State.MADE
    browser.post("/key", {"key": "kokkola", "passphrase": PASSPHRASE})
    page = browser.get(f"/drafts/{draft.id}")
    assert draft.troubles and 'name="shown"' not in page.text
    assert browser.post(f"/drafts/{draft.id}/sign", {"shown": ""}).status_code == 400
