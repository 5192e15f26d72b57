"""What of a declaration's page depends on how it is published: what lies beside it, and what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from traceledger.documents import traces
from traceledger.pages.frame import Frame

NO_PICTURE = Markup("")


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the page, by its name there, and what it is."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A proof file beside the page.

    Attributes:
        name: of the file.
        block: the block as of which it proves.
        command: what verifies it, to be typed as it is.
        check: the page beside this one that verifies it in a browser; empty: there is none.
    """

    name: str
    block: int
    command: str
    check: str = ""


@dataclass(frozen=True, slots=True)
class FunctionalUnit:
    """What the publisher says that the product does, such as 78 kWh, and the mg CO2e of one unit."""

    amount: Decimal
    unit: str
    mg: int

    @classmethod
    def of(cls, document: Mapping[str, Any], amount: Decimal, unit: str) -> FunctionalUnit:
        """The footprint divided by an amount above zero, to the nearest milligram."""
        exact = Fraction(int(traces.used(document["co2e"])["total_mg"])) / Fraction(amount)
        return cls(amount, unit, round(exact))


@dataclass(frozen=True, slots=True)
class Pictures:
    """Pictures inside the page, empty where there is none; maps, by substance, share ``land``.

    ``beside`` has, by substance, the file beside the page with the same map.
    """

    footprint: Markup = NO_PICTURE
    recycled: Markup = NO_PICTURE
    land: Markup = NO_PICTURE
    maps: Mapping[str, Markup] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Published:
    """What of a page depends on how it is published.

    Attributes:
        frame: what is around its content.
        command: what shows the same on a ledger that the reader holds.
        address: where it can be found, as its QR code says; empty: nowhere yet.
        qr: the code.
        files: what lies beside it.
        proof: the proof file beside it.
        unit: what the product does, where the publisher says so.
        pictures: inside it.
        disclosed: whether it shows private texts.
    """

    frame: Frame
    command: str
    address: str = ""
    qr: Markup = NO_PICTURE
    files: tuple[File, ...] = ()
    proof: ProofFile | None = None
    unit: FunctionalUnit | None = None
    pictures: Pictures = field(default_factory=Pictures)
    disclosed: bool = False
