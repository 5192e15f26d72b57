r"""Merkle-Patricia tries of which only some nodes are known, each proved by the hash that refers to it.

Source: Ethereum Yellow Paper, appendix D. Every node that is given must be
needed, and is hashed once.

Example:
    >>> from traceledger.chain.rlp import encode
    >>> leaf = encode([b"\x20\xab", b"value"])
    >>> nodes = Nodes([leaf])
    >>> nodes.get(keccak(leaf), b"\xab"), nodes.get(keccak(leaf), b"\xcd")
    (b'value', None)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from traceledger.chain.rlp import decode
from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak

if TYPE_CHECKING:
    from traceledger.chain.base import AccountProof

EMPTY_ROOT = keccak(b"\x80")
_HASH = 32
_BRANCH, _SHORT = 17, 2
_KEPT = 100_000


class Nodes:
    """Trie nodes by their hashes.

    Args:
        nodes: RLP of nodes, none twice.

    Raises:
        VerificationError: a node is given twice.
    """

    def __init__(self, nodes: Iterable[bytes] = ()) -> None:
        self._nodes: dict[bytes, bytes] = {}
        self._decoded: dict[bytes, Any] = {}
        self._used: set[bytes] = set()
        self.add(nodes)

    def add(self, nodes: Iterable[bytes]) -> None:
        """Take more nodes.

        Raises:
            VerificationError: a node is given twice.
        """
        for node in nodes:
            digest = keccak(node)
            # R8, R12: a node that is given twice would count twice as used.
            if digest in self._nodes:
                raise VerificationError("a trie node stands in the file twice")
            self._nodes[digest] = node

    def require_all_used(self) -> None:
        """That every node was needed.

        Raises:
            VerificationError: one was not.
        """
        # R9, R12: else a file could carry anything, and two files would be one proof.
        if len(self._used) != len(self._nodes):
            raise VerificationError("the file holds trie nodes that prove nothing")

    def get(self, root: bytes, key: bytes) -> bytes | None:
        """The value at ``key`` in the trie of that root; ``None`` where the trie has none.

        Raises:
            VerificationError: a node on the way is missing or malformed.
        """
        path = key.hex()
        # The empty trie has a root of its own that no node hashes to: the hash of the empty text's RLP.
        node: Any = root if root != EMPTY_ROOT else b""
        while True:
            if isinstance(node, bytes):
                if not node:
                    return None
                node = self._resolve(node)
            if len(node) == _BRANCH:
                if not path:
                    return _value(node[16])
                node, path = node[int(path[0], 16)], path[1:]
                continue
            segment, leaf = _segment(node[0])
            if leaf:
                return _value(node[1]) if segment == path else None
            if not segment or not path.startswith(segment):
                if not segment:
                    raise _malformed()
                return None
            node, path = node[1], path[len(segment) :]

    def _resolve(self, digest: bytes) -> Any:
        found = self._decoded.get(digest)
        if found is not None:
            return found
        data = self._nodes.get(digest)
        # R8: also if it stands in a later record than the first that needs it, which is not read yet.
        if data is None:
            raise VerificationError(
                f"the trie node {hexed(digest)} is missing", hint="the file is incomplete or forged"
            )
        self._used.add(digest)
        try:
            node = decode(data)
        except ValueError:
            raise _malformed() from None
        _check(node)
        # Branches near the root are met for every key; leaves once. Bounded, so that many nodes are not all
        # held twice.
        if len(node) == _BRANCH and len(self._decoded) < _KEPT:
            self._decoded[digest] = node
        return node


def nodes_of(proofs: Iterable[AccountProof]) -> list[bytes]:
    """The trie nodes of some proofs, each once; small ones stand inside those that refer to them."""
    found: dict[bytes, bytes] = {}
    for proof in proofs:
        for node in (*proof.proof, *(node for stored in proof.storage for node in stored.proof)):
            if len(node) >= _HASH:
                found[keccak(node)] = node
    return list(found.values())


def _check(node: Any) -> None:
    """That a node is a branch, or a short node with a path; also of those embedded in it."""
    if not isinstance(node, list) or len(node) not in (_BRANCH, _SHORT):
        raise _malformed()
    children = node[:16] if len(node) == _BRANCH else node[1:]
    for child in children:
        if isinstance(child, list):
            _check(child)
        elif len(node) == _BRANCH and len(child) not in (0, _HASH):
            raise _malformed()
    if len(node) == _SHORT:
        _, leaf = _segment(node[0])
        if not leaf and not isinstance(node[1], list) and len(node[1]) != _HASH:
            raise _malformed()


def _segment(encoded: Any) -> tuple[str, bool]:
    """The hexadecimal digits of a short node's path, and whether it is a leaf (hex-prefix encoding)."""
    if not isinstance(encoded, bytes) or not encoded or encoded[0] >= 0x40:
        raise _malformed()
    flag = encoded[0] >> 4
    digits = encoded.hex()
    if flag & 1:
        return digits[1:], flag >= 2
    if encoded[0] & 0x0F:
        raise _malformed()
    return digits[2:], flag >= 2


def _value(item: Any) -> bytes | None:
    if not isinstance(item, bytes):
        raise _malformed()
    return item or None


def _malformed() -> VerificationError:
    return VerificationError("the trie has a malformed node", hint="the file is damaged or forged")
