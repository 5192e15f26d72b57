"""PACT footprints of version 3, answers with some of them, and events: what is wrong with them.

By the tables of ``interop/pact/rules``; figures are decimal text there, never JSON numbers.
"""

from __future__ import annotations

import re

from traceledger.interop.pact import rules
from traceledger.interop.referee import shapes
from traceledger.interop.referee.hearing import Hearing, Node, said
from traceledger.interop.referee.identifiers import check_cas, check_urn
from traceledger.interop.referee.kind import Kind
from traceledger.interop.referee.pact_figures import carbon_footprint
from traceledger.interop.referee.times import DAY, in_order, moment_at, valid_from_end, years_later

_URN = shapes.text("^[uU][rR][nN]:")
_NAME = shapes.text(least=1)
_CAS_URN = re.compile(r"urn:.*\bcas:(\d{2,7}-\d{2}-\d)", re.ASCII | re.IGNORECASE)

_PCF = shapes.record(
    {
        "declaredUnitOfMeasurement": shapes.word(rules.DECLARED_UNITS),
        **{name: shapes.ANYTHING for name, figure in rules.FIGURES.items() if figure.required},
        "referencePeriodStart": shapes.TIME,
        "referencePeriodEnd": shapes.TIME,
        "ipccCharacterizationFactors": shapes.several(shapes.text(r"^AR\d+$"), least=1, once=True),
        "crossSectoralStandards": shapes.several(shapes.text(), least=1, once=True),
    },
    {
        "geographyRegionOrSubregion": shapes.word(rules.REGIONS),
        "geographyCountry": shapes.text("^[A-Z]{2}$"),
        "geographyCountrySubdivision": shapes.text("^[A-Z]{2}-[A-Z0-9]{1,3}$"),
        "boundaryProcessesDescription": shapes.text(),
        "packagingEmissionsIncluded": shapes.BOOLEAN,
        "ccsTechnologicalCO2CaptureIncluded": shapes.BOOLEAN,
        "technologicalCO2CaptureOrigin": shapes.text(),
        "ccuCalculationApproach": shapes.word(rules.CCU_APPROACHES),
        "ccuCreditCertification": shapes.text(form="uri"),
        "exemptedEmissionsDescription": shapes.text(),
        "allocationRulesDescription": shapes.text(),
        "productOrSectorSpecificRules": shapes.several(
            shapes.record(
                {
                    "operator": shapes.word(rules.OPERATORS),
                    "ruleNames": shapes.several(_NAME, least=1, once=True),
                },
                {"otherOperatorName": _NAME},
            ),
            least=1,
        ),
        "secondaryEmissionFactorSources": shapes.several(
            shapes.record({"name": _NAME, "version": _NAME}), least=1
        ),
        "dqi": shapes.record(dict.fromkeys(rules.RATINGS, shapes.ANYTHING)),
        "verification": shapes.record(
            {}, {"coverage": shapes.word(rules.COVERAGES), "completedAt": shapes.TIME}
        ),
    },
)
_FOOTPRINT = shapes.record(
    {
        "id": shapes.text(form="uuid"),
        "specVersion": shapes.text(r"^\d+\.\d+\.\d+(-\d{8})?$"),
        "created": shapes.TIME,
        "status": shapes.word(rules.STATES),
        "companyName": _NAME,
        "companyIds": shapes.several(_URN, least=1, once=True),
        "productDescription": shapes.text(),
        "productIds": shapes.several(_URN, least=1, once=True),
        "productNameCompany": _NAME,
        "pcf": _PCF,
    },
    {
        "precedingPfIds": shapes.several(shapes.text(form="uuid"), least=1, once=True),
        "validityPeriodStart": shapes.TIME,
        "validityPeriodEnd": shapes.TIME,
        "productClassifications": shapes.several(_URN, least=1, once=True),
        "comment": shapes.text(),
        "extensions": shapes.several(
            shapes.record(
                {
                    "specVersion": shapes.text(),
                    "dataSchema": shapes.text(form="uri"),
                    "data": {"type": "object"},
                }
            )
        ),
    },
)


def footprint(hearing: Hearing, node: Node) -> None:
    """Check one ProductFootprint."""
    if isinstance(node.value, dict) and rules.is_version_2(node.value):
        place = node.get("specVersion") or node
        hearing.fault(
            "pact-version",
            place,
            "it is a footprint of version 2 or earlier, and not checked further",
            expected="3.0.3",
        )
        return
    version = rules.version_of(node.value)
    if version is not None and version >= (4, 0, 0):
        place = node.get("specVersion") or node
        hearing.doubt("pact-version", place, "it is of a later version, whose rules are not known here")
    shapes.compare(hearing, _FOOTPRINT, node)
    for name in ("companyIds", "productIds", "productClassifications"):
        for each in node.each(name):
            check_urn(hearing, each)
            _check_cas_urn(hearing, each)
    pcf = node.get("pcf")
    if pcf is not None and isinstance(pcf.value, dict):
        carbon_footprint(hearing, pcf, rules.version_of(node.value))
        _words(hearing, pcf)
        _periods(hearing, node, pcf)
    _lifecycle(hearing, node)


