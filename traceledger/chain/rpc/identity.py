"""Whether an endpoint serves the network that is meant, and how far it is: asked when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from traceledger.chain.base import BlockRef
from traceledger.chain.headers import header_of
from traceledger.chain.rpc.faults import EndpointError, WrongAnswerError, decoding
from traceledger.chain.rpc.transport import JsonRpc, RpcError
from traceledger.model.hexadecimal import hexed, number, unhexed

CodeCheck = Callable[[bytes], str]
"""What is wrong with the code at an address, as the end of a sentence about it; empty if nothing."""


class ForeignEndpointError(EndpointError):
    """The endpoint serves another chain than expected."""


class ForeignContractsError(ForeignEndpointError):
    """The endpoint's chain does not hold the expected contracts, or not yet."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What every endpoint of a network must serve; ``None`` where the first one may say.

    Args:
        chain_id: EIP-155 chain id.
        genesis_hash: hash of block 0.
        codes: for each address that must hold a contract, what checks its code.
        steady: whether the network makes blocks all the time, so that an old newest block is suspicious.
    """

    chain_id: int | None = None
    genesis_hash: bytes | None = None
    codes: Mapping[bytes, CodeCheck] = field(default_factory=dict)
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Greeting:
    """What an endpoint said of itself. ``syncing``: it knows that it is behind its peers."""

    chain_id: int
    genesis_hash: bytes
    head: BlockRef
    syncing: bool


def greet(rpc: JsonRpc, expected: Expected) -> Greeting:
    """Ask an endpoint who it is, in one HTTP request, and check it.

    Raises:
        ForeignEndpointError: it is not what is expected.
        EndpointError: it cannot be reached, or answers nonsense.
        RpcError: it refuses to answer.
    """
    syncing, *answers = rpc.ask_all(
        [
            ("eth_syncing", ()),
            ("eth_chainId", ()),
            ("eth_getBlockByNumber", ("0x0", False)),
            ("eth_getBlockByNumber", ("latest", False)),
            *(("eth_getCode", (hexed(address), "latest")) for address in expected.codes),
        ]
    )
    for answer in answers:
        if isinstance(answer, RpcError):
            raise answer
    chain_id, genesis, head, *codes = answers
    with decoding("the chain id"):
        found_id = number(str(chain_id))
    _check_chain_id(rpc.url, found_id, expected)
    greeting = Greeting(found_id, _block(genesis, 0).hash, _block(head), _is_syncing(syncing))
    _check_genesis(rpc.url, greeting.genesis_hash, expected)
    for (address, check), code in zip(expected.codes.items(), codes, strict=True):
        _check_code(rpc.url, address, check, code)
    return greeting


def _block(found: Any, wanted: int | None = None) -> BlockRef:
    if found is None:
        raise WrongAnswerError("the node has no blocks")
    return header_of(found, wanted).ref


def _is_syncing(answer: Any) -> bool:
    """Whether the node lacks blocks. It answers ``false``, or how far it is; some do not have the method.

    geth says how far it is also while it has all blocks, and indexes their transactions.
    """
    if not isinstance(answer, dict):
        return answer is True
    with decoding("the progress of syncing"):
        return number(answer["currentBlock"]) < number(answer["highestBlock"])


def _check_chain_id(url: str, found: int, expected: Expected) -> None:
    if expected.chain_id not in {None, found}:
        raise ForeignEndpointError(
            f"the node serves chain id {found}, expected {expected.chain_id}",
            where=url,
            hint="check the network's url and chain_id in networks.toml",
        )


def _check_genesis(url: str, found: bytes, expected: Expected) -> None:
    if expected.genesis_hash not in {None, found}:
        wanted = hexed(expected.genesis_hash or b"")
        raise ForeignEndpointError(
            f"the chain begins with block {hexed(found)}, expected {wanted}",
            where=url,
            hint="another chain; if the network was founded anew, give its genesis_hash in networks.toml",
        )


def _check_code(url: str, address: bytes, check: CodeCheck, code: Any) -> None:
    with decoding("the code of a contract"):
        fault = check(unhexed(code))
    if fault:
        hint = "check the network's contracts in networks.toml"
        raise ForeignContractsError(f"the address {hexed(address)} {fault}", where=url, hint=hint)
