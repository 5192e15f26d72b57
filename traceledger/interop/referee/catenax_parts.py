"""Catena-X models of parts: Batch, SerialPart and SingleLevelBomAsBuilt 4.0.0."""

from __future__ import annotations

from traceledger.interop.referee import shapes, sums
from traceledger.interop.referee.hearing import Hearing, Node, number_at
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.times import in_order, moment_at

_KEYS = (
    *("manufacturerId", "batchId", "customKey", "jisNumber", "jisCallDate", "parentOrderNumber"),
    *("partInstanceId", "van"),
)
_ID = shapes.text(shapes.UUID)
_LOCAL = shapes.several(shapes.record({"key": shapes.word(_KEYS), "value": shapes.text()}))
_MADE = shapes.record(
    {"productionDate": shapes.DAY},
    {
        "country": shapes.text("^[A-Z]{3}$"),
        "sites": shapes.several(
            shapes.record(
                {
                    "siteId": shapes.text("^BPNS[a-zA-Z0-9]{12}$"),
                    "function": shapes.word(("production", "warehouse", "spare part warehouse")),
                }
            )
        ),
    },
)


def _shape(of_type: shapes.Shape) -> shapes.Shape:
    return shapes.record(
        {
            "globalAssetId": _ID,
            "localIdentifiers": _LOCAL,
            "partTypeInformation": of_type,
            "manufacturingInformation": _MADE,
        }
    )


_BATCH = _shape(shapes.record(dict.fromkeys(("manufacturerPartId", "nameAtManufacturer"), shapes.text())))
_SERIAL = _shape(
    shapes.record(
        {
            **dict.fromkeys(("customerPartId", "nameAtCustomer"), shapes.text()),
            "partClassification": shapes.several({"type": "object"}),
        }
    )
)
_BOM = shapes.record(
    {
        "globalAssetId": _ID,
        "childItems": shapes.several(
            shapes.record(
                {
                    "globalAssetId": _ID,
                    "quantity": shapes.record({"value": shapes.number(), "unit": shapes.text("^unit:")}),
                    "hasAlternatives": shapes.BOOLEAN,
                    "createdOn": shapes.text(),
                    "businessPartner": shapes.text("^BPNL[a-zA-Z0-9]{12}$"),
                }
            )
        ),
    }
)


def batch(hearing: Hearing, node: Node) -> None:
    """Check a Batch 4.0.0."""
    shapes.compare(hearing, _BATCH, node)
    moment_at(hearing, node.get("manufacturingInformation", "productionDate"))


def serial(hearing: Hearing, node: Node) -> None:
    """Check a SerialPart 4.0.0."""
    shapes.compare(hearing, _SERIAL, node)
    moment_at(hearing, node.get("manufacturingInformation", "productionDate"))


def is_serial(node: Node) -> bool:
    """Whether a part is one piece, and not a quantity: by what its customer calls it, or its own number."""
    of_type = node.get("partTypeInformation")
    if of_type is not None and of_type.get("customerPartId") is not None:
        return True
    keys = (each.get("key") for each in node.each("localIdentifiers"))
    return any(key is not None and key.value == "partInstanceId" for key in keys)


def bom(hearing: Hearing, node: Node) -> None:
    """Check a SingleLevelBomAsBuilt 4.0.0: an assembly is no part of itself, and each part has an amount."""
    shapes.compare(hearing, _BOM, node)
    own = _plain(node.get("globalAssetId"))
    named = []
    for each in node.each("childItems"):
        child = each.get("globalAssetId")
        if child is not None and _plain(child):
            named.append((child, _plain(child)))
            if _plain(child) == own:
                hearing.fault("parts", child, "the assembly is a part of itself", expected="another id")
        amount = number_at(each, "quantity", "value")
        if amount is not None and amount[1] <= 0:
            hearing.fault("range", amount[0], "it is not above 0", expected="more than 0")
        in_order(hearing, each.get("createdOn"), each.get("lastModifiedOn"))
    sums.doubled(hearing, named)


def _plain(node: Node | None) -> str:
    """A UUID, in one notation."""
    text = None if node is None else node.text
    return "" if text is None else text.lower().removeprefix("urn:uuid:")


KINDS = (
    Kind(
        "catenax-batch",
        "Catena-X Batch 4.0.0",
        ("partTypeInformation", "localIdentifiers", "manufacturingInformation"),
        batch,
        "catenax.batch",
    ),
    Kind(
        "catenax-serial-part",
        "Catena-X SerialPart 4.0.0",
        ("partTypeInformation", "localIdentifiers", "manufacturingInformation"),
        serial,
        "catenax.serial_part",
    ),
    Kind(
        "catenax-bom-as-built",
        "Catena-X SingleLevelBomAsBuilt 4.0.0",
        ("childItems",),
        bom,
        "catenax.single_level_bom_as_built",
    ),
)
"""What is checked here."""
