"""Commitments to private texts: what opens them, and what does not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.events.private import is_concealed
from traceledger.model.commitments import (
    GROUPS,
    PREFIX,
    FieldKind,
    Opening,
    abbreviated,
    concealed_evidence,
    evidence_of,
    evidence_text,
    is_commitment,
    new_opening,
    opens,
    parse_opening,
)
from traceledger.model.evidence import Evidence

DOCS = Path(__file__).resolve().parents[2] / "docs"
KINDS = st.sampled_from(list(FieldKind))
OWNERS = st.binary(min_size=20, max_size=20)
TEXTS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=80)


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    kind, owner = draw(KINDS), draw(OWNERS)
    text = draw(TEXTS)
    if kind is FieldKind.EVIDENCE:
        text = evidence_text(Evidence(text, draw(st.binary(min_size=32, max_size=32))))
    return Opening(kind, owner, draw(st.binary(min_size=32, max_size=32)), text)


def test_the_encoding_is_the_documented_one() -> None:
    """Known answer, computed apart from the code under test: prefix, kind, colon, owner, salt, text."""
    opening = Opening(FieldKind.BATCH, bytes(range(20)), bytes(range(32)), "KOL-1 é")
    message = b"urn:traceledger:private:1:batch:" + bytes(range(20)) + bytes(range(32)) + "KOL-1 é".encode()
    assert opening.commitment == "urn:traceledger:private:1:" + hashlib.sha256(message).hexdigest()
    assert opening.digest.hex() == "989728afce65d229568dba3df5bbdd7f34c41b769ba42299d9c1d683c1c43b94"


@given(openings())
def test_it_opens_its_commitment_and_survives_json(opening: Opening) -> None:
    assert is_commitment(opening.commitment)
    assert opens(opening, opening.kind, opening.owner, opening.commitment)
    assert parse_opening(opening.to_dict()) == opening
    assert len(opening.commitment.encode()) <= 256, "the contracts' limit of an identifier"


@given(openings(), openings())
def test_nothing_else_opens_it(one: Opening, other: Opening) -> None:
    assume(one != other)
    assert not opens(other, one.kind, one.owner, one.commitment)
    for changed in (
        replace(one, owner=other.owner),
        replace(one, salt=other.salt),
        replace(one, text=other.text),
        replace(one, kind=other.kind),
    ):
        assert (changed.commitment == one.commitment) is (changed == one)


@given(KINDS, OWNERS, TEXTS)
def test_a_text_committed_to_twice_shows_no_likeness(kind: FieldKind, owner: bytes, text: str) -> None:
    assert new_opening(kind, owner, text).commitment != new_opening(kind, owner, text).commitment


@given(TEXTS, st.binary(min_size=32, max_size=32))
def test_evidence_is_one_text_and_back(uri: str, sha256: bytes) -> None:
    evidence = Evidence(uri, sha256)
    assert evidence_of(evidence_text(evidence)) == evidence
    hidden = concealed_evidence(new_opening(FieldKind.EVIDENCE, bytes(20), evidence_text(evidence)))
    assert is_concealed(hidden)
    assert not is_concealed(Evidence(hidden.uri, sha256))


@pytest.mark.parametrize(
    "text",
    ["", "KOL-1", PREFIX, PREFIX + "0" * 63, PREFIX + "A" * 64, PREFIX + "0" * 65, " " + PREFIX + "0" * 64],
)
def test_other_texts_are_no_commitments(text: str) -> None:
    assert not is_commitment(text)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"kind": "colour"}, "kind"),
        ({"kind": ["batch"]}, "kind"),
        ({"kind": None}, "kind"),
        ({"owner": "0x00"}, "owner"),
        ({"owner": 5}, "owner"),
        ({"salt": "0x" + "00" * 31}, "salt"),
        ({"salt": "0X" + "00" * 32}, "salt"),
        ({"text": ""}, "text"),
        ({"text": "a\x1b[31mb"}, "text"),
        ({"text": "a" * 4097}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"kind": "evidence", "text": "https://a.example/x.pdf"}, "text"),
    ],
)
def test_openings_that_are_not_understood(change: dict[str, object], where: str) -> None:
    document = new_opening(FieldKind.BATCH, bytes(20), "KOL-1").to_dict() | change
    with pytest.raises(InputError) as caught:
        parse_opening(document)
    assert caught.value.where == where


@pytest.mark.parametrize("document", [None, [], "x", 7])
def test_an_opening_is_an_object(document: object) -> None:
    with pytest.raises(InputError):
        parse_opening(document)


def test_every_kind_can_be_withheld_by_one_word() -> None:
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(FieldKind)


def test_commitments_are_shortened_for_people() -> None:
    text = f"s-1/{PREFIX}{'0123456789abcdef' * 4} lost"
    assert abbreviated(text) == "s-1/private:01234567… lost"
    assert abbreviated("katanga/KOL-1") == "katanga/KOL-1"


def test_the_pages_name_every_kind() -> None:
    """Others verify proofs and open commitments by these pages alone."""
    page = (DOCS / "proof-format.md").read_text("utf-8")
    table = page.split("**R15.**")[1].split("\n\n")[1]
    assert _kinds(row.split("|")[1] for row in table.splitlines()[2:]) == [*map(str, FieldKind)]
    page = (DOCS / "privacy.md").read_text("utf-8")
    assert _kinds([page.split("`kind` is ")[1].split(";")[0]]) == [*map(str, FieldKind)]
    said = page.split("`names` are those of")[1].split(".")[0]
    assert {"names", *_kinds([said])} == set(GROUPS)


def _kinds(texts: Iterable[str]) -> list[str]:
    return [kind for text in texts for kind in re.findall("`([a-z_]+)`", text)]
