"""Ethereum's tries under 32-byte keys: what stands under a key, and the trie after many changes at once.

``trie.HexaryTrie`` takes one change at a time, and decodes, encodes and hashes every node on its path anew
for each. Here the changes of a block go down the trie together, so that each node is made once, and nodes
stay decoded. The roots and the nodes are the same.

Example:
    >>> from traceledger.model.keccak import keccak
    >>> tries = Tries({})
    >>> root, nodes = tries.changed(EMPTY_TRIE_ROOT, {keccak(b"k"): b"value"})
    >>> Tries(nodes).value(root, keccak(b"k"))
    b'value'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple, Protocol, TypeAlias

from lru import LRU

from traceledger.chain.base import EMPTY_TRIE_ROOT
from traceledger.chain.embedded.database import DAMAGE_HINT
from traceledger.chain.rlp import decode, encode
from traceledger.chain.trie import nibbles_of, path_of
from traceledger.errors import VerificationError
from traceledger.model.hexadecimal import hexed
from traceledger.model.keccak import keccak

DECODED_NODES = 20_000
"""How many nodes stay decoded; a full branch takes 1.3 kB, so at most 26 MB."""

_HASH_BYTES = 32
_NO_CHILDREN = (b"",) * 17


class Short(NamedTuple):
    """A node with one way on: nibbles of the path, then a value (a leaf) or what names the next node."""

    path: bytes
    leaf: bool
    end: Any


Node: TypeAlias = "Short | tuple[Any, ...]"
"""A node: a :class:`Short` one, or a branch, which has 16 names of nodes, and an empty value, as no key here
is the beginning of another. A name is a node's hash, or the node itself where that is shorter."""

_Change: TypeAlias = tuple[bytes, bytes]
"""The nibbles of a key, and its value; empty: it is taken out."""


class Nodes(Protocol):
    """The RLP of each node by its Keccak-256 hash."""

    def __getitem__(self, key: bytes, /) -> bytes:
        """A node; ``KeyError``: there is none."""


