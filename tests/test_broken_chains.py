"""Operations files in which one operation breaks one rule: it is refused, and nothing else happens."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.clients import check_contracts_and_index, client_of, new_client, write
from tests.reference.chains import Operation, build
from tests.reference.model import ReferenceLedger
from tests.reference.violations import RULES, Broken, break_one
from traceledger.client.client import Client
from traceledger.operations.file import OperationsFileError
from traceledger.refusals import Refusal

SEED, OPERATIONS = 3, 110


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Operation]]:
    """A network on which a random chain has run, to be copied."""
    folder = tmp_path_factory.mktemp("sound")
    ops = build(SEED, operations=OPERATIONS).ops
    with new_client(folder) as client:
        client.submit(write(folder / "operations.jsonl", ops), create_keys=True)
        model = ReferenceLedger()
        for op in ops:
            model.apply(op)
        check_contracts_and_index(client, model)
    return folder, ops


def refused(client: Client, path: Path) -> Refusal:
    with pytest.raises(Refusal) as caught:
        client.submit(path, create_keys=True)
    return caught.value


def model_of(broken: Broken) -> ReferenceLedger:
    """What the operations before the broken one lead to."""
    model = ReferenceLedger()
    for op in broken.ops[: broken.position]:
        model.apply(op)
    return model


def refused_unsent(client: Client, broken: Broken, path: Path) -> None:
    """Of what can be seen to be wrong without the chain, nothing of the file is sent."""
    head = client.chain.head()
    with pytest.raises(OperationsFileError, match=f":{broken.position + 1}: ") as caught:
        client.submit(path, create_keys=True)
    assert "1 fault; nothing was sent" in str(caught.value)
    assert client.chain.head() == head


def check_refusal(refusal: Refusal, broken: Broken, path: Path) -> None:
    assert type(refusal).__name__ == broken.error
    assert refusal.where == f"{path}:{broken.position + 1}"
    assert refusal.what
    assert refusal.hint
    assert "{" not in str(refusal)
    assert not re.search(r"0x[0-9a-f]{64}|\d{30}", str(refusal)), "an id where a name should be"


@pytest.mark.parametrize("rule", RULES)
def test_a_violation_at_the_end(rule: str, sound: tuple[Path, list[Operation]], tmp_path: Path) -> None:
    folder, ops = sound
    shutil.copytree(folder, tmp_path / "copy")
    broken = break_one(ops, rule, at_the_end=True)
    path = write(tmp_path / "broken.jsonl", broken.ops)
    with client_of(tmp_path / "copy") as client:
        if broken.error == "OperationsFileError":
            refused_unsent(client, broken, path)
            return
        before = client.chain.head()
        check_refusal(refused(client, path), broken, path)
        head = client.chain.head()
        # A reversal is planned once what it takes back is in the index: it has a block of its own.
        before_it = max(broken.position - len(ops), 0)
        assert min(before_it, 1) <= head.number - before.number <= before_it
        if head == before:  # Nothing is on the chain but what was checked when it was made.
            return
        check_contracts_and_index(client, model_of(broken))
        check_refusal(refused(client, path), broken, path)
        assert client.chain.head() == head


@pytest.mark.parametrize("rule", ["substance_appears", "mint_while_suspended"])
def test_a_violation_on_the_way(rule: str, tmp_path: Path) -> None:
    broken = break_one(build(7, operations=150).ops, rule)
    assert broken.position < len(broken.ops) - 5
    path = write(tmp_path / "broken.jsonl", broken.ops)
    with new_client(tmp_path) as client:
        check_refusal(refused(client, path), broken, path)
        check_contracts_and_index(client, model_of(broken))


def test_the_rest_runs_once_the_violation_is_mended(tmp_path: Path) -> None:
    ops = build(8, operations=120).ops
    broken = break_one(ops, "more_than_pure")
    path = write(tmp_path / "broken.jsonl", broken.ops)
    with new_client(tmp_path) as client:
        refused(client, path)
        submitted = client.submit(write(path, ops), create_keys=True)
        assert (submitted.skipped, submitted.sent) == (broken.position, len(ops) - broken.position)
        model = ReferenceLedger()
        for op in ops:
            model.apply(op)
        check_contracts_and_index(client, model)
