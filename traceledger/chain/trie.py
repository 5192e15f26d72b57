r"""Merkle-Patricia tries that are built at once, as those of a block's transactions and receipts.

Source: Ethereum Yellow Paper, appendix D. Gives what ``trie.HexaryTrie`` gives, many times as fast: that one
writes every node on the way anew for each value that is added, and reads the trie anew for each proof.

Example:
    >>> from traceledger.chain.trie import Trie
    >>> trie = Trie({b"\xab": b"value"})
    >>> [node.hex() for node in trie.path(b"\xab")], trie.path(b"\xcd") == trie.path(b"\xab")
    (['c98220ab8576616c7565'], True)
    >>> ordered_root([]) == EMPTY_TRIE_ROOT, key_of(0), key_of(200)
    (True, b'\x80', b'\x81\xc8')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from traceledger.chain.base import EMPTY_TRIE_ROOT
from traceledger.chain.rlp import encode, integer
from traceledger.model.keccak import keccak

_HASH = 32
_DIGITS = b"0123456789abcdef"
_TO_NIBBLES = bytes.maketrans(_DIGITS, bytes(range(16)))
_TO_DIGITS = bytes.maketrans(bytes(range(16)), _DIGITS)
Entries = list[tuple[bytes, bytes]]
"""Keys, a byte for each of their nibbles, and values."""


class Trie:
    """A trie that holds some values, its root, and what proves that.

    Args:
        values: by key; none is empty, and no key is the beginning of another.
    """

    def __init__(self, values: Mapping[bytes, bytes]) -> None:
        # By the nibbles that lead to it: so those on the way to a key are found under the beginnings of it.
        self._nodes: dict[bytes, bytes] = {}
        self.root = EMPTY_TRIE_ROOT
        if values:
            entries = sorted((nibbles_of(key), value) for key, value in values.items())
            self._nodes[b""] = encoded = encode(self._node(entries, 0))
            self.root = keccak(encoded)

    def path(self, key: bytes) -> list[bytes]:
        """RLP of the nodes that prove what is at ``key``, or that nothing is, from the root on.

        Those that are shorter than their hash stand inside the one before.
        """
        nibbles = nibbles_of(key)
        beginnings = (nibbles[:size] for size in range(len(nibbles) + 1))
        return [self._nodes[each] for each in beginnings if each in self._nodes]

    def _node(self, entries: Entries, depth: int) -> list[Any]:
        """The node over sorted entries whose keys agree in their first ``depth`` nibbles."""
        first, last = entries[0][0], entries[-1][0]
        if len(entries) == 1:
            return [path_of(first[depth:], leaf=True), entries[0][1]]
        shared = depth
        while first[shared] == last[shared]:
            shared += 1
        if shared > depth:
            return [path_of(first[depth:shared], leaf=False), self._reference(entries, shared)]
        branches: list[Entries] = [[] for _ in range(16)]
        for entry in entries:
            branches[entry[0][depth]].append(entry)
        return [*(self._reference(some, depth + 1) if some else b"" for some in branches), b""]

    def _reference(self, entries: Entries, depth: int) -> Any:
        """How a parent names a node: by its hash, or by itself where that is shorter."""
        node = self._node(entries, depth)
        encoded = encode(node)
        # Yellow paper, appendix D: what is shorter than its hash stands in its parent.
        if len(encoded) < _HASH:
            return node
        self._nodes[entries[0][0][:depth]] = encoded
        return keccak(encoded)


def ordered(values: Sequence[bytes]) -> Trie:
    """The trie that holds values under their places, as that of a block's transactions, or receipts."""
    return Trie({key_of(place): value for place, value in enumerate(values)})


def ordered_root(values: Sequence[bytes]) -> bytes:
    """The root of :func:`ordered`, as headers hold it."""
    return ordered(values).root


@lru_cache(maxsize=1_024)
def key_of(place: int) -> bytes:
    """The key of what stands at a place in an ordered trie (docs/proof-format.md, R9)."""
    return encode(integer(place))


def nibbles_of(key: bytes) -> bytes:
    """The nibbles of a key, a byte for each."""
    return key.hex().encode().translate(_TO_NIBBLES)


def path_of(nibbles: bytes, *, leaf: bool) -> bytes:
    """Nibbles packed into bytes, with a mark of the node's kind and of their parity (hex prefix)."""
    odd = len(nibbles) % 2
    marked = bytes([2 * leaf + odd]) + (b"" if odd else b"\0") + nibbles
    # Through hexadecimal digits, which are packed and unpacked in C.
    return bytes.fromhex(marked.translate(_TO_DIGITS).decode())