class Tries:
    """The tries whose nodes are in ``nodes``.

    Args:
        nodes: the RLP of each node by its Keccak-256 hash.
    """

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        # What a hash names never changes: a node stays right, whoever writes, and whatever is taken back.
        self._decoded: LRU[bytes, Node] = LRU(DECODED_NODES)

    def value(self, root: bytes, key: bytes) -> bytes:
        """What stands under a key in the trie of that root; empty if nothing does.

        Raises:
            VerificationError: a node is missing.
        """
        path, at, name = nibbles_of(key), 0, root if root != EMPTY_TRIE_ROOT else b""
        while name:
            node = self._node(name)
            if not isinstance(node, Short):
                name = node[path[at]]
                at += 1
                continue
            end = at + len(node.path)
            if path[at:end] != node.path:
                break
            if node.leaf:
                return bytes(node.end)
            at, name = end, node.end
        return b""

    def changed(self, root: bytes, values: Mapping[bytes, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
        """The trie of that root after changes.

        Args:
            root: the trie's.
            values: by key; empty: what stands under the key is taken out.

        Returns:
            The new root, and the nodes made for it, by hash; some may have been there before.

        Raises:
            VerificationError: a node is missing.
        """
        made: dict[bytes, bytes] = {}
        before = self._node(root) if root != EMPTY_TRIE_ROOT else None
        changes = sorted((nibbles_of(key), value) for key, value in values.items())
        after = _Changing(self, made).changed(before, changes, 0) if changes else before
        if after is None:
            return EMPTY_TRIE_ROOT, {}
        encoded = encode(_raw(after))  # the root has a hash, however short it is
        root = keccak(encoded)
        made[root] = encoded
        self._decoded[root] = after
        return root, made

    def _node(self, name: Any) -> Node:
        """The node of a name that is not empty."""
        if not isinstance(name, bytes):
            return _node_of(name)
        node = self._decoded.get(name)
        if node is None:
            try:
                node = _node_of(decode(self._nodes[name]))
            except KeyError:
                raise VerificationError(
                    f"the chain file lacks a part of the state, the node {hexed(name)}", hint=DAMAGE_HINT
                ) from None
            self._decoded[name] = node
        return node


class _Changing:
    """One change of a trie.

    Args:
        tries: where nodes are read, and stay decoded.
        made: where those made are put, by hash.
    """

    def __init__(self, tries: Tries, made: dict[bytes, bytes]) -> None:
        self._tries = tries
        self._made = made

    def changed(self, node: Node | None, changes: Sequence[_Change], depth: int) -> Node | None:
        """What becomes of a node at ``depth`` nibbles by changes, sorted, of keys that lead to it.

        ``None`` is no node.
        """
        if node is None:
            return self._new([each for each in changes if each[1]], depth)
        if not isinstance(node, Short):
            return self._branch(node, {}, changes, depth)
        if node.leaf:
            there = changes[0][0][:depth] + node.path
            entries = {there: node.end, **dict(changes)}
            return self._new([each for each in sorted(entries.items()) if each[1]], depth)
        return self._extension(node, changes, depth)

    def _new(self, entries: Sequence[_Change], depth: int) -> Node | None:
        """A node over entries alone."""
        if not entries:
            return None
        first, value = entries[0]
        if len(entries) == 1:
            return Short(first[depth:], True, value)
        shared = _shared(first[depth:], entries[-1][0][depth:])
        return self._after(
            first[depth : depth + shared], self._branch(_NO_CHILDREN, {}, entries, depth + shared)
        )

    def _extension(self, node: Short, changes: Sequence[_Change], depth: int) -> Node | None:
        size = len(node.path)
        # What is not there need not be taken out.
        changes = [each for each in changes if each[1] or each[0][depth : depth + size] == node.path]
        if not changes:
            return node
        shared = min(_shared(node.path, changes[end][0][depth:]) for end in (0, -1))
        if shared == size:
            below = self.changed(self._tries._node(node.end), changes, depth + size)
            return None if below is None else self._after(node.path, below)
        children, rest = list(_NO_CHILDREN), node.path[shared + 1 :]
        given: dict[int, Node] = {}
        if rest:
            given[node.path[shared]] = Short(rest, False, node.end)
        else:
            children[node.path[shared]] = node.end
        return self._after(node.path[:shared], self._branch(children, given, changes, depth + shared))

    def _branch(
        self, names: Sequence[Any], given: dict[int, Node], changes: Sequence[_Change], depth: int
    ) -> Node | None:
        """What becomes of a branch; ``given`` are children that have no names yet."""
        children: dict[int, Node | None] = dict(given)
        for nibble, some in groupby(changes, lambda each: each[0][depth]):
            child = given.get(nibble)
            if child is None and names[nibble]:
                child = self._tries._node(names[nibble])
            children[nibble] = self.changed(child, list(some), depth + 1)
        left = [at for at in range(16) if (children[at] if at in children else names[at])]
        if len(left) > 1:
            after = list(names)
            for nibble, child in children.items():
                after[nibble] = b"" if child is None else self._name(child)
            return tuple(after)
        if not left:
            return None
        # A branch with one child is none: the child takes its place.
        return self._after(bytes(left), children.get(left[0]) or self._tries._node(names[left[0]]))

    def _after(self, path: bytes, node: Node | None) -> Node | None:
        """A node to which ``path`` leads."""
        if not path or node is None:
            return node
        if isinstance(node, Short):
            return Short(path + node.path, node.leaf, node.end)
        return Short(path, False, self._name(node))

    def _name(self, node: Node) -> Any:
        """How a parent names a node: by its hash, or by itself where that is shorter."""
        raw = _raw(node)
        encoded = encode(raw)
        # Yellow paper, appendix D: what is shorter than its hash stands in its parent.
        if len(encoded) < _HASH_BYTES:
            return raw
        name = keccak(encoded)
        self._made[name] = encoded
        self._tries._decoded[name] = node
        return name


def _shared(left: bytes, right: bytes) -> int:
    """With how many nibbles both begin."""
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )


def _raw(node: Node) -> list[Any]:
    """A node as the list that RLP encodes."""
    if not isinstance(node, Short):
        return list(node)
    return [path_of(node.path, leaf=node.leaf), node.end]


def _node_of(raw: list[Any]) -> Node:
    """The node that a list is."""
    if len(raw) != 2:
        return tuple(raw)
    path = nibbles_of(raw[0])
    return Short(path[1 if path[0] % 2 else 2 :], path[0] >= 2, raw[1])
