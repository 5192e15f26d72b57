"""Identifiers of others as things of the ledger, by master data and by what the ledger itself says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.index.support import indexed
from tests.interop.named_lots import KNOWN, LOTS, named_lots
from tests.model.test_gs1 import KEYS
from traceledger.errors import InputError
from traceledger.index import Index
from traceledger.interop.directory import Directory
from traceledger.model import gs1
from traceledger.model.batches import Batch, BatchState
from traceledger.model.gs1 import Key
from traceledger.model.registry import Facility, Material, Participant, ParticipantState


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(tmp_path_factory.mktemp("called") / "i.db", named_lots())


@pytest.fixture(scope="module")
def directory(index: Index) -> Directory:
    return Directory(index, KNOWN)


@pytest.mark.parametrize(
    ("identifier", "place"),
    [
        ("https://id.gs1.org/01/06400001000018/10/COS%2F89", 1),
        ("urn:epc:class:lgtin:6400001.000001.COS%2F89", 1),
        ("urn:epc:id:sgtin:6400001.000001.7", 2),
        ("https://a.example/01/6400001000018/10/L/21/7", 2),
        ("https://a.example/sscc/164000012345678904", 3),
        ("https://a.example/8004/6400001TRUCK-9", 5),
        ("urn:traceledger:batch:firm-0:PLAIN-1", 6),
        ("urn:epc:class:lgtin:6400001.000002.P1", 6),
        ("urn:uuid:4ad2c9b9-7f7f-4a51-9d1e-6f2f6d8c4a10", 7),
    ],
)
def test_batches(directory: Directory, index: Index, identifier: str, place: int) -> None:
    assert directory.batch(identifier) == f"firm-0/{LOTS[place]}"
    found = directory.recorded_batch(identifier)
    assert found is not None and found.identifier == LOTS[place]


def test_what_is_not_known_is_none(directory: Directory) -> None:
    for said in (
        "https://id.gs1.org/01/06400001000018/10/COS",
        "urn:uuid:0",
        "PLAIN-2",
        "urn:epc:id:gid:1.2.3",
    ):
        assert directory.batch(said) is None
        assert directory.recorded_batch(said) is None
    assert directory.batch("urn:epc:class:lgtin:6400001.000002.P2") == "firm-0/NOT-YET"
    assert directory.recorded_batch("urn:epc:class:lgtin:6400001.000002.P2") is None
    assert directory.participant("urn:gln:4012345000009") is None
    assert directory.facility("https://id.gs1.org/414/4012345000009") is None
    assert directory.material("urn:gtin:4012345000009") is None
    assert directory.unit_mass_mg("salt") is None


def test_a_lot_that_two_made_is_named_twice(index: Index) -> None:
    with pytest.raises(InputError, match=r"firm-0/urn.*firm-1/urn"):
        Directory(index).batch("https://id.gs1.org/01/06400001000018/10/COS-88")


def test_companies_sites_and_materials(directory: Directory) -> None:
    assert directory.participant("urn:traceledger:participant:firm-1") == "firm-1"
    assert directory.participant("urn:epc:id:pgln:6400001.00000") == "firm-0"
    assert directory.facility("urn:epc:id:sgln:6400001.00002.7") == "firm-0/firm-0-plant"
    assert directory.facility("urn:traceledger:facility:firm-1:firm-1-mine") == "firm-1/firm-1-mine"
    assert directory.material("https://id.gs1.org/01/06400001000018/21/9") == "salt"
    assert directory.material("urn:traceledger:material:ore") == "ore"
    assert directory.material("urn:traceledger:batch:firm-0:PLAIN-1") == "ore"
    with pytest.raises(InputError, match="names no batch"):
        directory.batch("urn:traceledger:batch:firm-0")


def test_what_others_call_them(directory: Directory) -> None:
    assert directory.company_ids("firm-0") == (
        "urn:epc:id:pgln:6400001.00000",
        "urn:bpn:id:BPNL00000000KOK1",
        "urn:traceledger:participant:firm-0",
    )
    assert directory.company_ids("firm-1") == ("urn:traceledger:participant:firm-1",)
    assert directory.site_ids("firm-0/firm-0-plant")[0] == "urn:epc:id:sgln:6400001.00002.0"
    assert directory.site_id("firm-0/firm-0-plant", "bpns") is None
    assert directory.company_id("firm-0", "bpnl") == "BPNL00000000KOK1"
    assert directory.product_ids("salt") == (
        "urn:gtin:06400001000018",
        "urn:pact:product:customcode:vendor-assigned:S%201",
        "urn:traceledger:material:salt",
    )


class _One:
    """A ledger of one batch, found as the index finds it."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def participants(self) -> list[Participant]:
        return [Participant(self._batch.creator, "maker", "Maker", "FI", (), ParticipantState.ACTIVE)]

    def participant(self, slug: str) -> Participant | None:
        return self.participants()[0] if slug == "maker" else None

    def participant_at(self, address: bytes) -> Participant | None:
        return self.participants()[0]

    def facilities(self, participant: bytes | None = None) -> list[Facility]:
        return []

    def material(self, slug: str) -> Material | None:
        return None

    def material_by_id(self, material: int) -> Material | None:
        return None

    def batch(self, batch: int) -> Batch | None:
        return self._batch

    def batches_called(self, part: str) -> list[Batch]:
        name = self._batch.identifier
        return [self._batch] if part in name or "%" in name else []


@given(KEYS, st.integers(6, 12), st.booleans())
def test_a_batch_is_found_whichever_notation_its_name_is_in(one: Key, length: int, short: bool) -> None:
    length = 7 if one.primary[0] in ("8004", "401", "8010") else length
    gtin = one.primary[1].lstrip("0") if one.primary[0] == "01" and short else ""
    names = [one.link, "https://a.example/x" + one.path + "?y=1", gs1.urn(one, length), one.element_string]
    if len(gtin) in (8, 12, 13):
        names.append("https://a.example" + one.path.replace(one.primary[1], gtin, 1))
    for name in names:
        if gs1.read(name) != one:
            # Brackets in a serial number make an element string say something else.
            continue
        batch = Batch(1, b"a" * 20, name, 1, 1, b"a" * 20, BatchState.ACTIVE, 1, 0, 0, 0)
        for asked in names[:3]:
            assert Directory(_One(batch)).batch(asked) == f"maker/{name}", (asked, name)
