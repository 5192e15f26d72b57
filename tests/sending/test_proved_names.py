"""What a changed index, or a lying node, can make of a shipment: nothing but a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, new_client, write
from tests.embedded_nodes import embedded_node
from tests.faulty_endpoint import Exchange, FaultyEndpoint, Reply, changed, none
from tests.index.support import forge
from tests.rpc_networks import deployed, light
from traceledger.client.client import Client
from traceledger.errors import TraceLedgerError, VerificationError
from traceledger.operations.catalogue import parse_operation
from traceledger.proofs.layout import SLUGS
from traceledger.proofs.trust import TrustRoot, ValidatorRange, Validators

AT = "2026-01-20T00:00:00Z"
COMPANIES = ("katanga", "kokkola", "thief")


def founding() -> list[dict[str, Any]]:
    """A mine with two lots, and two companies to ship to."""
    lots = [
        {
            "op": "mint",
            "as": "katanga",
            "batch": name,
            "material": "ore",
            "facility": "pit",
            "mass": mass,
            "substances": {"Co": "1 t"},
            "origin": "mined",
            "at": AT,
        }
        for name, mass in (("A", "20 t"), ("B", "10 t"))
    ]
    return [
        {"op": "define_material", "material": "ore", "name": "Ore", "substances": ["Co"]},
        *(
            {
                "op": "register_participant",
                "participant": slug,
                "name": slug.title(),
                "country": "CD",
                "roles": [],
            }
            for slug in COMPANIES
        ),
        {"op": "register_facility", "as": "katanga", "facility": "pit", "kind": "mine", "country": "CD"},
        {"op": "approve_origin", "facility": "katanga/pit", "material": "ore", "capacity_per_year": "90 t"},
        *lots,
    ]


SHIP = {"op": "ship", "as": "katanga", "shipment": "S", "batches": ["A"], "to": "kokkola", "at": AT}

CHANGES = {
    "two slugs swapped": (
        "UPDATE participant SET slug = '-' WHERE slug = 'kokkola'",
        "UPDATE participant SET slug = 'kokkola' WHERE slug = 'thief'",
        "UPDATE participant SET slug = 'thief' WHERE slug = '-'",
    ),
    "another address": ("UPDATE participant SET address = zeroblob(20) WHERE slug = 'kokkola'",),
    "a row taken away, and its name given to another": (
        "DELETE FROM participant WHERE slug = 'kokkola'",
        "UPDATE participant SET slug = 'kokkola' WHERE slug = 'thief'",
    ),
    "a row taken away": ("DELETE FROM participant WHERE slug = 'kokkola'",),
}


def change(client: Client, *statements: str) -> None:
    """Change rows of a client's index, as somebody can who has the file and knows its seals."""
    forge(client.network.index_file, *statements)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    with new_client(tmp_path / "net") as made:
        made.submit(write(tmp_path / "ops.jsonl", founding()), create_keys=True)
        made.sync()
        yield made


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("way", ["one", "file"])
def test_a_changed_index_sends_nothing_elsewhere(client: Client, tmp_path: Path, what: str, way: str) -> None:
    true = client.signers.address_of("kokkola")
    change(client, *CHANGES[what])
    try:
        if way == "one":
            client.perform(parse_operation(SHIP))
        else:
            client.submit(write(tmp_path / "ship.jsonl", [SHIP]))
    except TraceLedgerError as refused:
        assert isinstance(refused, VerificationError), refused
        return
    assert what == "a row taken away"
    client.sync()
    assert client.index.shipments()[0].receiver == true


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "transfer_title", "as": "katanga", "batch": "A", "to": "kokkola", "at": AT},
        {"op": "transfer_facility", "as": "katanga", "facility": "pit", "to": "kokkola", "at": AT},
        {"op": "suspend_participant", "participant": "kokkola", "reason": "audit", "at": AT},
        {"op": "disable_operators", "participant": "kokkola", "reason": "theft", "at": AT},
        {"op": "change_roles", "participant": "kokkola", "granted": ["auditor"], "reason": "so", "at": AT},
        {"op": "propose_assignment", "batch": "katanga/A", "to": "kokkola", "reason": "x", "at": AT,
         "evidence": [{"uri": "x:y", "sha256": "00" * 32}]},
        {**SHIP, "to": "katanga", "owner": "kokkola"},
    ],
    ids=lambda operation: operation["op"],
)  # fmt: skip
def test_whatever_names_a_company_goes_by_the_proof(client: Client, operation: dict[str, Any]) -> None:
    change(client, *CHANGES["two slugs swapped"])
    with pytest.raises(VerificationError, match="kokkola"):
        client.perform(parse_operation(operation))


def test_a_registration_that_ran_is_not_believed_of_the_index(client: Client, tmp_path: Path) -> None:
    """The file names the company in an earlier line, whose address comes from where it was registered."""
    change(client, *CHANGES["two slugs swapped"])
    with pytest.raises(VerificationError, match="kokkola"):
        client.submit(write(tmp_path / "again.jsonl", [*founding(), SHIP]))


