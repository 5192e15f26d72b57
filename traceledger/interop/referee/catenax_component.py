"""Catena-X carbon footprints of battery components: PcfForBatteryComponentSupplier 1.0.0."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from traceledger.interop.referee import figures, shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.times import in_order

_FOUR = (
    "stage1RawMaterialAquisitionPreProcessing",
    "stage2MainProductProduction",
    "stage3Distribution",
    "stage4EndOfLifeRecycling",
)
_STAGE_VALUE = shapes.record({"stageValue": shapes.number(0)})
_MEAN = ("technologicalRepresentativeness", "geographicalRepresentativeness", "timerelatedRepresentativeness")
_COMPONENT = shapes.record(
    {
        "pcfValues": shapes.record(
            {
                "sharesPerStage": shapes.record(
                    {
                        **dict.fromkeys(_FOUR, _STAGE_VALUE),
                        "declaredUnit": shapes.word(("CO2KG/KG", "CO2KG/piece")),
                        "absPcfValue": _STAGE_VALUE,
                    }
                )
            },
            {"webLinkToCarbonFootPrintStudy": shapes.text(form="uri")},
        ),
        "secondaryEmissionFactorSources": shapes.several(shapes.text()),
        "primaryDataShare": shapes.number(0, 100),
        "customerPartId": shapes.text(),
        **dict.fromkeys((*_MEAN, "dataQualityRating"), shapes.number(1, 5)),
        "manufacturerPartId": shapes.text(),
        "validityPeriod": shapes.record({}),
        "siteIdentifier": shapes.text("^BPNS[a-zA-Z0-9]{12}$"),
        "legalidentifier": shapes.text("^BPNL[a-zA-Z0-9]{12}$"),
        "productQualityParameter": shapes.several(shapes.text()),
        "contentC02Metals": shapes.several(shapes.text()),
    }
)
_CONTENT = re.compile(r"Specific Content:\s*(\d+(?:\.\d+)?)\s*%", re.ASCII)


def component(hearing: Hearing, node: Node) -> None:
    """Check a PcfForBatteryComponentSupplier 1.0.0."""
    if node.get("contentCO2Metals") is not None and node.get("contentC02Metals") is None:
        place = node.get("contentCO2Metals") or node
        hearing.fault("shape", place, "the model writes this name with a zero", expected="contentC02Metals")
    shapes.compare(hearing, _COMPONENT, node)
    shares = node.get("pcfValues", "sharesPerStage")
    whole = number_at(shares, "absPcfValue", "stageValue")
    parts = [found for name in _FOUR if (found := number_at(shares, name, "stageValue")) is not None]
    if whole is not None and len(parts) == len(_FOUR):
        sums.stages_of(hearing, "component-stages", whole, parts, all_given=True)
    ratings = [found[1] for name in _MEAN if (found := number_at(node, name)) is not None]
    rating = number_at(node, "dataQualityRating")
    if rating is not None and len(ratings) == len(_MEAN):
        mean = Fraction(figures.added(ratings)) / len(_MEAN)
        if not figures.agrees(rating[1], mean):
            hearing.doubt(
                "component-quality", rating[0], "it is not their mean", expected=figures.written(mean)
            )
    sums.perhaps_fraction(hearing, number_at(node, "primaryDataShare"))
    in_order(
        hearing, node.get("validityPeriod", "validFrom"), node.get("validityPeriod", "validTo"), strict=True
    )
    _contents(hearing, node)


def _contents(hearing: Hearing, node: Node) -> None:
    """Contents of metals are told in words; together they are at most the whole."""
    for each in node.each("contentC02Metals"):
        told = [Decimal(number) for number in _CONTENT.findall((each.text or "")[:10_000])]
        if told and figures.added(told) > 100:
            hearing.fault(
                "composition",
                each,
                f"the contents add up to {figures.written(figures.added(told))} %",
                expected="at most 100 % together",
            )


KINDS = (
    Kind(
        "catenax-pcf-component",
        "Catena-X PcfForBatteryComponentSupplier 1.0.0",
        ("pcfValues", "contentC02Metals", "legalidentifier", "customerPartId"),
        component,
        "catenax.pcf_for_battery_component_supplier",
    ),
)
"""What is checked here."""
