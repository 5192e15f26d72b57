"""Documents to draw, and what is read back from a drawn picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Any

from traceledger.languages import Language
from traceledger.pages.charts.marks import NARROW, WIDE, Picture
from traceledger.pages.charts.svg import svg
from traceledger.pages.formats import cldr

SVG = "{http://www.w3.org/2000/svg}"
LAYOUTS = (WIDE, NARROW)
_UNITS = {"t": 10**9, "kg": 10**6, "g": 10**3, "mg": 1}
HOSTILE = (
    "</text></svg><script>alert(1)</script>",
    "\u202egnp.exe",
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd " * 10,
    "zero\u200bwidth\u200djoiner\ufeff",
    "W" * 200,
    "\u9471" * 200,
    "a\u0301" * 120,
    "{{7*7}}{%x%}&amp;\"'`\x1b[2J\u2028",
    "javascript:alert(1)",
)


def drawn(picture: Picture, language: Language) -> ET.Element:
    """A picture as a file of its own, read as XML."""
    return ET.fromstring(svg(picture, language, standalone=True))


def texts(root: ET.Element, role: str = "") -> Iterator[str]:
    """What is written in a picture, in marks of a role."""
    for element in root.iter(f"{SVG}text"):
        if not role or role in element.get("class", "").split():
            yield element.text or ""


def milligrams(figure: str, language: Language) -> tuple[int, int]:
    """A figure as written, and how far its last digit may be off; mg."""
    symbols = cldr(language.code)
    number, _, unit = figure.replace("+", "").replace("\u00a0", " ").rpartition(" ")
    if not number:
        assert figure == "0", figure
        return 0, 0
    plain = number.replace(symbols["group"].replace("\u00a0", " "), "").replace(symbols["decimal"], ".")
    plain = plain.replace(symbols["minus"], "-").replace(" ", "")
    digits = len(plain.partition(".")[2])
    return round(float(plain) * _UNITS[unit]), _UNITS[unit] // 10**digits // 2 + 1


def shows(figure: str, mg: int, language: Language) -> bool:
    """Whether a figure is the amount, rounded to four digits."""
    found, off = milligrams(figure, language)
    return abs(found - mg) <= max(off, abs(mg) // 1000)


def outside(root: ET.Element) -> list[str]:
    """Whatever a picture would ask somebody for, or do."""
    said = ET.tostring(root, encoding="unicode")
    asked = [each for each in re.findall(r'(?:href|src)="([^"]*)"|url\(([^)]*)\)', said) if each]
    addresses = [one or two for one, two in asked]
    acts = [
        element.tag for element in root.iter() if element.tag.removeprefix(SVG) in ("script", "image", "a")
    ]
    events = [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    return [*(each for each in addresses if not each.startswith("#")), *acts, *events]


def footprint(
    stages: Mapping[str, tuple[int, int]],
    *,
    places: Mapping[str, int] | None = None,
    batch: str = "oem/VIN-1",
) -> dict[str, Any]:
    """A document of a footprint: by stage what is inherited and what is own, mg."""
    inherited, own = (sum(each[at] for each in stages.values()) for at in (0, 1))
    return {
        "batch": batch,
        "co2e": {
            "own_mg": str(own),
            "inherited_mg": str(inherited),
            "total_mg": str(own + inherited),
            "by_stage": {stage: str(sum(each)) for stage, each in stages.items()},
            "own_by_stage": {stage: str(each[1]) for stage, each in stages.items()},
            "by_facility": {name: str(mg) for name, mg in (places or {}).items()},
            "by_process": {name: str(mg) for name, mg in (places or {}).items()},
        },
    }


def year(scope1: int, scope2: int, scope3: int) -> dict[str, Any]:
    """Figures of a year, mg."""
    total = scope1 + scope2 + scope3
    scopes = {"scope1_mg": str(scope1), "scope2_mg": str(scope2), "scope3_mg": str(scope3)}
    return scopes | {"total_mg": str(total), "per_product_mg": None}


def emissions(groups: Mapping[str, tuple[dict[str, Any], dict[str, Any]]], **more: Any) -> dict[str, Any]:
    """A document of emissions of 2026: by group the figures of 2025 and of 2026."""

    def both(at: int) -> dict[str, Any]:
        parts = [each[at] for each in groups.values()]
        return year(*(sum(int(part[f"scope{n}_mg"]) for part in parts) for n in (1, 2, 3)))

    rows = [{"group": name, "figures": {"2025": each[0], "2026": each[1]}} for name, each in groups.items()]
    total = {"2025": both(0), "2026": both(1)}
    return {"year": 2026, "by": "facility", "product": "vehicle", "total": total, "groups": rows} | more


def place(name: str, country: str, *, at: tuple[float, float] | None = None) -> dict[str, Any]:
    """A place of a journey; ``at``: latitude and longitude, degrees."""
    latitude, longitude = at or (None, None)
    return {
        "participant": name,
        "participant_name": f"{name} company",
        "facility": f"{name}/site",
        "facility_name": name,
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
    }


def step(kind: str, at: dict[str, Any], start: dict[str, Any] | None = None) -> dict[str, Any]:
    """A step of a journey."""
    return {
        "step": kind,
        "origin": "mined" if kind == "origin" else None,
        "process": "refining" if kind == "run" else None,
        "from": start,
        "at": at,
        "first_at": 1_700_000_000,
        "last_at": 1_700_086_400,
        "share": 1.0,
    }


def lineage(parents: list[list[int]], *, sites: int = 3, name: str = "B") -> dict[str, Any]:
    """A document of a lineage: by batch the places of what it was made of; the last one is asked about."""
    stages = ("raw_material_acquisition", "main_production")
    rows = [
        {
            "batch": f"maker/{name}-{at}",
            "id": hex(at),
            "material": name,
            "facility": f"maker/site-{at * sites // len(parents)}",
            "country": "CD",
            "stage": stages[at * 2 // len(parents)],
            "made_mass_mg": str((at + 1) * 10**6),
            "declared_in_error": at == 1,
            "parents": each,
            "run": None,
        }
        for at, each in enumerate(parents)
    ]
    return {"batch": rows[-1]["batch"], "id": rows[-1]["id"], "direction": "up", "batches": rows, "runs": []}
