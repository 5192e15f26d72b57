"""Our decoder of RLP says what the library ``rlp`` says, of good and of bad bytes."""

from __future__ import annotations

from typing import Any

import pytest
import rlp
from hypothesis import example, given
from hypothesis import strategies as st
from rlp.exceptions import RLPException

from traceledger.chain.rlp import decode, encode

ITEMS: st.SearchStrategy[Any] = st.recursive(
    st.binary(max_size=80), lambda inner: st.lists(inner, max_size=20), max_leaves=30
)


@given(ITEMS)
def test_what_is_encoded_is_decoded(item: Any) -> None:
    assert decode(encode(item)) == item


def outcome(data: bytes) -> Any:
    try:
        return rlp.decode(data)
    except RLPException:
        return None


@given(st.binary(max_size=90))
@example(b"")
@example(b"\x81\x7f")
@example(b"\x81\x80")
@example(b"\x80")
@example(b"\xb8\x01\xff")
@example(b"\xb8\x38" + bytes(56))
@example(b"\xb9\x00\x38" + bytes(56))
@example(b"\xf8\x38" + b"\x80" * 56)
@example(b"\xf8\x37" + b"\x80" * 55)
@example(b"\xc1")
@example(b"\xc2\x81\x00")
@example(b"\xc0\xc0")
@example(b"\xbf" + b"\xff" * 8)
@example(b"\xff" + b"\xff" * 8)
@example(b"\xb8")
def test_bytes_are_judged_alike(data: bytes) -> None:
    expected = outcome(data)
    if expected is None:
        with pytest.raises(ValueError, match="RLP"):
            decode(data)
    else:
        assert decode(data) == expected


@given(ITEMS, st.data())
def test_damaged_bytes_are_judged_alike(item: Any, data: st.DataObject) -> None:
    whole = bytearray(encode(item))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] = data.draw(st.integers(0, 255))
    test_bytes_are_judged_alike.hypothesis.inner_test(bytes(whole))  # type: ignore[attr-defined]


def test_deep_nesting_is_refused() -> None:
    item: Any = b""
    for _ in range(40):
        item = [item]
    with pytest.raises(ValueError, match="nests too deeply"):
        decode(encode(item))
    with pytest.raises(ValueError, match="RLP"):
        decode(b"\xf8\xff" * 10_000)
