"""Battery passports for everybody: the public files of Article 77(2) of Regulation (EU) 2023/1542.

What is for persons with a legitimate interest, or for authorities, is written by ``traceledger passport
export``, and never served. Of every value the sidecar says where it comes from, and what is missing.
"""

from __future__ import annotations

from dataclasses import replace

from traceledger.interop.passport.access import EVERYWHERE, Reader
from traceledger.interop.passport.batteries import Battery, Per
from traceledger.interop.passport.formats import FORMATS, Format
from traceledger.interop.passport.idta_handover import POINTS
from traceledger.interop.passport.making import exported, passport, read
from traceledger.interop.passport.speaking import battery_materials
from traceledger.provenance.article_8_rules import load_rules
from traceledger.web.endpoint import Call, Endpoint, Method, Plain, Reply
from traceledger.web.paths import link
from traceledger.web.problems import refuse
from traceledger.web.reading import Reading

MODELS = tuple(
    name
    for name, form in FORMATS.items()
    if Reader.PUBLIC in form.readers and any(Reader.PUBLIC.may_see(each.point) for each in form.table)
)
"""Models of which there is a public file."""
_KEPT = {"dismantling": "2(c)", "safety": "2(d)", **POINTS}
_PATH = "/passports/{creator}/{identifier}/{model}"


def address(base: str, batch: str, model: str) -> str:
    """Where the public file of a model is, of a battery by its full name."""
    return base + link("passports", batch, model)


def has_passport(reading: Reading, material: str) -> bool:
    """Whether master data call a material a battery."""
    return material in battery_materials(reading.masterdata)


def is_for_everybody(kind: str) -> bool:
    """Whether a document of a battery may be named to everybody, by its kind in master data.

    Annex XIII keeps, for instance, how it is dismantled (point 2) and results of tests (point 3) for others.
    """
    return Reader.PUBLIC.may_see(_KEPT.get(kind, EVERYWHERE))


def document(reading: Reading, call: Call) -> Reply:
    """The public file of a model."""
    return Reply.of(exported(*_asked(reading, call), Reader.PUBLIC).document)


def sources(reading: Reading, call: Call) -> Reply:
    """Where each value of it comes from, and what is missing."""
    return Reply.of(passport(*_asked(reading, call), Reader.PUBLIC).sidecar)


def _asked(reading: Reading, call: Call) -> tuple[Battery, Format]:
    model = call.path["model"]
    if model not in MODELS:
        hint = f"there are: {', '.join(MODELS)}"
        raise refuse(404, "no-such-model", f"no passport is called {model[:80]!r}", hint=hint)
    if not reading.masterdata:
        what = "this server has no master data, without which there is no passport"
        raise refuse(404, "no-passports", what, hint="start it with --masterdata")
    batch = reading.batch(f"{call.path['creator']}/{call.path['identifier']}")
    battery = read(reading.index, batch.id, reading.masterdata, Per.MODEL, reading.stages)
    material = reading.index.material_by_id(battery.one.batch.material)
    if material is None or not has_passport(reading, material.slug):
        raise refuse(
            404, "no-battery", "this is no battery, and holds none", hint="master data say which are"
        )
    return replace(battery, rules=load_rules(reading.network.article_8)), FORMATS[model]


_ANSWERS = {
    200: "The document.",
    400: "The batch holds several batteries.",
    404: "There is no such batch or model, it is no battery, or this server has no master data.",
}

PASSPORT_ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        _PATH,
        Plain(),
        {
            "GET": Method(
                "passport",
                document,
                "The public part of a battery passport, in a model of the industry.",
                long=True,
                bearing=False,
                answers=_ANSWERS,
            )
        },
    ),
    Endpoint(
        f"{_PATH}/sources",
        Plain(),
        {
            "GET": Method(
                "passport_sources",
                sources,
                "Of a public battery passport, where each value comes from, and what is missing.",
                long=True,
                bearing=False,
                answers=_ANSWERS,
            )
        },
    ),
)
"""Rows of the table of endpoints."""
