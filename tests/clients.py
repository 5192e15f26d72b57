"""Clients of new embedded networks, and operations files for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from tests.contract_batch import as_contract, batch_of
from tests.real_ledger import expected_batch, id_of, in_short
from tests.reference.chains import Operation
from tests.reference.model import ReferenceLedger
from traceledger.chain.base import Chain
from traceledger.chain.embedded import EmbeddedChain, key_sealer
from traceledger.client.client import Client
from traceledger.config import networks
from traceledger.config.networks import Network, write_template
from traceledger.model.patience import DEFAULT, Patience
from traceledger.signing.places import KeyPlace

PASSPHRASE = "only for tests"
AnyChain = TypeVar("AnyChain", bound=EmbeddedChain)


def client_of(
    folder: Path,
    passphrase: str = PASSPHRASE,
    *,
    patience: Patience = DEFAULT,
    chain: Chain | None = None,
    keys: KeyPlace | None = None,
) -> Client:
    """A client of the network that is in a folder, on its chain and keys or on those that are given."""
    return Client(
        network_of(folder), passphrase=lambda _: passphrase, patience=patience, chain=chain, keys=keys
    )


def embedded_chain(network: Network, kind: type[AnyChain] = EmbeddedChain) -> AnyChain:  # type: ignore[assignment]
    """The embedded chain of a network, which seals with the network's own key, as a chain of that class."""
    authority = bytes.fromhex(network.authority_file.read_text().strip())
    return kind.open(network.chain_file, sealer=key_sealer(authority))


def network_of(folder: Path) -> Network:
    """The network that is in a folder."""
    return networks.load(folder / "networks.toml").get()


def new_client(folder: Path) -> Client:
    """A client of a new embedded network with contracts."""
    folder.mkdir(exist_ok=True)
    write_template(folder)
    client = client_of(folder)
    client.deploy()
    return client


def write(path: Path, ops: Iterable[Operation]) -> Path:
    """An operations file."""
    path.write_text("".join(json.dumps(op, ensure_ascii=False) + "\n" for op in ops), "utf-8")
    return path


def model_of(ops: Iterable[Operation]) -> ReferenceLedger:
    """The reference model after these operations."""
    model = ReferenceLedger()
    for op in ops:
        model.apply(op)
    return model


def check_contracts_and_index(client: Client, model: ReferenceLedger) -> None:
    """That contracts and index both hold exactly the model's batches, each as the model has it."""
    client.sync()
    ledger = client.network.deployed().ledger
    addresses = {p.slug: "0x" + p.address.hex() for p in client.index.participants()}
    assert set(addresses) == set(model.participants)
    assert len(client.index.batches()) == len(model.batches)
    for name, batch in model.batches.items():
        batch_id = id_of(addresses[name[0]], name[1])
        on_chain = batch_of(client.chain, ledger, batch_id)
        expected = expected_batch(batch, model) | {"custodian": addresses[batch.custodian]}
        assert in_short(on_chain) == expected, name
        indexed = client.index.batch(batch_id)
        assert indexed is not None
        assert as_contract(indexed) == on_chain
