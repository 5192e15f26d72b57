"""Rows of spreadsheets as operations: what joins them, what is refused and where; exports and mappings."""

from __future__ import annotations

from pathlib import Path

import pytest

from traceledger.errors import InputError
from traceledger.interop.asked import Asked
from traceledger.interop.reading import source_of
from traceledger.interop.sheets.mapping import load, parse
from traceledger.operations.file import Unsound
from traceledger.sending.lines import Source

ERP = """\
Produktion Januar;;;;;
;;;;;
Charge;Menge;Werk;Datum;Status;Notiz
0012345678901234567;18250,5;Werk 1;21.01.2026;frei;x
KOL-2;9000,25;Werk 2;22.01.2026;frei;
KOL-3;9000,25;Werk 2;22.01.2026;storniert;
"""
MAPPING = """
decimal = "comma"
as = "katanga"
[[sheet]]
operation = "mint"
headings = 3
others = "ignore"
[sheet.columns]
"Charge" = "batch"
"Menge" = "mass"
"Werk" = "facility"
"Datum" = "at"
[sheet.units]
mass = "kg"
[sheet.constants]
material = "cobalt-hydroxide"
origin = "mined"
[sheet.values.facility]
"Werk 1" = "kolwezi-pit-4"
[sheet.ignore]
"Status" = ["storniert"]
"""


def read(text: str, operation: str = "", **asked: str) -> Source:
    return source_of(text.encode(), Asked(operation=operation, **asked), name="x.csv")  # type: ignore[arg-type]


def faults(source: Source) -> dict[str, str]:
    """What is wrong, by where."""
    unsound = [line for line in source.lines if isinstance(line, Unsound)]
    found = [fault for line in unsound for fault in line.faults]
    return {str(fault.where).removeprefix("x.csv: "): fault.what for fault in found}


def test_an_export_is_read_by_a_mapping_without_being_touched(tmp_path: Path) -> None:
    path = tmp_path / "erp.toml"
    path.write_text(MAPPING, "utf-8")
    source = source_of(ERP.encode("cp1252"), Asked(mapping=path), name="export.csv")
    common = {"op": "mint", "material": "cobalt-hydroxide", "origin": "mined", "as": "katanga"}
    assert source.documents == [
        {
            **common,
            "batch": "0012345678901234567",
            "mass": "18250.5 kg",
            "facility": "kolwezi-pit-4",
            "at": "2026-01-21T00:00:00Z",
        },
        {
            **common,
            "batch": "KOL-2",
            "mass": "9000.25 kg",
            "facility": "Werk 2",
            "at": "2026-01-22T00:00:00Z",
        },
    ]
    assert source.options == ("--mapping", str(path))
    strict = parse(MAPPING.replace('others = "ignore"\n', ""))
    found = source_of(ERP.encode(), Asked(mapping=strict), name="x.csv")
    assert faults(found) == {
        "E3": "mint has no column 'Status'",
        "F3": "mint has no column 'Notiz'",
    }


@pytest.mark.parametrize(
    ("line", "instead", "where", "what"),
    [
        ('operation = "mint"', 'operation = "mnt"', "5: sheet 1.operation", "there is no operation 'mnt'"),
        ("headings = 3", "headings = 0", "6: sheet 1.headings", "this is not the number of a row"),
        ('"Menge" = "mass"', '"Menge" = "mas"', "10: sheet 1.columns.Menge", "mint has no column 'mas'"),
        ('mass = "kg"', "mass = 3", "14: sheet 1.units.mass", "this is not text"),
        ('decimal = "comma"', 'decimal = "komma"', "2: decimal", "'komma' is none of point, comma"),
        ('as = "katanga"', 'who = "katanga"', "3: who", "there is no key 'who'"),
        ("[[sheet]]", "[sheet", "", "this is not TOML: Expected ']' at the end of a table declaration"),
    ],
)  # fmt: skip
def test_a_fault_in_a_mapping_names_its_line_and_key(
    tmp_path: Path, line: str, instead: str, where: str, what: str
) -> None:
    path = tmp_path / "erp.toml"
    path.write_text(MAPPING.replace(line, instead), "utf-8")
    with pytest.raises(InputError) as refused:
        load(path)
    assert str(refused.value.where) == (f"{path}:{where}" if where else str(path))
    assert refused.value.what.startswith(what)