def test_the_slot_is_the_compilers() -> None:
    from traceledger.artifacts import load

    assert load("ParticipantRegistry").slots["_slugs"] == SLUGS


def with_root(client: Client, root: TrustRoot) -> Client:
    """A client of the same network, whose networks.toml names a trust root."""
    source = client.network.source
    source.with_name("root.json").write_text(root.dumps())
    heading = f"[networks.{client.network.name}]\n"
    source.write_text(source.read_text().replace(heading, heading + 'trust_root = "root.json"\n', 1))
    return client_of(source.parent)


def test_a_trust_root_in_networks_toml_decides_whose_blocks_count(client: Client) -> None:
    true = client.trust_root()
    with with_root(client, true) as ours:
        ours.perform(parse_operation(SHIP))
    stranger = Validators((ValidatorRange(0, None, frozenset({b"\x66" * 20})),))
    client.network.source.with_name("root.json").write_text(replace(true, validators=stranger).dumps())
    with (
        client_of(client.network.source.parent) as ours,
        pytest.raises(VerificationError, match="not final: its seal is not the authority's"),
    ):
        ours.perform(parse_operation({**SHIP, "shipment": "T", "batches": ["B"]}))


def test_a_trust_root_of_other_contracts_is_refused(client: Client) -> None:
    true = client.trust_root()
    other = replace(true, registry=replace(true.registry, address=b"\x66" * 20))
    with (
        with_root(client, other) as ours,
        pytest.raises(VerificationError, match=r"contracts are not those of networks\.toml"),
    ):
        ours.perform(parse_operation(SHIP))


def test_where_nobody_seals_the_pinned_block_counts(over_rpc: tuple[Client, FaultyEndpoint]) -> None:
    client, _ = over_rpc
    root = client.trust_root(pinned=[client.chain.final().number])
    with with_root(client, root) as ours:
        ours.perform(parse_operation(SHIP))
        ours.sync()
        assert ours.index.shipments()[0].receiver == client.signers.address_of("kokkola")


@pytest.fixture
def over_rpc(tmp_path: Path) -> Iterator[tuple[Client, FaultyEndpoint]]:
    """A client of a node that can be made to lie, and of nobody else."""
    with embedded_node(tmp_path / "chain.sqlite") as url, FaultyEndpoint(url) as endpoint:
        with deployed(tmp_path / "net", [endpoint.url]) as made:
            made.submit(write(tmp_path / "ops.jsonl", founding()), create_keys=True)
        with light(tmp_path / "net") as made:
            made.sync()
            yield made, endpoint


def _other_word(method: str, params: list[Any], result: Any) -> Any:
    """Another address in the slot that was asked for."""
    if method != "eth_getProof":
        return result
    slots = [item | {"value": "0x" + "66" * 20} for item in result["storageProof"]]
    return result | {"storageProof": slots}


def _other_slot(method: str, params: list[Any], result: Any) -> Any:
    """A proof of nothing, as if nobody had that name."""
    if method != "eth_getProof":
        return result
    return result | {
        "storageProof": [item | {"proof": [], "value": "0x0"} for item in result["storageProof"]]
    }


def _other_root(method: str, params: list[Any], result: Any) -> Any:
    """Another state under the same block."""
    return result | {"stateRoot": "0x" + "11" * 32} if method == "eth_getBlockByNumber" and result else result


@pytest.mark.parametrize("lie", [_other_word, _other_slot, _other_root])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_lying_node_diverts_nothing(
    over_rpc: tuple[Client, FaultyEndpoint], lie: Callable[..., Any], swapped: bool
) -> None:
    client, endpoint = over_rpc
    if swapped:
        change(client, *CHANGES["two slugs swapped"])
    endpoint.fault = changed(lie)
    with pytest.raises(TraceLedgerError):
        client.perform(parse_operation(SHIP))
    endpoint.fault = none


def _without_proofs(exchange: Exchange) -> Reply:
    """A node that does not offer eth_getProof."""
    import json

    error = {"code": -32601, "message": "the method eth_getProof does not exist/is not available"}
    missing = {item["id"] for item in exchange.requests if item["method"] == "eth_getProof"}
    answers = [
        {"jsonrpc": "2.0", "id": item["id"], "error": error} if item["id"] in missing else item
        for item in exchange.answers()
    ]
    return Reply(json.dumps(answers).encode())


def test_without_state_proofs_the_receipt_of_the_registration_counts(
    over_rpc: tuple[Client, FaultyEndpoint],
) -> None:
    client, endpoint = over_rpc
    endpoint.fault = _without_proofs
    client.perform(parse_operation(SHIP))
    client.sync()
    assert client.index.shipments()[0].receiver == client.signers.address_of("kokkola")
    change(client, *CHANGES["two slugs swapped"])
    with pytest.raises(VerificationError, match="kokkola"):
        client.perform(parse_operation({**SHIP, "shipment": "T", "batches": ["B"]}))
