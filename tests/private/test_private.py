"""Private fields: nothing of them reaches the chain, yet everything is found, proved and sent once."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, embedded_chain, new_client, write
from tests.private_chain import SECRETS, Operation, operations
from tests.sending.elsewhere import finished, kill_again_and_again, submit_elsewhere
from tests.sending.test_submit import sent_transactions
from traceledger.chain.base import Receipt
from traceledger.chain.embedded import EmbeddedChain
from traceledger.client.client import Client
from traceledger.documents import traces
from traceledger.errors import InputError, NetworkError, VerificationError
from traceledger.model.commitments import FieldKind, Opening, is_commitment
from traceledger.operations.catalogue import parse_operation
from traceledger.operations.file import OperationsFileError
from traceledger.private.store import Disclosures

AT = "2026-04-01T00:00:00Z"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the private chain ran."""
    folder = tmp_path_factory.mktemp("recorded")
    with new_client(folder / "net") as client:
        client.submit(write(folder / "ops.jsonl", operations()), create_keys=True)
    return folder


@pytest.fixture
def client(recorded: Path, tmp_path: Path) -> Iterator[Client]:
    shutil.copytree(recorded / "net", tmp_path / "net")
    with client_of(tmp_path / "net") as found:
        found.sync()
        yield found


@pytest.fixture
def forgetful(client: Client, tmp_path: Path) -> Iterator[Client]:
    """The same where what opens the commitments is not at hand."""
    client.close()
    client.network.disclosures_file.unlink()
    with client_of(tmp_path / "net") as found:
        yield found


def everything_on_chain(client: Client) -> bytes:
    """What all transactions and logs say."""
    blocks = list(client.chain.blocks(1, client.chain.head().number))
    inputs = [transaction.input for block in blocks for transaction in block.transactions]
    return b"".join(inputs + [log.data for block in blocks for log in block.logs])


def test_no_private_text_is_on_chain(client: Client) -> None:
    content = everything_on_chain(client)
    for secret in SECRETS:
        assert secret.encode() not in content
        assert secret.encode().hex().encode() not in content
    assert bytes.fromhex("ab" * 32) not in content
    assert bytes.fromhex("cd" * 32) not in content
    assert b"kokkola" in content


def test_the_figures_are_those_of_the_public_chain(client: Client, tmp_path: Path) -> None:
    with new_client(tmp_path / "public") as public:
        public.submit(write(tmp_path / "ops.jsonl", operations(private=False)), create_keys=True)
        expected = traces.trace(public.trace("kokkola/COS-88"))
    found = traces.trace(client.trace("kokkola/COS-88"))
    for document in (expected, found):
        for field in ("id", "created", "as_of"):
            del document[field]
    assert found == expected


def test_what_opens_it_is_the_owners_alone(client: Client) -> None:
    path = client.network.disclosures_file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    texts = {(opening.kind.value, opening.text) for opening in client.disclosures.all()}
    assert ("batch", "KOL-2026-0117") in texts
    assert ("participant_name", "Katanga Example Mining") in texts
    assert ("evidence", "ab" * 32 + " https://documents.example/weighing.pdf") in texts


def test_without_the_openings_the_commitments_stand(forgetful: Client) -> None:
    client = forgetful
    trace = client.trace("kokkola/COS-88")
    slug, _, identifier = trace.origins[0].batch.partition("/")
    assert slug == "s-1"
    assert is_commitment(identifier)
    assert client.trace(trace.origins[0].batch).material == "ore", "a commitment names its batch as well"
    with pytest.raises(InputError, match="there is no batch"):
        client.trace("s-1/KOL-2026-0117")


