"""Asking every node of a network what it knows of some transactions, where none may be left out.

Other reads are content with the nodes that answer. That no node has a transaction is only known if each of
them says so, and none of them is behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from traceledger.chain.rpc.answers import ask_in_parts
from traceledger.chain.rpc.concurrency import gather
from traceledger.chain.rpc.failover import LAG_BLOCKS, Endpoint, Endpoints
from traceledger.chain.rpc.faults import EndpointError, decoding
from traceledger.chain.rpc.transactions import Survey
from traceledger.errors import NetworkError
from traceledger.model.counting import counted
from traceledger.model.hexadecimal import hexed, number


def survey(endpoints: Endpoints, address: bytes, hashes: Sequence[bytes], *, patience: float) -> Survey:
    """What all endpoints know of some transactions of an account.

    Args:
        endpoints: of the network.
        address: the account.
        hashes: of its transactions.
        patience: seconds to wait for the answers of all.

    Raises:
        NetworkError: an endpoint does not answer, answers nonsense, is behind, or serves another chain.
    """
    works = [partial(_one, it, endpoints, address, hashes) for it in endpoints.all]
    answers: list[tuple[int, Survey]] = []
    for endpoint, found in zip(endpoints.all, gather(works, patience=patience, grace=patience), strict=True):
        if not isinstance(found, tuple):
            raise endpoints.note_fault(endpoint, found)
        answers.append(found)
    highest = max(height for height, _ in answers)
    for endpoint, (height, _) in zip(endpoints.all, answers, strict=True):
        if highest - height > LAG_BLOCKS:
            raise EndpointError(
                f"the node is {counted(highest - height, 'block')} behind", where=endpoint.url
            )
    known = tuple(any(each) for each in zip(*(item.known for _, item in answers), strict=True))
    return Survey(max(item.mined for _, item in answers), known)


def _one(
    endpoint: Endpoint, endpoints: Endpoints, address: bytes, hashes: Sequence[bytes]
) -> tuple[int, Survey]:
    """How far one endpoint is, and what it knows; the account's nonce is asked for last."""
    greeting = endpoint.greet(endpoints.expected)
    if greeting.syncing:
        raise NetworkError("the node is still syncing", where=endpoint.url, hint="wait until it is in step")
    wanted = [("eth_getTransactionByHash", (hexed(item),)) for item in hashes]
    found = ask_in_parts(endpoint.rpc, wanted)
    # Last: what was mined between the questions counts as mined then, and is not missed by both.
    mined = endpoint.rpc.read("eth_getTransactionCount", hexed(address), "latest")
    with decoding("a nonce"):
        return greeting.head.number, Survey(number(mined), tuple(item is not None for item in found))
