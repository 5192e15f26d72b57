"""Country codes: those that exist, and what is said of those that do not."""

from __future__ import annotations

import pytest

from traceledger.cli.parsing import countries as options
from traceledger.errors import InputError
from traceledger.model.countries import exists, meant_by, name_of, require
from traceledger.operations.readers import country

WITHDRAWN = "AN BU CS CT DD DY FQ FX HV JT MI NH NQ NT PC PU PZ RH SU TP VD WK YD YU ZR".split()
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_as_many_as_there_are() -> None:
    found = [first + second for first in LETTERS for second in LETTERS if exists(first + second)]
    assert len(found) == 250  # ISO 3166-1 has 249; XK is a user-assigned code
    assert "XK" in found
    assert name_of("CD").startswith("Congo, Dem")
    assert not [code for code in found if code.startswith("Q") and code != "QA"]


@pytest.mark.parametrize("code", ["FI", "CD", "XK", "GB", "TW"])
def test_codes_that_exist(code: str) -> None:
    assert require(code) == country(code) == code


@pytest.mark.parametrize("code", WITHDRAWN)
def test_withdrawn_codes_name_their_successors(code: str) -> None:
    assert not exists(code)
    assert meant_by(code)
    assert all(map(exists, meant_by(code)))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("UK", ["GB"]),
        ("EL", ["GR"]),
        ("ZR", ["CD"]),
        ("DR", ["CD", "DO"]),
        ("fi", ["FI"]),
        (" FI ", ["FI"]),
        ("COD", ["CD"]),
        ("zmb", ["ZM"]),
        ("Finland", ["FI"]),
        ("Finnland", ["FI"]),
        ("DR Congo", ["CD"]),
        ("congo", ["CD", "CG"]),
        ("United  Kingdom", ["GB"]),
        ("ivory coast", ["CI"]),
        ("ZZ", []),
        ("QM", []),
        ("EU", []),
        ("XX", []),
        ("C", []),
        ("??", []),
        ("Atlantis", []),
    ],
)
def test_what_was_probably_meant(written: str, meant: list[str]) -> None:
    with pytest.raises(InputError, match="not a country code") as caught:
        country(written)
    hint = caught.value.hint
    assert hint.startswith("did you mean") == bool(meant)
    assert [hint.find(f"{code} (") > 0 for code in meant] == [True] * len(meant)


def test_a_policy_that_would_never_match_is_refused() -> None:
    assert options(["deny=CD,zm"], "--origin-country") == {"deny": frozenset({"CD", "ZM"})}
    with pytest.raises(InputError, match="did you mean GB"):
        options(["deny=UK"], "--origin-country")