def test_killed_again_and_again_each_line_runs_once(tmp_path: Path) -> None:
    ops = operations()
    for number in range(40):
        ops.append(
            {
                "op": "split",
                "as": "s-1",
                "batch": "KOL-2026-0117",
                "into": [{"batch": f"PART-{number}", "mass": "1 kg"}],
                "at": AT,
                "evidence": [{"uri": f"https://documents.example/{number}", "sha256": f"{number:064x}"}],
                "private": True,
            }
        )
    path = write(tmp_path / "ops.jsonl", ops)
    with new_client(tmp_path / "net"):
        pass
    kill_again_and_again(tmp_path / "net", path, ((1, 3), (1, 60), (2, 25), (2, 80), (3, 40)))
    sent, skipped = finished(submit_elsewhere(tmp_path / "net", path))
    assert sent
    assert skipped
    with client_of(tmp_path / "net") as client:
        assert client.submit(path).sent == 0
        assert sent_transactions(client) == len(ops)
        made = [opening.text for opening in client.disclosures.all() if opening.kind is FieldKind.BATCH]
        assert sorted(made) == sorted(
            {"KOL-2026-0117", "KOL-2026-0117-A", "COH-7"} | {f"PART-{n}" for n in range(40)}
        )
        known = {opening.commitment for opening in client.disclosures.all()}
        hidden = {batch.identifier for batch in client.index.batches() if batch.identifier != "COS-88"}
        assert hidden <= known


class Cut(EmbeddedChain):
    """A chain to which nothing can be sent."""

    def send(self, raw: Sequence[bytes], *, timestamp: int | None = None) -> list[Receipt]:
        raise NetworkError("the line is cut")


def test_stored_before_it_is_sent(client: Client, tmp_path: Path) -> None:
    """Whatever happens from the sending on, the opening is there, and the same line is the same again."""
    path = write(tmp_path / "ops.jsonl", [split("KOL-X")])
    with client_of(tmp_path / "net", chain=embedded_chain(client.network, Cut)) as cut:
        with pytest.raises(NetworkError, match="the line is cut"):
            cut.submit(path)
        with pytest.raises(NetworkError, match="the line is cut"):
            cut.split("KOL-2026-0117", {"KOL-Y": "1 t"}, act_as="s-1", private=True, at=AT)
    owner = owner_of(client)
    stored = [client.disclosures.commitments(FieldKind.BATCH, owner, text) for text in ("KOL-X", "KOL-Y")]
    assert [len(each) for each in stored] == [1, 1]
    client.submit(path)
    client.split("KOL-2026-0117", {"KOL-Y": "1 t"}, act_as="s-1", private=True, at=AT)
    client.sync()
    identifiers = {batch.identifier for batch in client.index.batches()}
    assert {each[0] for each in stored} <= identifiers


def test_without_the_salts_nothing_may_run_twice(forgetful: Client, recorded: Path) -> None:
    """On another machine, the same file would make the same batches under other commitments."""
    client = forgetful
    head = client.chain.head().number
    with pytest.raises(InputError, match="3 private batches of s-1 cannot be opened here"):
        client.submit(recorded / "ops.jsonl")
    with pytest.raises(InputError, match="cannot be opened here"):
        client.perform(parse_operation(split("KOL-NEW", batch=hidden_name(client))))
    with pytest.raises(InputError, match="cannot be opened here"):
        evidence = [{"uri": "https://documents.example/x", "sha256": "ef" * 32}]
        emissions = {"scope1": "1 kg"}
        client.add_emissions(
            hidden_name(client),
            act_as="s-1",
            emissions=emissions,
            reason="x",
            evidence=evidence,
            private=True,
        )
    assert client.chain.head().number == head
    shutil.copy(recorded / "net/.traceledger/local/disclosures.sqlite", client.network.disclosures_file)
    assert client.submit(recorded / "ops.jsonl").sent == 0


def test_a_check_that_fails_leaves_no_openings(client: Client, tmp_path: Path) -> None:
    before = client.disclosures.all()
    path = write(tmp_path / "ops.jsonl", [split("KOL-X"), {"op": "retire", "as": "s-1"}])
    with pytest.raises(OperationsFileError):
        client.submit(path)
    assert client.disclosures.all() == before


def test_where_openings_cannot_be_stored_nothing_is_sent(forgetful: Client, tmp_path: Path) -> None:
    client = forgetful
    client.network.disclosures_file.mkdir()
    head = client.chain.head().number
    with pytest.raises(InputError):
        client.submit(write(tmp_path / "ops.jsonl", [split("KOL-X", batch=hidden_name(client))]))
    assert client.chain.head().number == head


