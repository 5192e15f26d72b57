"""What is read of CSV files in the dialects and encodings that programs write, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceledger.errors import InputError
from traceledger.interop.sheets.grid import Kind, read

TABLE = [
    ["batch", "mass (t), wet", "note; free"],
    ["KOL-1", "24,5", 'a "good" one'],
    ["KOL-2", "3,75", "two\nlines; and more, still"],
    ["0042", "1.234,5", "Zürich"],
]


def written(table: list[list[str]], delimiter: str, end: str = "\r\n") -> str:
    def cell(text: str) -> str:
        if any(each in text for each in (delimiter, '"', "\n", "\r")):
            return '"' + text.replace('"', '""') + '"'
        return text

    return "".join(delimiter.join(map(cell, row)) + end for row in table)


def shown(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row] for row in read(content, "lots.csv").sheets[0].rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_dialect_in_every_encoding_is_the_same_table(delimiter: str, encoding: str) -> None:
    book = read(written(TABLE, delimiter).encode(encoding), "lots.csv")
    assert [[cell.text for cell in row] for row in book.sheets[0].rows] == TABLE
    assert not book.sheets[0].faults()
    assert [row.line for row in book.sheets[0].rows] == [1, 2, 3, 5]
    warned = [warning.sentence for warning in book.warnings]
    assert bool(warned) == (encoding == "cp1252")
    assert all(each.startswith("lots.csv: C4: ") and "'Zürich'" in each for each in warned)


def test_lines_that_are_blank_or_say_the_delimiter_are_no_rows() -> None:
    rows = read(b'sep=;\r\na;b,c\r\n;\r\n\r\n\xc2\xa0;\r\n1;"2"\r\n', "lots.csv").sheets[0].rows
    assert [(row.number, row.line, [cell.text for cell in row]) for row in rows] == [
        (1, 2, ["a", "b,c"]),
        (5, 6, ["1", "2"]),
    ]
    quoted = shown(b'batch,mass\n="0042",24 t\n=1+1,#N/A\n########,x\n')
    assert quoted[1] == ["0042", "24 t"]
    kinds = [
        cell.kind for row in read(b"batch,mass\n=1+1,#N/A\n###,x\n", "a.csv").sheets[0].rows for cell in row
    ]
    assert kinds[2:5] == [Kind.UNCALCULATED, Kind.ERROR, Kind.ERROR]


def test_ragged_rows_are_named_and_titles_are_not() -> None:
    sheet = read(b"Export of January\na,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n", "lots.csv").sheets[0]
    assert [fault.sentence.partition(" (")[0] for fault in sheet.faults(2)] == [
        "lots.csv: row 4: this row, on line 4, has 2 cells and most have 3",
        "lots.csv: row 5: this row, on line 5, has 4 cells and most have 3",
    ]


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b'{"op":"mint"}\n', "operations file"),
        (OLE + b"Workbook", "old kind (.xls)"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04nothing", "damaged"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<table>", "web page"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "web page"),
        (
            b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "Excel 2003",
        ),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"%PDF-1.7\n", "document, picture or archive"),
        (b"a;b\n\0\x01\x02;2\n", "neither a workbook nor CSV"),
        (b"a,b\n\xff\xfe\x81,2\n", "cannot be told"),
        ("a,b\nZürich,2\n".encode() + "Genève,3\n".encode("cp1252"), "line 3 is in another encoding"),
        ("批次;质量\n钴;1\n".encode("gb18030"), "cannot be told"),
        (b'a;b\n1;2\n"3;4\n5;6\n', "on line 3"),
        (b"a;b,c\n1;2,3\n", "both semicolon and comma"),
        (b"a,b\n" + b"\n" * 100_001 + b"1,2\n", "more than 100000 rows"),
        (b"a;" * 1_001 + b"\n", "1000 columns"),
        (b"a" * 50_000_001, "more than 50 MB"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read(content, "lots.csv")
    assert said in str(refused.value)
    assert refused.value.hint


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=4), min_size=1, max_size=6),
    st.sampled_from(",;\t"),
    st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252")),
    st.binary(max_size=12),
    st.integers(0, 200),
)
def test_any_bytes_are_a_table_or_a_sentence(
    table: list[list[str]], delimiter: str, encoding: str, junk: bytes, at: int
) -> None:
    sound = written(table, delimiter).encode(encoding, "replace")
    for content in (sound, junk, sound[:at] + junk + sound[at:]):
        try:
            sheets = read(content, "lots.csv").sheets
        except InputError as error:
            assert error.hint or error.where
        else:
            assert all(cell.place().spot for sheet in sheets for row in sheet.rows for cell in row)
