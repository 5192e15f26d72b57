"""The document of a laid out lineage: bounded slices that together are the whole, and its marks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.pages.lineages import document_of, supply_chain
from traceledger.pages.graph.reading import WAYS, picture
from traceledger.pages.graph.slices import BOXES, LINES, Drawing
from traceledger.pages.graph.values import Item


def _row(name: str, parents: list[int], **more: Any) -> dict[str, Any]:
    items = [Item(name, (0, 0))]
    return document_of(items)["batches"][0] | {"parents": parents, "made_by": "mining"} | more


def _lineage(*rows: dict[str, Any], runs: int = 0) -> dict[str, Any]:
    numbered = [row | {"id": f"0x{place:064x}"} for place, row in enumerate(rows)]
    named = [{"run": f"p/RUN-{each}", "process": "refining"} for each in range(runs)]
    return document_of([Item("p/x", (0, 0))]) | {
        "batches": numbered,
        "runs": named,
        "batch": rows[-1]["batch"],
        "id": numbered[-1]["id"],
    }


def test_the_slices_together_are_the_whole_and_each_is_bounded() -> None:
    drawing = Drawing(document_of(supply_chain(3_000)), "facility", ["all"])
    slices = [drawing.slice(each) for each in range(drawing.slices)]
    assert len(slices) > 5
    for each in slices:
        assert len(each["boxes"]) <= BOXES
        assert len(each["lines"]) <= LINES
        assert len(json.dumps(each)) < 250_000
    boxes = [box for each in slices for box in each["boxes"]]
    assert [box["box"] for box in boxes] == list(range(len(boxes)))
    assert sum(box["kind"] == "batch" for box in boxes) == slices[0]["batches"] == 3_000
    lines = [line for each in slices for line in each["lines"]]
    assert {end for line in lines for end in (line["from"], line["to"])} <= set(range(len(boxes)))
    assert drawing.slice(len(slices))["boxes"] == []


def test_the_first_slice_has_every_group() -> None:
    drawing = Drawing(document_of(supply_chain(3_000)), "facility", ["all"])
    first = drawing.slice(0)
    assert first["groups"] == sum(box["kind"] == "frame" for box in first["boxes"]) == len(first["opened"])


@pytest.mark.parametrize("by", sorted(WAYS))
def test_batches_can_be_grouped_by(by: str) -> None:
    document = document_of(supply_chain(500))
    boxes = Drawing(document, by).slice(0)["boxes"]
    assert sum(box["batches"] for box in boxes) == 500
    assert {box["name"] for box in boxes} == {row[by] for row in document["batches"]}


def test_what_is_made_of_something_in_error_is_tainted_and_the_origin_alone_untraced() -> None:
    document = _lineage(
        _row("a/1", [], made_by="untraced"),
        _row("a/2", [], declared_in_error=True),
        _row("a/3", [0]),
        _row("a/4", [1, 2]),
    )
    (group,) = Drawing(document, "stage").slice(0)["boxes"]
    assert (group["declared_in_error"], group["tainted"], group["untraced"], group["asked"]) == (
        1,
        2,
        1,
        True,
    )
    boxes = {box["name"]: box for box in Drawing(document, "stage", ["all"]).slice(0)["boxes"][1:]}
    assert [box["tainted"] for box in boxes.values()] == [False, True, False, True]
    assert [box["untraced"] for box in boxes.values()] == [True, False, False, False]
    assert [box["asked"] for box in boxes.values()] == [False, False, False, True]


def test_a_run_with_many_inputs_and_outputs_is_a_node_between_them() -> None:
    inputs = [_row(f"a/IN-{each}", []) for each in range(30)]
    outputs = [_row(f"b/OUT-{each}", list(range(30)), run=0) for each in range(20)]
    document = _lineage(*inputs, *outputs, _row("c/X", list(range(30, 50))), runs=1)
    assert sum(len(item.parents) for item in picture(document, "facility").items) == 30 + 20 + 20
    first = Drawing(document, "facility", ["all"]).slice(0)
    assert sum(box["kind"] == "run" for box in first["boxes"]) == 1
    assert sum(box["batches"] for box in first["boxes"] if box["kind"] == "frame") == 51
    few = _lineage(*inputs[:2], _row("b/OUT", [0, 1], run=0), runs=1)
    assert not any(item.run for item in picture(few, "facility").items)


def test_names_that_would_act_are_drawn_on_one_line_and_short() -> None:
    hostile = ["p/<script>alert(1)</script>", "p/a\nb", "p/\u202eevil", "p/" + "x" * 5_000]
    rows = [_row(name, [], material=name, facility=name) for name in hostile]
    document = _lineage(*rows, _row("p/last", [0, 1, 2, 3]))
    for box in Drawing(document, "facility", ["all"]).slice(0)["boxes"]:
        for shown in (box["name"], *box.get("materials", ())):
            assert "\n" not in shown
            assert "\u202e" not in shown
            assert len(shown) <= 120


def test_groups_name_what_they_were_made_of_and_into() -> None:
    document = _lineage(
        _row("a/1", [], facility="a/mine"),
        _row("b/1", [0], facility="b/plant"),
        _row("c/1", [1], facility="c/works"),
    )
    boxes = {box["name"]: box for box in Drawing(document, "facility").slice(0)["boxes"]}
    assert [each["name"] for each in boxes["b/plant"]["of"]] == ["a/mine"]
    assert [each["name"] for each in boxes["b/plant"]["into"]] == ["c/works"]
    assert boxes["c/works"]["into"] == []