def test_two_owners_of_one_text_share_nothing(client: Client, tmp_path: Path) -> None:
    ops = [
        {
            "op": "register_facility",
            "as": who,
            "facility": "warehouse",
            "kind": "store",
            "country": "FI",
            "private": True,
        }
        for who in ("s-1", "kokkola")
    ]
    client.submit(write(tmp_path / "ops.jsonl", ops))
    client.sync()
    one, other = (
        next(f for f in client.index.facilities(client.names().participant(who)) if f.kind == "store")
        for who in ("s-1", "kokkola")
    )
    assert is_commitment(one.identifier)
    assert is_commitment(other.identifier)
    assert one.identifier != other.identifier
    shown = [f"{f.identifier}/{f.name}" for f in client.disclosed.facilities() if f.kind == "store"]
    assert shown == ["warehouse/warehouse"] * 2


def test_anothers_commitment_says_nothing_about_ones_own(client: Client, tmp_path: Path) -> None:
    """Whoever copies a commitment gets neither its text nor its name."""
    copied = next(f for f in client.index.facilities() if is_commitment(f.identifier))
    ops = [
        {
            "op": "register_facility",
            "as": "kokkola",
            "facility": copied.identifier,
            "name": copied.name,
            "kind": "store",
            "country": "FI",
        }
    ]
    client.submit(write(tmp_path / "ops.jsonl", ops))
    client.sync()
    found = next(f for f in client.disclosed.facilities() if f.kind == "store")
    assert (found.identifier, found.name) == (copied.identifier, copied.name)
    with pytest.raises(InputError, match="there is no facility"):
        client.names().facility("kokkola/kolwezi-pit-4", None)


def split(name: str, *, batch: str = "KOL-2026-0117", **more: Any) -> Operation:
    children = [{"batch": name, "mass": "1 t"}]
    return {"op": "split", "as": "s-1", "batch": batch, "into": children, "at": AT, "private": True, **more}


def owner_of(client: Client) -> bytes:
    return client.names().participant("s-1")


def hidden_name(client: Client) -> str:
    return f"s-1/{client.index.batches()[0].identifier}"


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (split("KOL-2026-0117-A", private=False), "a private batch"),
        (split("s-1/KOL-2026-0117-A", private=False), "a private batch"),
        ({**split("COS-88"), "as": "kokkola", "batch": "COS-88"}, "is public already"),
        (split("X", private="yes"), "neither true nor false"),
        (split("X", private=1), "neither true nor false"),
        (split("kokkola/X"), "another participant's"),
        (split("urn:traceledger:private:1:" + "0" * 64), "a commitment already"),
        (
            {"op": "retire", "as": "kokkola", "batch": "COS-88", "reason": "sold", "at": AT, "private": True},
            "nothing in this retire can be private",
        ),
        (
            {
                "op": "register_facility",
                "as": "s-1",
                "facility": "pit-5",
                "kind": "mine",
                "country": "CD",
                "latitude": "-10.7",
                "longitude": "25.4",
                "private": True,
            },
            "a coordinate would say",
        ),
        (
            {"op": "add_operator", "participant": "s-1", "operator": "0x" + "11" * 20, "private": True},
            "no such field",
        ),
    ],
)
def test_what_cannot_be_private_is_said(
    client: Client, tmp_path: Path, operation: Operation, reason: str
) -> None:
    with pytest.raises(OperationsFileError) as caught:
        client.submit(write(tmp_path / "ops.jsonl", [operation]))
    assert reason in str(caught.value)
    assert caught.value.faults[0].where.startswith(f"{tmp_path}/ops.jsonl:1")


def test_names_in_refusals_are_the_disclosed_ones(client: Client) -> None:
    with pytest.raises(Exception, match="s-1/KOL-2026-0117-A") as caught:
        client.retire("KOL-2026-0117-A", act_as="s-1", reason="sold")
    assert "urn:" not in str(caught.value)


