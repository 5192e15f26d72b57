"""JSON that is read: one reader, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from traceledger.errors import InputError
from traceledger.storage.json_text import loads

PACKAGE = Path(__file__).resolve().parents[2] / "traceledger"
OWN = {
    "storage/json_text.py": "the reader itself",
    "proofs/canonical.py": "refuses whatever is not written as it would write it",
    "index/assurance_reader.py": "columns that the index wrote",
    "index/rows.py": "columns that the index wrote",
    "index/step_rows.py": "columns that the index wrote",
    "artifacts/__init__.py": "files of the package",
    "pages/formats.py": "files of the package",
    "pages/map/shapes.py": "files of the package",
}
"""Who reads JSON by other means, and why it may."""


def test_a_document() -> None:
    assert loads('{"a": [1, "é", null], "b": {"a": 1}}') == {"a": [1, "é", None], "b": {"a": 1}}
    assert loads("\N{LATIN SMALL LETTER E WITH ACUTE}".join('""').encode()) == "é"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ('{"a": 1, "a": 1}', "f", "the field 'a' is given twice"),
        ('{"x": {"a": 1, "b": 2, "a": 3}}', "f", "the field 'a' is given twice"),
        ('[{"a": 1},\n {"b": 1,\n  "b": 2}]', "f:3", "the field 'b' is given twice"),
        ('{"é": 1,\n "\\u00e9": 2}', "f", "the field 'é' is given twice"),
        ("{", "f", "not JSON"),
        ('{"a": 1,\n\n,}', "f:3", "not JSON"),
        ('{"a": NaN}', "f", "not JSON"),
        ("[" * 100_000, "f", "not JSON"),
        ("", "f", "not JSON"),
        (b"\xff", "f", "not UTF-8"),
    ],
)
def test_what_is_refused(text: str | bytes, where: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        loads(text, where="f")
    assert what in caught.value.what
    assert caught.value.where == where


def test_nobody_reads_json_in_another_way() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"json\.loads?\(|\bfrom_json\(|model_validate_json|JSONDecoder", path.read_text("utf-8"))
    }
    assert found == set(OWN)
