"""GS1 keys: whatever notation one comes in, it is one key; what can be none is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.model import gs1
from traceledger.model.gs1 import QUALIFIERS, Key, canonical, check_digit, read, urn

SIGNS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
ALPHAS = {
    **{"01": "gtin", "10": "lot", "21": "ser", "8006": "itip", "00": "sscc", "414": "gln", "254": "glnx"},
    **{"8003": "grai", "8004": "giai", "8017": "gsrnp", "8018": "gsrn", "253": "gdti", "255": "gcn"},
    **{
        "402": "gsin",
        "401": "ginc",
        "8010": "cpid",
        "8011": "cpsn",
        "417": "party",
        "22": "cpv",
        "235": "tpx",
    },
}


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count).filter(lambda text: int(text) > 0)


def text(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(SIGNS, min_size=least, max_size=most)


def closed(value: str) -> str:
    return f"{value}{check_digit(value)}"


def key(
    code: str, value: st.SearchStrategy[str], **qualifiers: st.SearchStrategy[str]
) -> st.SearchStrategy[Key]:
    said = [st.tuples(st.just(name[1:]), content) for name, content in qualifiers.items()]
    return st.tuples(st.tuples(st.just(code), value), st.tuples(*said)).map(lambda both: Key(*both))


GTINS = digits(13).map(closed)
ITIPS = st.tuples(GTINS, st.integers(1, 9)).map(lambda both: f"{both[0]}0{both[1]}09")
KEYS = st.one_of(
    key("01", GTINS),
    key("01", GTINS, _10=text(20)),
    key("01", GTINS, _21=text(20)),
    key("01", GTINS, _235=text(28)),
    key("8006", ITIPS),
    key("8006", ITIPS, _21=text(20)),
    key("00", digits(17).map(closed)),
    key("414", digits(12).map(closed)),
    key("414", digits(12).map(closed), _254=text(20).filter(lambda said: said != "0")),
    key("417", digits(12).map(closed)),
    key("8003", digits(12).map(lambda said: "0" + closed(said))),
    key("8003", st.tuples(digits(12).map(lambda said: "0" + closed(said)), text(16)).map("".join)),
    key("8004", st.tuples(digits(7), text(23)).map("".join)),
    key("8018", digits(17).map(closed)),
    key("8017", digits(17).map(closed)),
    key("253", st.tuples(digits(12).map(closed), text(17)).map("".join)),
    key("255", st.tuples(digits(12).map(closed), digits(12)).map("".join)),
    key("402", digits(16).map(closed)),
    key("401", st.tuples(digits(7), text(23)).map("".join)),
    key("8010", digits(7).map(lambda said: said + "AB-/#1"), _8011=digits(9)),
)
"""Keys of every kind that EPC URNs know."""


@given(KEYS, st.integers(6, 12))
def test_a_key_in_every_notation_is_one_key(one: Key, length: int) -> None:
    assert read(one.link) == one
    said = urn(one, length) if one.primary[0] not in ("8004", "401", "8010") else urn(one, 7)
    assert read(said) == one, said
    assert read("URN:EPC:" + said[8:]) == one
    assert canonical(said) == one.link == canonical(one.link)
    alphas = "".join(f"/{ALPHAS[code]}/{quote(value, safe='')}" for code, value in one.elements)
    assert read(f"HTTP://Shop.Example:8080/de/a/01/b{alphas}/?99=x&10=other#here") == one
    every = "".join(
        f"/{code}/" + "".join(f"%{ord(sign):02x}" for sign in value) for code, value in one.elements
    )
    assert read("https://id.gs1.org" + every) == one
    if not re.search(r"[()]", one.element_string.replace("(", "", 1)):
        assert read(one.element_string) == one


@given(GTINS.map(lambda said: closed("0" + said[1:13])), text(20))
def test_shorter_gtins_are_the_longer_ones(gtin: str, lot: str) -> None:
    short = gtin.lstrip("0")
    length = next(each for each in (8, 12, 13) if each >= len(short))
    assert gs1.gtin(gtin[-length:]) == gtin
    assert (
        canonical(f"https://a.example/01/{gtin[-length:]}/10/{quote(lot, safe='')}")
        == Key(("01", gtin), (("10", lot),)).link
    )


@given(KEYS.filter(lambda one: one.primary[0] not in ("8004", "401", "8010")), st.integers(1, 9))
def test_a_wrong_check_digit_is_refused(one: Key, off: int) -> None:
    code, value = one.primary
    place = {"01": 13, "8006": 13, "00": 17, "8017": 17, "8018": 17, "402": 16, "8003": 13}.get(code, 12)
    wrong = f"{value[:place]}{(int(value[place]) + off) % 10}{value[place + 1 :]}"
    spoilt = Key((code, wrong), one.qualifiers)
    with pytest.raises(InputError, match="check digit"):
        read(spoilt.link)
    with pytest.raises(InputError, match="check digit"):
        read("https://ledger.example/eu" + spoilt.path)


@given(st.text() | st.builds("https://id.gs1.org/{}/{}".format, st.sampled_from([*QUALIFIERS]), st.text()))
def test_any_text_is_a_key_or_none_or_refused_in_a_sentence(said: str) -> None:
    for one in (
        said,
        f"urn:epc:id:{said}",
        f"urn:epc:id:sgtin:{said}",
        f"urn:epc:class:lgtin:4012345.012345.{said}",
    ):
        try:
            found = read(one)
        except InputError as fault:
            assert fault.hint
        else:
            assert found is None or read(found.link) == found


@pytest.mark.parametrize(
    ("said", "link"),
    [
        # Examples of the EPC Tag Data Standard, and of the standards of EPCIS and Digital Links.
        ("urn:epc:id:sgtin:0614141.112345.400", "/01/10614141123459/21/400"),
        ("urn:epc:id:sgln:0614141.12345.0", "/414/0614141123452"),
        ("urn:epc:id:grai:0614141.12345.400", "/8003/00614141123452400"),
        ("urn:epc:id:gdti:987659999999..9", "/253/98765999999929"),
        ("urn:epc:id:pgln:999999999999.", "/417/9999999999994"),
        ("urn:epc:id:giai:0614141.12.345", "/8004/061414112.345"),
        ("urn:epc:id:cpi:0614141.5PQ7%2FZ43.12345", "/8010/06141415PQ7%2FZ43/8011/12345"),
        ("urn:epc:idpat:itip:4012345.012345.01.02.*", "/8006/040123451234560102"),
        ("https://example.com/8013/1987654Ad4X4bL5ttr2310c2K", "/8013/1987654Ad4X4bL5ttr2310c2K"),
        ("https://example.com/x/01/9506000134352/21/S/10/L/22/V", "/01/09506000134352/22/V/10/L/21/S"),
        ("(01)09506000134352(10)A(B)", "/01/09506000134352/10/A%28B%29"),
        ("(01)09506000134352(17)271231(10)L", "/01/09506000134352/10/L"),
    ],
)
def test_examples(said: str, link: str) -> None:
    assert canonical(said) == gs1.RESOLVER + link


@pytest.mark.parametrize(
    "said",
    [
        "KOL-2026-0117",
        "",
        "https://example.com/lots/1",
        "https://example.com/2026/01/15",
        "https://example.com/01/x",
        "https://example.com/401/not-here",
        "https://example.com/01/09506000134352/lots/7",
        "https://[::1",
        "urn:epc:id:gid:95100000.12345.400",
        "urn:epc:idpat:sgtin:0614141.*.*",
        "urn:uuid:00000000-0000-4000-8000-000000000000",
        "(see the list)",
    ],
)
def test_what_is_no_key_is_left_as_it_is(said: str) -> None:
    assert read(said) is None
    assert canonical(said) == said


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("https://id.gs1.org/01/x", "cannot be the value"),
        ("https://example.com/00/106141412345678908/10/L", "not qualified"),
        ("https://example.com/01/09506000134352/235/A/21/B", "not qualified"),
        ("https://example.com/01/09506000134352/10/A/10/B", "twice"),
        ("https://example.com/01/09506000134352/10/" + "9" * 21, "cannot be the value"),
        ("https://example.com/01/09506000134352/10/A%2", "percent sign"),
        ("https://example.com/01/09506000134352/10/%C3%A4", "cannot be the value"),
        ("https://example.com/8013/1987654Ad4X4bL5ttr2310c2X", "check characters"),
        ("https://example.com/8006/095060001343520302", "does not exist"),
        ("https://id.gs1.org/8004/ABC", "company's prefix"),
        ("https://example.com/01/00000000000000", "all zeros"),
        ("urn:epc:class:lgtin:4012345.01234.1", "no LGTIN"),
        ("urn:epc:id:sscc:0614141.1234567890.7", "no SSCC"),
        ("urn:epc:id:sgtin:0614141.112345", "no SGTIN"),
        ("urn:epc:id:sgtin:0614141.112345.", "no SGTIN"),
        ("urn:epc:id:lgtin:0614141.112345.1", "no LGTIN"),
        ("urn:epc:class:sgtin:0614141.112345.1", "no SGTIN"),
        ("urn:epc:id:sgtin:415056789012..1", "no SGTIN"),
    ],
)
def test_what_can_be_no_key_is_refused(said: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read(said)


def test_an_item_is_told_by_its_serial_number_and_a_lot_by_its_own() -> None:
    item, lot = read("https://a.example/01/09506000134352/22/V/10/L/21/S"), read("(01)09506000134352(10)L")
    assert item is not None and lot is not None
    assert item.identity == read("https://a.example/01/9506000134352/21/S")
    assert lot.identity == lot != item.identity
    assert item.kind == lot.kind == Key(("01", "09506000134352"))
    assert item.kind.is_class and not item.is_class and not lot.is_class
    assert item.at("https://ledger.example/") == "https://ledger.example/01/09506000134352/22/V/10/L/21/S"


@pytest.mark.parametrize(
    "name", ["sgtin:0614141.112345", "grai:0614141.12345", "gdti:0614141.12345", "cpi:0614141.A"]
)
def test_a_pattern_of_all_serial_numbers_is_a_class(name: str) -> None:
    every, one = read(f"urn:epc:idpat:{name}.*"), read(f"urn:epc:id:{name}.400")
    assert every is not None and one is not None
    assert every.is_class and not one.is_class
    assert one.kind == every


def test_what_has_no_urn_is_said_to_have_none() -> None:
    for said in ("/8013/1987654Ad4X4bL5ttr2310c2K", "/01/09506000134352/22/V"):
        found = read(gs1.RESOLVER + said)
        assert found is not None
        with pytest.raises(InputError, match="no EPC URN"):
            urn(found, 7)
    with pytest.raises(InputError, match="company prefix"):
        urn(found, 5)


def test_keys_of_published_documents(shared: Path) -> None:
    """Every EPC URN of the documents is a key, and comes back from it as it was."""
    found: set[str] = set()
    for file in sorted((shared / "data/epcis").rglob("*.json*")):
        found |= {
            *re.findall(r'"(urn:epc:(?:id|class|idpat):[^"]+)"', json.dumps(json.loads(file.read_bytes())))
        }
    assert len(found) > 100
    for said in found:
        one = read(said)
        assert one is not None, said
        prefix = said.split(":")[4].partition(".")[0]
        assert urn(one, len(prefix)) == said