def test_every_kind_of_operation_can_hide_its_evidence(client: Client) -> None:
    document = [{"uri": "https://documents.example/secret", "sha256": "ef" * 32}]
    hidden: dict[str, Any] = {"evidence": document, "private": True}
    client.create_key("argus")
    client.register_participant("argus", name="Argus", country="DE", roles=["auditor"], **hidden)
    client.define_material("slag", name="Slag", **hidden)
    client.record_evidence(
        "https://documents.example/lca",
        sha256="ef" * 32,
        kind="lca",
        issuer="x",
        act_as="argus",
        private=True,
    )
    client.assess(
        "A-1",
        act_as="argus",
        participant="s-1",
        kind="audit",
        score="90 %",
        issuer="x",
        valid_from="2026-01-01T00:00:00Z",
        valid_until="2027-01-01T00:00:00Z",
        **hidden,
    )
    client.raise_finding(
        "F-1",
        act_as="argus",
        participant="s-1",
        severity="minor",
        category="labour",
        due="2030-01-01T00:00:00Z",
        description="d",
        **hidden,
    )
    client.submit_corrective_action("argus/F-1", act_as="s-1", corrective_action="p", **hidden)
    client.accept_corrective_action("F-1", act_as="argus", **hidden)
    client.close_finding("F-1", act_as="argus", **hidden)
    client.add_emissions("COS-88", act_as="kokkola", emissions={"scope2": "1 kg"}, reason="storage", **hidden)
    client.suspend_participant("s-1", reason="r", **hidden)
    client.reinstate_participant("s-1", reason="r", act_as="argus", **hidden)
    client.declare_error(
        "KOL-2026-0117", act_as="s-1", reason="incorrect_data", corrective=["KOL-2026-0117-R"], **hidden
    )
    client.sync()
    content = everything_on_chain(client)
    assert b"documents.example" not in content
    assert bytes.fromhex("ef" * 32) not in content
    index, secret = client.disclosed, "https://documents.example/secret"
    assert index.finding(client.finding_id("argus/F-1")).steps[-1].evidence[0].uri == secret  # type: ignore[union-attr]
    assert index.assessments()[0].evidence[0].uri == secret
    assert index.evidence()[0].uri == "https://documents.example/lca"
    assert [change.evidence[0].uri for change in index.standing_changes(owner_of(client))] == [secret] * 2
    assert index.history(client.batch_id("kokkola/COS-88"))[-1].event.evidence[0].uri == secret
    corrective = client.index.history(client.batch_id("s-1/KOL-2026-0117"))[-1].event.corrective
    client.mint(
        "KOL-2026-0117-R",
        act_as="s-1",
        material="ore",
        facility="kolwezi-pit-4",
        mass="1 t",
        origin="mined",
        at=AT,
        private=True,
    )
    client.sync()
    assert corrective == (client.batch_id("s-1/KOL-2026-0117-R"),)


def test_a_store_that_was_tampered_with_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "disclosures.sqlite"
    opening = Opening(FieldKind.BATCH, bytes(20), bytes(32), "KOL-1")
    with Disclosures(path) as store:
        assert store.add([opening, replace(opening, text="KOL-2"), opening]) == 2
        assert store.add([opening]) == 0
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE opening SET text = 'KOL-3' WHERE text = 'KOL-1'")
    connection.close()
    with Disclosures(path) as store:
        assert store.opened(FieldKind.BATCH, bytes(20), replace(opening, text="KOL-2").commitment) == "KOL-2"
        with pytest.raises(VerificationError, match="does not open it"):
            store.opened(FieldKind.BATCH, bytes(20), opening.commitment)


@pytest.mark.parametrize("content", [b"not SQLite at all, but long enough to be read as such" * 20])
def test_a_file_that_is_no_store_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "disclosures.sqlite"
    path.write_bytes(content)
    with Disclosures(path) as store, pytest.raises(VerificationError):
        store.all()


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "disclosures.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with Disclosures(path) as store, pytest.raises(VerificationError, match="holds no disclosures"):
        store.add([Opening(FieldKind.BATCH, bytes(20), bytes(32), "KOL-1")])
