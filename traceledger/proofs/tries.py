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
_NIBBLE = {digit: number for number, digit in enumerate("0123456789abcdef")}
_HASHES, _HASHES_OR_NOTHING = frozenset({_HASH}), frozenset({0, _HASH})
_NOTHING_EMBEDDED = {bytes}


class Nodes:
    """Trie nodes by their hashes.

    Args:
        nodes: RLP of nodes, none twice.

    Raises:
        VerificationError: a node is given twice.
    """

    def __init__(self, nodes: Iterable[bytes] = ()) -> None:
        # One that was needed stands in a tuple: a table of those besides would take as much as this one.
        self._nodes: dict[bytes, bytes | tuple[bytes]] = {}
        self._unused = 0
        # The last root and key (in digits), and the nodes on the way, each with how many digits lead there.
        self._asked: tuple[bytes, str] = (b"", "")
        self._way: list[tuple[int, Any]] = []
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
            self._unused += 1

    def __len__(self) -> int:
        return len(self._nodes)

    def require_all_used(self) -> None:
        """That every node was needed.

        Raises:
            VerificationError: one was not.
        """
        # R9, R12: else a file could carry anything, and two files would be one proof.
        if self._unused:
            raise VerificationError("the file holds trie nodes that prove nothing")

    def clear(self) -> None:
        """Let go of all nodes."""
        self._nodes.clear()
        self._way.clear()

    def get(self, root: bytes, key: bytes) -> bytes | None:
        """The value at ``key`` in the trie of that root; ``None`` where the trie has none.

        Raises:
            VerificationError: a node on the way is missing or malformed.
        """
        path = key.hex()
        at, node = self._shared_with_last(root, path)
        while True:
            if isinstance(node, bytes):
                if not node:
                    return None
                node = self._resolve(node)
                self._way.append((at, node))
            if len(node) == _BRANCH:
                if at == len(path):
                    return _value(node[16])
                node, at = node[_NIBBLE[path[at]]], at + 1
                continue
            segment, leaf, child = node
            if leaf:
                return _value(child) if segment == path[at:] else None
            if not segment:
                raise _malformed()
            if not path.startswith(segment, at):
                return None
            node, at = child, at + len(segment)

    def _shared_with_last(self, root: bytes, path: str) -> tuple[int, Any]:
        """Where the way to a key leaves that to the last one: who asks in their order decodes nodes once."""
        (last_root, last), self._asked = self._asked, (root, path)
        way = self._way
        if last_root != root:
            way.clear()
        while way and not path.startswith(last[: way[-1][0]]):
            way.pop()
        if way:
            return way[-1]
        # The empty trie has a root of its own that no node hashes to: the hash of the empty text's RLP.
        return 0, root if root != EMPTY_ROOT else b""

    def _resolve(self, digest: bytes) -> Any:
        data = self._nodes.get(digest)
        # R8: also if it stands in a later record than the first that needs it, which is not read yet.
        if data is None:
            raise VerificationError(
                f"the trie node {hexed(digest)} is missing", hint="the file is incomplete or forged"
            )
        if isinstance(data, tuple):
            (data,) = data
        else:
            self._nodes[digest] = (data,)
            self._unused -= 1
        try:
            return _read(decode(data))
        except ValueError:
            raise _malformed() from None


def nodes_of(proofs: Iterable[AccountProof]) -> list[bytes]:
    """The trie nodes of some proofs, each once; small ones stand inside those that refer to them."""
    found: dict[bytes, bytes] = {}
    for proof in proofs:
        for node in (*proof.proof, *(node for stored in proof.storage for node in stored.proof)):
            if len(node) >= _HASH:
                found[keccak(node)] = node
    return list(found.values())


def _read(node: Any) -> Any:
    """A node as it is looked up in: a branch as it is, of a short node its digits, whether a leaf, and child.

    So are the nodes embedded in it.
    """
    if not isinstance(node, list) or len(node) not in (_BRANCH, _SHORT):
        raise _malformed()
    if len(node) == _SHORT:
        segment, leaf = _segment(node[0])
        return segment, leaf, node[1] if leaf else _child(node[1], _HASHES)
    # Nearly all branches have nothing but hashes.
    if set(map(type, node)) == _NOTHING_EMBEDDED and set(map(len, node[:16])) <= _HASHES_OR_NOTHING:
        return node
    return [*(_child(child, _HASHES_OR_NOTHING) for child in node[:16]), node[16]]


def _child(child: Any, sizes: frozenset[int]) -> Any:
    if isinstance(child, list):
        return _read(child)
    if len(child) not in sizes:
        raise _malformed()
    return child


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
