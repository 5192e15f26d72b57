"""Handing signed transactions to every node of a network at once.

A zero-price transaction is mined by those nodes only that got it over their own RPC, so all get it. What the
nodes answer is made one outcome: taken if one took it, refused only if every node that answered refused it.

From raw bytes to a fate (:data:`~traceledger.chain.rpc.transactions.Fate`), for each node and then for all::

      handed over (_hand_over) -> accepted              the node took it
                               -> known, busy, refused  classify: by the words of its refusal
                               -> busy                  the node is still syncing
                               -> unknown               the connection was lost, or the node is late

      of several nodes the first in this order holds (_merged):
      accepted, known, mined, busy, refused, unknown
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from traceledger.chain.rlp import decode
from traceledger.chain.rpc.concurrency import gather
from traceledger.chain.rpc.failover import Endpoint, Endpoints
from traceledger.chain.rpc.identity import Expected
from traceledger.chain.rpc.transactions import Fate, Outcome, classify
from traceledger.chain.rpc.transport import RpcError
from traceledger.errors import NetworkError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak

_MOST_TRANSACTIONS = 500
"""Transactions in one request; geth takes 1000 by default, Besu 1024."""

_MOST_BYTES = 1_000_000
"""Bytes of transactions in one request: nodes take bodies of some megabytes, and each byte is two digits."""

_GRACE_SECONDS = 3.0
"""How long the slower nodes may take once one has answered; one that is late gets no more for a while."""

_RANKS: dict[Fate, int] = {"accepted": 0, "known": 1, "mined": 2, "busy": 3, "refused": 4, "unknown": 5}
_FIRST_LEGACY_BYTE = 0xC0


def broadcast(endpoints: Endpoints, raws: Sequence[bytes], *, patience: float) -> list[Outcome]:
    """Hand transactions to all endpoints that can be reached, once, in order.

    Args:
        endpoints: of the network.
        raws: signed transactions.
        patience: seconds to wait for the first endpoint to take all.

    Returns:
        What became of each. An unreachable network is no error here: each is ``unknown``.
    """
    recipients = endpoints.recipients()
    works = [partial(_hand_over, it, endpoints.expected, raws) for it in recipients]
    answers: list[list[Outcome]] = []
    faults: list[NetworkError] = []
    for endpoint, found in zip(
        recipients, gather(works, patience=patience, grace=_GRACE_SECONDS), strict=True
    ):
        if isinstance(found, list):
            answers.append(found)
        else:
            fault = endpoints.note_fault(endpoint, found)
            faults.append(fault)
            answers.append([_unknown(item, fault) for item in raws])
    if len(faults) < len(recipients):
        endpoints.warn_of(faults)
    return [_merged(outcomes) for outcomes in zip(*answers, strict=True)]


def signed_chain_id(raw: bytes) -> int | None:
    """The chain id a transaction was signed for; ``None`` for a legacy one signed for any.

    Raises:
        ValueError: it is not RLP.
        IndexError, TypeError: it is no transaction.
    """
    if raw[0] < _FIRST_LEGACY_BYTE:
        return int.from_bytes(decode(raw[1:])[0], "big")
    # EIP-155: v is 35 or 36 and twice the chain id; 27 and 28 are of before, good for any chain.
    v = int.from_bytes(decode(raw)[6], "big")
    return (v - 35) // 2 if v >= 35 else None


def chain_fault(raw: bytes, chain_id: int) -> str:
    """Why a transaction cannot be one of this chain; empty if it can.

    Some nodes take transactions for other chains, and never mine them.
    """
    try:
        signed_for = signed_chain_id(raw)
    except (ValueError, IndexError, TypeError):
        return "not a signed transaction"
    if signed_for == chain_id:
        return ""
    return f"signed for chain id {signed_for}, but this chain has {chain_id}"


def _hand_over(endpoint: Endpoint, expected: Expected, raws: Sequence[bytes]) -> list[Outcome]:
    """Hand transactions to one node; what follows a lost connection is unknown."""
    greeting = endpoint.greeting or endpoint.greet(expected)
    # Asked again, as the greeting may be old. A node that syncs judges by an old state.
    if greeting.syncing and endpoint.greet(expected).syncing:
        return [Outcome(keccak(item), "busy", message="the node is still syncing") for item in raws]
    outcomes: list[Outcome] = []
    for some in _requests(raws):
        try:
            outcomes += _hand_over_some(endpoint, some)
        except NetworkError as fault:
            # Nothing was handed over yet: the caller may count the node as one that does not answer.
            if not outcomes:
                raise
            outcomes += [_unknown(item, fault) for item in raws[len(outcomes) :]]
            return outcomes
    endpoint.works()
    return outcomes


def _hand_over_some(endpoint: Endpoint, raws: Sequence[bytes]) -> list[Outcome]:
    wanted = [("eth_sendRawTransaction", (hexed(item),)) for item in raws]
    try:
        answers = endpoint.rpc.ask_all(wanted)
    except RpcError as refusal:
        answers = [refusal] * len(raws)
    return [_outcome(item, answer) for item, answer in zip(raws, answers, strict=True)]


def _requests(raws: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The transactions in parts that nodes take in one request."""
    part: list[bytes] = []
    size = 0
    for item in raws:
        if part and (len(part) == _MOST_TRANSACTIONS or size + len(item) > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(item)
        size += len(item)
    if part:
        yield part


def _outcome(raw: bytes, answer: object) -> Outcome:
    """What a node's answer to one transaction means."""
    digest: bytes = keccak(raw)
    if isinstance(answer, RpcError):
        fate = classify(answer.code, answer.message)
        return Outcome(digest, fate, answer.code, answer.message, answer.data)
    return Outcome(digest, "accepted")


def _unknown(raw: bytes, fault: NetworkError) -> Outcome:
    return Outcome(keccak(raw), "unknown", message=str(fault))


def _merged(outcomes: Sequence[Outcome]) -> Outcome:
    """The best of what several nodes answered about one transaction."""
    return min(outcomes, key=lambda it: _RANKS[it.fate])
