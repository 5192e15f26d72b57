"""The Product Sustainability Declaration as a page: what a template shows of the document, and in what order.

The document is that of ``traceledger declaration show --json``; nothing is computed here but shares of its
figures, and which rows fit on a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from traceledger.documents import traces
from traceledger.languages import Language
from traceledger.model.assurance import AssessmentKind, Rating
from traceledger.model.shares import Share
from traceledger.pages import formats
from traceledger.pages.clauses import TROUBLES
from traceledger.pages.environment import render
from traceledger.pages.gravity import gravity
from traceledger.pages.published import Published
from traceledger.pages.room import ROOMS, Room
from traceledger.pages.sources import sources
from traceledger.pages.word_tables import WORDS
from traceledger.pages.words import capital, company_of, word

Document = Mapping[str, Any]
MOST_ROWS = 12
"""Places and processes of a footprint on a page."""
MOST_NAMED = 5
"""Places that are named in a sentence."""
_RISKS = ("Co", "Li", "Ni", "natural_graphite", "C", "mica")
"""Raw materials with risks first: Regulation (EU) 2023/1542, Annex X, then what else is often asked for."""
_DAY = 86_400
_MOST_PLACES = 13


def page(document: Document, language: Language, published: Published, *, room: Room = ROOMS[0]) -> Markup:
    """The page.

    Args:
        document: the declaration.
        language: in which it is written.
        published: what is around it.
        room: how much it shows at most.
    """
    return render(
        "declaration.html",
        language,
        doc=document,
        view=view(document, language, room),
        page=published,
        frame=published.frame,
    )


def used(document: Document) -> Document:
    """The footprint that is declared: with what is known better, where something is."""
    return traces.used(document["co2e"])


def view(document: Document, language: Language, room: Room = ROOMS[0]) -> dict[str, Any]:
    """What templates show of a document beside its own fields: shares, sums and rows that fit."""
    whole = used(document)
    total = int(whole["total_mg"])
    unknown = document["unknown"]
    suppliers = [_supplier(each, language) for each in _most_concerning(document["suppliers"])]
    corrections = document["corrections"]
    return {
        "used": whole,
        "not_measured_share": _share(int(unknown["not_measured_mg"]), total),
        "stages": _stages(whole, total, language),
        "breakdowns": _breakdowns(document, whole, total, language),
        **_banner(document, language),
        "nothing_recorded": not total,
        "tracked": bool(document["substances"]),
        "traced": _traced(document["substances"]),
        "recycled_share": _mean(document["substances"], _recycled_share),
        "recycled": [_recycled(name, each, language) for name, each in document["substances"].items()],
        "journeys": [
            _journey(name, document, language, room.steps) | {"mapped": place < room.maps}
            for place, name in enumerate(sorted(document["journeys"], key=_by_risk))
        ],
        "suppliers": suppliers[: room.suppliers],
        "more_suppliers": max(0, len(suppliers) - room.suppliers),
        "corrections": [_correction(each, document, language) for each in corrections[: room.corrections]],
        "more_corrections": max(0, len(corrections) - room.corrections),
        "recycled_drawn": room.recycled,
        "booked": _differences(
            {name: each["booked_mg"] for name, each in document["substances"].items()}, language
        ),
        "untraced": [
            {"substance": name, "share": share} for name, share in unknown["untraced_share"].items()
        ],
        "without_primary": _largest(unknown["without_primary_mg"], total, MOST_NAMED, _places(document)),
        "without_primary_mg": sum(map(int, unknown["without_primary_mg"].values())),
        "not_assigned": int(unknown["not_assigned_mg"]),
        "without_assessment": _names(document),
        "private_texts": sum(unknown["private_texts"].values()),
        "sources": sources(language),
    }


def _stages(whole: Document, total: int, language: Language) -> list[dict[str, Any]]:
    """In the order of a life; a stage that nothing is assigned to is left out, one without data is not."""
    rows = []
    for name in WORDS["stage"]:
        mg, own = int(whole["by_stage"][name]), int(whole["own_by_stage"][name])
        if name == "not_assigned" and not mg:
            continue
        rows.append(
            {
                "name": capital(word(name, "stage", language)),
                "own_mg": own,
                "inherited_mg": mg - own,
                "total_mg": mg,
                "share": _share(mg, total),
                "empty": not mg,
            }
        )
    return rows


def _breakdowns(document: Document, whole: Document, total: int, language: Language) -> list[dict[str, Any]]:
    _ = language.gettext
    kinds = (
        (_("CO2e by place"), _("Place"), "by_facility", ""),
        (_("CO2e by process"), _("Process"), "by_process", "process"),
        (_("CO2e by scope of the Greenhouse Gas Protocol"), _("Scope"), "by_scope", "scope"),
    )
    places = _places(document)
    return [
        {
            "title": title,
            "heading": heading,
            "theme": theme,
            "rows": _largest(whole[name], total, MOST_ROWS, places if name == "by_facility" else None),
        }
        for title, heading, name, theme in kinds
    ]


def _places(document: Document) -> dict[str, str]:
    """What companies and sites are called, by how the ledger names them."""
    found = {each["participant"]: each["name"] for each in document["suppliers"]}
    for steps in document["journeys"].values():
        for stop in (stop for step in steps for stop in (step["from"], step["at"]) if stop):
            if stop["facility"] and stop["facility_name"]:
                found[stop["facility"]] = stop["facility_name"]
    return found


def _largest(
    amounts: Mapping[str, str], total: int, most: int, places: Mapping[str, str] | None
) -> list[dict[str, Any]]:
    """The largest, and the rest in one row; ``places`` is what places are called, if these are some."""
    ordered = sorted(amounts.items(), key=lambda item: -int(item[1]))
    shown = ordered if len(ordered) <= most else ordered[: most - 1]
    rows = [_amount(name, int(mg), total, places) for name, mg in shown]
    rest = ordered[len(shown) :]
    if rest:
        mg = sum(int(mg) for _, mg in rest)
        rows.append(_amount("", mg, total, None) | {"others": len(rest)})
    return rows


def _amount(name: str, mg: int, total: int, places: Mapping[str, str] | None) -> dict[str, Any]:
    kind = ""
    if places is not None:
        name, kind = company_of(name)
        name = places.get(name, name)
    return {"name": name, "kind": kind, "mg": mg, "share": _share(mg, total), "others": 0}


def _share(part: int, whole: int) -> float:
    return float(Share.at_most(part, whole))


def _mean(substances: Mapping[str, Document], share: Any) -> float:
    """A share of all tracked substances together, by their masses."""
    masses = {name: _mass(each) for name, each in substances.items()}
    whole = sum(masses.values())
    if not whole:
        return 0.0
    exact = sum(Fraction(str(share(substances[name]))) * mass for name, mass in masses.items()) / whole
    # To the nearest of the places that shares have.
    return round(exact * 10**15) / 10**15


def _mass(statement: Document) -> int:
    """What it was made with; of a substance that was first found later, how much that was, mg."""
    return int(statement["made_mass_mg"]) or max(0, int(statement["booked_mg"]))


def _traced(substances: Mapping[str, Document]) -> dict[str, Any] | None:
    if not substances:
        return None
    least = min(substances, key=lambda name: substances[name]["traced_share"])
    return {
        "share": _mean(substances, lambda each: each["traced_share"]),
        "least": least,
        "least_share": substances[least]["traced_share"],
    }


def _recycled_share(statement: Document) -> Fraction:
    content = statement["recycled_content"]
    # As decimals: sums of floats would show digits that nobody computed.
    return Fraction(str(content["post_consumer"])) + Fraction(str(content["pre_consumer"]))


def _recycled(name: str, statement: Document, language: Language) -> dict[str, Any]:
    content, share = statement["recycled_content"], _recycled_share(statement)
    percents = statement.get("recycled_minimum_percent", {})
    return {
        "name": capital(word(name, "substance", language)),
        "share": float(share),
        "decimals": _decimals(share, percents.values()),
        "post_consumer": content["post_consumer"],
        "pre_consumer": content["pre_consumer"],
        "minimums": [(year, _minimum(percents.get(year), share)) for year in ("2031", "2036")],
    }


def _decimals(share: Fraction, percents: Iterable[int]) -> int:
    """Places of a share in per cent with which none that is below a minimum looks as if it reached it."""
    places = 1
    while places < _MOST_PLACES and any(
        share * 100 < each <= round(share * 100, places) for each in percents
    ):
        places += 1
    return places


def _minimum(percent: int | None, share: Fraction) -> dict[str, Any] | None:
    if percent is None:
        return None
    return {"share": percent / 100, "reached": share * 100 >= percent}


def _journey(name: str, document: Document, language: Language, most: int) -> dict[str, Any]:
    steps = document["journeys"][name]
    origins = [step for step in steps if step["origin"]]
    largest = sorted(range(len(steps)), key=lambda place: (-steps[place]["share"], place))[:most]
    companies = _places(document)
    return {
        "substance": name,
        "name": capital(word(name, "substance", language)),
        "mass_mg": document["substances"][name]["made_mass_mg"],
        "origins": len(origins),
        "countries": list(dict.fromkeys(_country(step) for step in origins)),
        "steps": [
            steps[place]
            | {
                "company": companies.get(steps[place]["by"], steps[place]["by"]),
                "one_day": steps[place]["first_at"] // _DAY == steps[place]["last_at"] // _DAY,
            }
            for place in sorted(largest)
        ],
        "more": len(steps) - len(largest),
    }


def _country(origin: Document) -> str | None:
    """Where it comes from: of what nobody can show, the country is that of who had it, and no origin."""
    country: str = "" if origin["origin"] == "untraced" else origin["at"]["country"]
    return country or None


def _banner(document: Document, language: Language) -> dict[str, Any]:
    """What is wrong; an untraced part by itself is told among what is not known."""
    faults: list[str] = document["faults"]
    if not set(faults) - {"untraced"}:
        return {"faults": [], "wrong": [], "gravity": ""}
    return {
        "faults": faults,
        "wrong": [capital(TROUBLES.anew(each, language)) for each in document["wrong"]],
        "gravity": gravity(faults),
    }


def _by_risk(name: str) -> tuple[int, str]:
    return (_RISKS.index(name) if name in _RISKS else len(_RISKS), name)


def _most_concerning(suppliers: Sequence[Document]) -> list[Document]:
    """Those that may not act first, then those with open findings; else by name."""
    return sorted(
        suppliers,
        key=lambda each: (not each["obstacles"], not any(item["open"] for item in each["findings"])),
    )


def _supplier(each: Document, language: Language) -> dict[str, Any]:
    assessments = [item | {"figure": _figure(item, language)} for item in each["assessments"]]
    return {**each, "obstacles": list(dict.fromkeys(each["obstacles"])), "assessments": assessments}


def _figure(assessment: Document, language: Language) -> str:
    """The value of an assessment in the measure that its kind has."""
    kinds = {kind.value: kind.measure for kind in AssessmentKind}
    match kinds.get(assessment["kind"], ""):
        case "score" | "share":
            return formats.percent(assessment["value"] / 10_000, language)
        case "rating":
            known = {rating.value: rating.slug for rating in Rating}
            return word(known.get(assessment["value"], ""), "rating", language)
        case _:
            return ""


def _correction(each: Document, document: Document, language: Language) -> dict[str, Any]:
    by = _places(document).get(each["by"], each["by"])
    return {**each, "by": by, "differences": _differences(each.get("booked_mg", {}), language)}


def _differences(booked: Mapping[str, str], language: Language) -> list[dict[str, str]]:
    return list(_booked(booked, language))


def _booked(booked: Mapping[str, str], language: Language) -> Iterator[dict[str, str]]:
    for name, mg in booked.items():
        if int(mg):
            called = language.gettext("gross mass") if name == "mass" else word(name, "substance", language)
            sign = "+" if int(mg) > 0 else ""
            yield {"amount": sign + formats.mass(mg, language), "name": called}


def _names(document: Document) -> list[str]:
    names: Iterable[str] = document["unknown"]["without_assessment"]
    known = {each["participant"]: each["name"] for each in document["suppliers"]}
    return [known.get(each, each) for each in names]
