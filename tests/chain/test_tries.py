"""The tries of the embedded chain are those of ``trie.HexaryTrie``: roots, nodes, what stands in them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trie import HexaryTrie

from traceledger.chain.base import EMPTY_TRIE_ROOT
from traceledger.chain.embedded.tries import Tries
from traceledger.errors import VerificationError
from traceledger.model.keccak import keccak

# Few bytes, and many beginnings in common: so that nodes of each kind come, go, split and join; and values
# that fit into their parent's node, as no key of 32 hashed bytes makes them.
_TAILS = st.sampled_from([bytes(28), bytes(27) + b"\x01", b"\x10" + bytes(27), b"\x11" * 28])
_KEYS = st.builds(
    lambda head, tail: head + tail, st.sampled_from([bytes(4), b"\0\0\0\x10", b"\x10\0\0\0"]), _TAILS
)
_CHANGES = st.dictionaries(_KEYS, st.sampled_from([b"", b"", b"\x01", b"a" * 40]), max_size=12)


def _after(root: bytes, nodes: dict[bytes, bytes], changes: dict[bytes, bytes]) -> tuple[bytes, set[bytes]]:
    """The root that ``trie.HexaryTrie`` finds, and the hashes of the nodes that it then has beneath it."""
    trie = HexaryTrie(dict(nodes), root)
    for key, value in changes.items():
        if value:
            trie[key] = value
        else:
            del trie[key]
    fresh = HexaryTrie({}, prune=True)
    for key in (*_all_keys(trie), *changes):
        if value := trie.get(key):
            fresh[key] = value
    assert fresh.root_hash == trie.root_hash
    return trie.root_hash, set(fresh.db) - {EMPTY_TRIE_ROOT}


def _all_keys(trie: HexaryTrie) -> list[bytes]:
    heads = [bytes(4), b"\0\0\0\x10", b"\x10\0\0\0"]
    tails = [bytes(28), bytes(27) + b"\x01", b"\x10" + bytes(27), b"\x11" * 28]
    return [key for head in heads for tail in tails if trie.get(key := head + tail)]


@settings(max_examples=120, deadline=None)
@given(st.lists(_CHANGES, min_size=1, max_size=5))
def test_many_changes_at_once_are_many_changes(rounds: list[dict[bytes, bytes]]) -> None:
    nodes: dict[bytes, bytes] = {}
    tries, root, held = Tries(nodes), EMPTY_TRIE_ROOT, {}
    for changes in rounds:
        expected, beneath = _after(root, nodes, changes)
        root, made = tries.changed(root, changes)
        assert root == expected
        assert set(made) <= beneath
        assert beneath <= set(made) | set(nodes)
        nodes |= made
        held |= changes
        for reader in (tries, Tries(nodes)):
            assert all(reader.value(root, key) == value for key, value in held.items())
            assert reader.value(root, b"\xff" * 32) == b""


def test_hashed_keys_in_blocks() -> None:
    nodes: dict[bytes, bytes] = {}
    theirs, tries, root = HexaryTrie({}), Tries(nodes), EMPTY_TRIE_ROOT
    for block in range(12):
        keys = [keccak(bytes([block, at])) for at in range(150)]
        changes = {key: keccak(key)[: 1 + key[0] % 32] for key in keys}
        changes |= {keccak(bytes([block // 2, at])): b"" for at in range(0, 150, 3)}
        for key, value in changes.items():
            if value:
                theirs[key] = value
            else:
                del theirs[key]
        root, made = tries.changed(root, changes)
        nodes |= made
        assert root == theirs.root_hash
    assert all(keccak(node) == name for name, node in nodes.items())


def test_a_missing_node_is_said() -> None:
    root, nodes = Tries({}).changed(EMPTY_TRIE_ROOT, {keccak(bytes([at])): b"v" * 40 for at in range(40)})
    lost = next(name for name in nodes if name != root)
    del nodes[lost]
    with pytest.raises(VerificationError, match=lost.hex()):
        [Tries(nodes).value(root, keccak(bytes([at]))) for at in range(40)]