def _check_cas_urn(hearing: Hearing, node: Node) -> None:
    found = _CAS_URN.fullmatch(node.text or "")
    if found is not None:
        check_cas(hearing, Node(found[1], node.pointer))


def _lifecycle(hearing: Hearing, node: Node) -> None:
    own = node.get("id")
    for each in node.each("precedingPfIds"):
        if own is not None and each.text is not None and each.text == own.text:
            hearing.doubt(
                "pact-lifecycle", each, "a footprint is said to precede itself", expected="another id"
            )


def _words(hearing: Hearing, pcf: Node) -> None:
    for rule in pcf.each("productOrSectorSpecificRules"):
        operator = rule.get("operator")
        if operator is not None and operator.value == "Other" and rule.get("otherOperatorName") is None:
            hearing.doubt(
                "pact-rules", operator, "otherOperatorName does not say which", expected="its name beside it"
            )
    country = pcf.get("geographyCountry") or pcf.get("geographyCountrySubdivision")
    if country is not None and country.text is not None:
        from traceledger.model import countries

        code = country.text[:2]
        if code.isupper() and len(code) == 2 and not countries.exists(code):
            hearing.fault(
                "identifier",
                country,
                f"{said(code)} is not the code of a country",
                expected="an ISO 3166-1 code",
            )


def _periods(hearing: Hearing, node: Node, pcf: Node) -> None:
    begins, ends = pcf.get("referencePeriodStart"), pcf.get("referencePeriodEnd")
    in_order(hearing, begins, ends, strict=True)
    valid, until = node.get("validityPeriodStart"), node.get("validityPeriodEnd")
    in_order(hearing, valid, until, strict=True)
    valid_from_end(hearing, "pact-validity", valid, ends)
    ended, over = moment_at(hearing, ends), moment_at(hearing, until)
    if ended is None or until is None or over is None:
        return
    most = years_later(ended, rules.VALID_YEARS)
    if over - most > DAY:
        hearing.doubt(
            "pact-validity",
            until,
            "it is more than three years after the end of the reference period",
            expected=f"at most {most:%Y-%m-%dT%H:%M:%SZ}",
        )


def response(hearing: Hearing, node: Node) -> None:
    """Check an answer of ``GET /3/footprints`` or ``/3/footprints/{id}``, or a list of footprints."""
    if isinstance(node.value, list):
        _footprints(hearing, node)
        return
    data = node.get("data")
    if data is None:
        hearing.missing("shape", node, "data", "data is missing")
        return
    if isinstance(data.value, list):
        _footprints(hearing, data)
    else:
        footprint(hearing, data)


def _footprints(hearing: Hearing, listed: Node) -> None:
    found = list(listed.items())
    for each in found:
        footprint(hearing, each)
    _ids_once(hearing, found)


def _ids_once(hearing: Hearing, found: list[Node]) -> None:
    known: dict[str, str] = {}
    for each in found:
        own = each.get("id")
        if own is None or own.text is None:
            continue
        if own.text in known:
            hearing.fault("twice", own, f"{known[own.text]} has this id too", expected="an id of its own")
        known.setdefault(own.text, each.pointer)


_EVENT = shapes.record(
    {
        "type": shapes.text(),
        "specversion": {"const": "1.0"},
        "id": shapes.text(least=1),
        "source": shapes.text(least=1),
        "data": {"type": "object"},
    },
    {"time": shapes.TIME},
)


def event(hearing: Hearing, node: Node) -> None:
    """Check an event between systems (CloudEvents)."""
    shapes.compare(hearing, _EVENT, node)
    kind, data = node.get("type"), node.get("data")
    if kind is None or data is None or not isinstance(data.value, dict):
        return
    wanted = rules.EVENTS.get(str(kind.value))
    if wanted is None:
        hearing.fault(
            "pact-event", kind, "it is no type of event of version 3", expected=", ".join(rules.EVENTS)
        )
        return
    about = data.get(wanted)
    if about is None:
        hearing.missing("pact-event", data, wanted, f"an event of this type has {wanted}")
        return
    if wanted in ("pfs", "error") and data.get("requestEventId") is None:
        hearing.missing("pact-event", data, "requestEventId", "it does not say which request it answers")
    _event_data(hearing, wanted, about)


def _event_data(hearing: Hearing, wanted: str, about: Node) -> None:
    match wanted:
        case "pfs":
            found = list(about.items())
            if not found:
                hearing.fault(
                    "pact-event", about, "a fulfilled request has footprints", expected="at least one"
                )
            for each in found:
                footprint(hearing, each)
            _ids_once(hearing, found)
        case "error":
            for name in ("code", "message"):
                if about.get(name) is None:
                    hearing.missing("pact-event", about, name, f"an error has a {name}")
        case "pfIds" if not about.value or not isinstance(about.value, list):
            hearing.fault("pact-event", about, "it lists no footprints", expected="a list of ids")
        case _:
            for each in about.each("productIds"):
                check_urn(hearing, each)


KINDS = (
    Kind("pact-footprint", "PACT 3 ProductFootprint", ("id", "specVersion", "productIds", "pcf"), footprint),
    Kind("pact-response", "PACT 3 answer with footprints", ("data",), response),
    Kind("pact-event", "PACT 3 event", ("type", "specversion", "source", "data"), event),
)
"""What is checked here."""
