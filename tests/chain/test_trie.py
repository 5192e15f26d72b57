"""Our tries are those of the library ``trie``: roots, and what proves that a key is there, or is not."""

from __future__ import annotations

import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from trie.hexary import HexaryTrie

from traceledger.chain.trie import Trie
from traceledger.model.keccak import keccak
from traceledger.proofs.tries import Nodes

KEYS = st.lists(st.binary(min_size=2, max_size=2), max_size=40, unique=True)


@given(KEYS, st.integers(1, 40), st.binary(min_size=2, max_size=2))
@example([b"\x10\x00", b"\x10\x01", b"\x10\x11"], 1, b"\x10\x02")
@example([], 1, b"\x10\x02")
def test_it_gives_what_the_library_gives(keys: list[bytes], size: int, other: bytes) -> None:
    theirs = HexaryTrie({})
    for key in keys:
        theirs[key] = key * size
    ours = Trie({key: key * size for key in keys})
    assert ours.root == theirs.root_hash
    for key in (*keys, other):
        path = [rlp.encode(node) for node in theirs.get_proof(key) if node]  # type: ignore[no-untyped-call]
        assert ours.path(key) == [node for node in path if len(node) >= 32 or keccak(node) == ours.root]
        found = Nodes(ours.path(key)).get(ours.root, key)
        assert found == (key * size if key in keys else None)