def test_rows_of_one_key_are_lines_of_one_operation() -> None:
    split = "op,as,batch,into.batch,into.mass (t),at\n"
    rows = ["split,a,L,A,1,2026-01-01", "split,a,L,B,1,2026-01-01", "split,a,L,C,1,2026-01-02"]
    first, second = read(split + "\n".join(rows)).documents
    assert [child["batch"] for child in first["into"]] == ["A", "B"]
    assert [child["batch"] for child in second["into"]] == ["C"]
    hot = "batch,emissions.scope1 (t),reason,at,as,evidence.uri,evidence.sha256\n"
    told = f"L,1,x,2026-01-01,a,u,{'5a' * 32}\n,,,,,v,{'5b' * 32}\n"
    (added,) = read(hot + told, "add_emissions").documents
    assert [paper["uri"] for paper in added["evidence"]] == ["u", "v"]
    (ship,) = read("shipment,lots,to,at,as\nS,A; B,b,2026-01-01,a\nS,C,b,2026-01-01,a\n", "ship").documents
    assert ship["batches"] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("operation", "text", "expected"),
    [
        (
            "mint",
            "batch,material,facility,mass (kg),unit,origin,at,as,Foo\nL,m,f,3,t,mined,2026-01-01,a,\n",
            {"D2 (mass (kg))": "the heading says kg, the unit beside it t"},
        ),
        (
            "ship",
            'shipment,lots,to,at,as\nS,"A, B",b,2026-01-01,a\n',
            {"B2 (lots)": "whether 'A, B' is one name or several cannot be told"},
        ),
        (
            "transform",
            "transformation,facility,process,Co (kg),at\nR,f,p,3,2026-01-01\n",
            {
                "D1": "the heading 'Co (kg)' may mean several columns",
                "row 1": "nothing lists the outputs of transform",
            },
        ),
        (
            "receive",
            "shipment,lots.batch,answer,lots.mass (t),at,as\nb/S,A,received,,2026-01-01,a\n"
            "b/S,A,refused,,2026-01-01,a\nb/S,B,refused,3,2026-01-01,a\n",
            {"row 3": "'A' is listed twice", "row 4": "a lot that is refused has no amounts"},
        ),
        (
            "",
            "op,batch,at,as\nretire,L,2026-01-01,a\nretyre,M,2026-01-01,a\n,N,2026-01-01,a\n",
            {"A3": "there is no operation 'retyre'", "A4": "this row does not say its operation"},
        ),
        ("", "lot;kg\nA;1\n", {"x.csv": "nothing says which operation the rows of this sheet are"}),
    ],
)
def test_what_may_mean_two_things_is_refused(operation: str, text: str, expected: dict[str, str]) -> None:
    found = faults(read(text, operation))
    assert {where: what for where, what in found.items() if where in expected} == expected


MINTS = "batch,material,facility,mass,unit,substances.Co,origin,at,as\n"


def test_a_mistake_is_told_once_at_the_cell_where_it_is_mended() -> None:
    found = read(
        f"{MINTS}FEB-01,m,f,10,ton,3,mined,2026-01-01,a\n"
        "FEB-02,m,f,10,t,30,mined,2026-01-01,a\n"
        "FEB-03,m,f,x,ton,3,mined,2026-01-01,a\n"
        'FEB-04,m,f,"17.5O0,0",t,3,mined,2026-01-01,a\n',
        "mint",
        decimal="comma",
    )
    unit = "the unit 'ton' is none of the metric system, or not for everybody"
    assert faults(found) == {
        "E2 (unit)": unit,
        "F3 (substances.Co)": "30 t of substances cannot be in a batch of 10 t",
        "D4 (mass)": "'x' is not a number",
        "E4 (unit)": unit,
        "D5 (mass)": "'17.5O0,0' has a decimal point, and this file was said to have commas",
    }
    # A series of lots is called so; one lot among others may have been made a day.
    assert len(found.warnings) == 1


def test_columns_that_are_missing_are_told_once_and_not_for_each_row() -> None:
    found = faults(
        read("batch,material,mass (t),origin,at\n" + "L,m,1,mined,2026-01-01\n" * 3, "mint", act_as="a")
    )
    assert found == {"row 1": "the column 'Site' is missing, which mint needs"}
    found = faults(read("transformation,facility,process,at,as\nR,f,p,2026-01-01,a\n", "transform.inputs"))
    assert set(found.values()) == {"the column 'Lot taken' is missing, which transform needs"} | {
        f"transform has no column {name!r}" for name in ("facility", "process", "at")
    }
