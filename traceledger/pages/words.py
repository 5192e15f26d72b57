"""Words for what documents say in slugs: one table from each value to an English message.

A template writes ``{{ slug | word("stage") }}``; where a table has no word, as for processes and kinds of
facility that suppliers named themselves, the text is shown as it is.

Example:
    >>> from traceledger.pages.languages import ENGLISH
    >>> word("main_production", "stage", ENGLISH), word("Co", "substance", ENGLISH)
    ('main product production', 'cobalt')
    >>> word("tumbling", "process", ENGLISH)
    'tumbling'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from traceledger.model.substances import ENGLISH_NAMES
from traceledger.pages.languages import Language

_PROCESSES = (
    "mining;concentration;beneficiation;leaching;smelting;conversion;refining;precipitation;precursor;cathode;"
    "anode;anode graphite;electrolyte;cell production;cell assembly;module assembly;pack assembly;"
    "battery assembly;vehicle assembly;assembly;dismantling;shredding;recycling;untraced origin;transport;"
    "custody;storage;warehouse;ageing and storage;recrystallisation"
).split(";")
_KINDS = (
    "mine;concentrator;smelter;refinery;cathode-plant;anode-plant;cell-plant;battery-plant;vehicle-plant;"
    "recycler;factory;warehouse"
).split(";")
_DEEDS = (
    "mint;split;transformation;shipment;receipt;rejection;cancellation;emission;retirement;take-back;measurement;"
    "restatement;confirmation of a restatement;declaration of error;hold;release;transfer of title;"
    "assignment of stock;reversal of a mint;reversal of a split;reversal of a transformation;"
    "reversal of a receipt;reversal of a retirement;reversal of a take-back;"
    "reversal of a declaration of error"
).split(";")

WORDS: Mapping[str, Mapping[str, str]] = {
    "stage": {
        "raw_material_acquisition": "raw material acquisition and pre-processing",
        "main_production": "main product production",
        "distribution": "distribution",
        "end_of_life": "end of life and recycling",
        "not_assigned": "not assigned to a stage",
    },
    "process": {name: name for name in _PROCESSES},
    "facility": {name: name.replace("-", " ") for name in _KINDS},
    "role": {
        "auditor": "auditor",
        "producer": "producer",
        "processor": "processor",
        "recycler": "recycler",
        "carrier": "carrier",
        "manufacturer": "manufacturer",
    },
    "origin": {
        "mined": "mined",
        "post_consumer": "recycled, post-consumer",
        "pre_consumer": "recycled, pre-consumer",
        "untraced": "untraced",
        "taken_back": "taken back",
        "split": "split off",
    },
    "recycled": {
        "post_consumer": "post-consumer",
        "pre_consumer": "pre-consumer",
        "take_back": "from products that were taken back",
        "waste_of_runs": "from waste of production on the ledger",
        "minted": "brought in by recyclers",
    },
    "custody_model": {
        "identity_preserved": "identity preserved",
        "controlled_blending": "controlled blending",
    },
    "batch": {
        "active": "active",
        "in_transit": "in transit",
        "returning": "on its way back",
        "consumed": "used up",
        "retired": "retired",
        "delivered": "delivered",
        "reversed": "reversed",
    },
    "retirement": {
        "consumed_outside": "used up outside the ledger",
        "disposed": "disposed of",
        "delivered": "delivered",
    },
    "fault": {
        "reversed": "reversed",
        "tainted": "error declared",
        "frozen": "frozen",
        "disputed": "disputed",
        "held": "on hold",
        "on hold": "on hold",
        "on hold upstream": "on hold upstream",
        "recalled": "recalled",
        "recalled upstream": "recalled upstream",
        "suspended": "suspended",
        "terminated": "terminated",
        "blocked": "blocked",
        "open finding": "open finding",
        "untraced": "untraced part",
        "off_specification": "outside its specification",
    },
    "found": {
        "block": "Blocks",
        "transaction": "Transactions",
        "participant": "Companies",
        "facility": "Sites",
        "material": "Materials",
        "batch": "Batches",
        "shipment": "Shipments",
        "run": "Runs",
        "record": "Added emissions",
        "finding": "Findings",
        "assessment": "Assessments",
    },
    "beginning": {
        "mined": "mined",
        "post_consumer": "recycled, post-consumer",
        "pre_consumer": "recycled, pre-consumer",
        "untraced": "untraced",
        "run": "made by a run",
        "recycling_run": "made by a recycling run",
    },
    "answer": {
        "open": "not answered yet",
        "received": "received",
        "refused": "refused",
        "cancelled": "cancelled",
    },
    "obstacle_short": {
        "suspended": "suspended",
        "terminated": "terminated",
        "finding_overdue": "critical finding overdue",
        "keys_disabled": "keys disabled",
        "assessment_missing": "mandatory assessment missing",
        "assessment_expired": "mandatory assessment ended",
        "assessment_insufficient": "mandatory assessment insufficient",
    },
    "obstacle": {
        "suspended": "it is suspended",
        "terminated": "it is terminated",
        "finding_overdue": "a critical finding about it is overdue",
        "keys_disabled": "all its keys are disabled",
        "assessment_missing": "it lacks a mandatory assessment",
        "assessment_expired": "a mandatory assessment of it has ended",
        "assessment_insufficient": "a mandatory assessment of it does not suffice",
    },
    "standing": {"active": "active", "suspended": "suspended", "terminated": "terminated"},
    "shipment": {
        "offered": "on its way",
        "received": "received",
        "rejected": "rejected",
        "cancelled": "cancelled",
    },
    "difference": {
        "none": "as sent",
        "loss": "loss",
        "moisture": "moisture",
        "measurement": "better measurement",
    },
    "hold": {"custodian": "by its custodian", "auditor": "by an auditor", "recall": "recall by its maker"},
    "record": {
        "mint": "mint",
        "transformation": "transformation",
        "shipment": "shipment",
        "emissions": "added emissions",
    },
    "error": {"did_not_occur": "it did not happen", "incorrect_data": "its data are wrong"},
    "event": {
        "batchminted": "minted",
        "batchsplit": "split",
        "transformed": "transformed",
        "shipmentoffered": "shipped",
        "shipmentreceived": "received",
        "shipmentrejected": "rejected",
        "shipmentcancelled": "shipment cancelled",
        "emissionsadded": "emissions added",
        "batchretired": "retired",
        "batchtakenback": "taken back",
        "batchremeasured": "measured again",
        "emissionsrestated": "emissions restated",
        "restatementconfirmed": "restatement confirmed",
        "errordeclared": "error declared",
        "batchheld": "put on hold",
        "batchreleased": "released",
        "titletransferred": "title transferred",
        "stockassigned": "stock assigned",
        "mintreversed": "mint reversed",
        "splitreversed": "split reversed",
        "transformationreversed": "transformation reversed",
        "receiptreversed": "receipt reversed",
        "retirementreversed": "retirement reversed",
        "takebackreversed": "take-back reversed",
        "errorreversed": "declaration of error reversed",
        "participantregistered": "company registered",
        "participantstatuschanged": "standing changed",
        "roleschanged": "roles changed",
        "participantrenamed": "company renamed",
        "countrychanged": "country corrected",
        "identified": "identifiers stated",
        "operatoradded": "key added",
        "operatorrevoked": "key revoked",
        "operatorsdisabled": "all keys disabled",
        "facilityregistered": "site registered",
        "facilityoffered": "site offered for sale",
        "facilitytransferred": "site sold",
        "facilityconfirmed": "buyer of a site confirmed",
        "materialdefined": "material defined",
        "materialamended": "material amended",
        "originapproved": "origin approved",
        "contentpermitted": "content permitted",
        "pausechanged": "pause changed",
        "actguardchanged": "guard of acting changed",
        "evidencerecorded": "document put on record",
        "assessed": "assessed",
        "findingraised": "finding raised",
        "correctiveactionsubmitted": "corrective action submitted",
        "correctiveactionaccepted": "corrective action accepted",
        "correctiveactionrefused": "corrective action refused",
        "findingclosed": "finding closed",
        "findingreopened": "finding reopened",
        "mandatorychanged": "mandatory assessments changed",
        "operationscheduled": "change announced",
        "operationexecuted": "change put into force",
        "operationcanceled": "change withdrawn",
    },
    "deed": {name: name for name in _DEEDS},
    "movement": {
        "made": "made",
        "split": "split off",
        "run": "taken for a transformation",
        "put_back": "put back",
        "arrived": "arrived as sent",
        "lost": "lost on the way",
        "moisture": "moisture",
        "measurement": "measured on arrival",
        "remeasured": "measured again",
        "reversed": "reversed",
        "taken": "taken",
        "booked": "booked differences",
        "left": "left",
    },
    "assessment": {
        "saq": "self-assessment (SAQ)",
        "ssi": "supplier sustainability index (SSI)",
        "code_of_conduct": "code of conduct",
        "audit": "audit",
        "lca": "life-cycle assessment",
        "certificate": "certificate",
        "renewable_electricity": "renewable electricity",
        "country_risk": "country risk",
        "category_risk": "category risk",
    },
    "rating": {"low": "low", "medium": "medium", "high": "high"},
    "category": {
        "labour": "labour",
        "human_rights": "human rights",
        "health_and_safety": "health and safety",
        "environment": "environment",
        "ethics": "ethics",
        "quality": "quality",
    },
    "severity": {"minor": "minor", "major": "major", "critical": "critical"},
    "finding": {
        "open": "open",
        "action_submitted": "corrective action submitted",
        "action_accepted": "corrective action accepted",
        "closed": "closed",
        "raised": "raised",
        "action_refused": "corrective action refused",
        "reopened": "reopened",
    },
    "right": {
        "administrator": "administrator",
        "admission": "admission",
        "policy": "policy",
        "emergency": "emergency",
        "stock": "stock",
        "origins": "origins",
    },
    "scope": {"scope1": "Scope 1", "scope2": "Scope 2", "scope3": "Scope 3"},
    "part": {
        "primary": "from primary data",
        "biogenic": "biogenic",
        "land_use": "from land use",
        "aviation": "from aviation",
        "removals": "removals",
    },
    "allocation": {"mass": "by mass", "economic": "by economic value"},
    "grouping": {
        "facility": "facility",
        "participant": "company",
        "department": "department",
        "scope": "scope",
        "process": "process",
        "stage": "life-cycle stage",
    },
    "measure": {"product": "per product", "tonne": "per tonne", "absolute": "in total"},
    "level": {"low": "low", "medium": "medium", "high": "high"},
    "subject": {
        "batch": "batch",
        "facility": "facility",
        "participant": "company",
        "shipment": "shipment",
        "finding": "finding",
    },
    "rule": {
        "looks-alike": "Names or lots look alike and are not the same",
        "lca-missing": "A facility that makes material has no valid life-cycle assessment",
        "origin-evidence-missing": "Material was minted without evidence",
        "assessment-expired": "A certificate or another assessment has ended",
        "finding-overdue": "A finding is past its due date and not closed",
        "high-risk-origin": "Material comes from a country, company or facility of high risk",
        "intensity-outside-history": "CO2e per kg is far from the facility's other runs",
        "intensity-off-reference": "A footprint is far from what is published for the material",
        "emissions-missing": "Something was made without any CO2e",
        "correction-repeats": "A correction repeats material that was used",
        "differences-biased": "Booked differences lean one way",
        "tainted-ancestor": "A batch was made of one that was declared in error",
        "lot-reused": "The same lot was minted twice",
        "evidence-reused": "Two mints rest on the same document",
        "entry-repeated": "A mint repeats another, figure by figure",
        "round-trip": "A batch came back to who had shipped it",
        "minted-late": "A mint was recorded long after it is said to have happened",
        "capacity-in-retrospect": "A year's capacity was used after the year had ended",
        "capacity-use": "A facility mints nearly all that is approved",
        "yield-outside-range": "A process brings more or less of a substance through than it can",
        "yield-outside-history": "A yield is far from the facility's other runs",
        "content-above-maximum": "A batch holds more of a substance than its compound can",
        "grade-outside-history": "A minted lot's grade is far from the facility's other lots",
        "mass-gain-impossible": "A process makes more mass than it can add",
        "arrival-loss": "Much of a cargo was missing on arrival",
        "losses-over-year": "A facility's inputs and outputs do not add up over a year",
        "units-implausible": "A lot's mass or CO2e is wrong by orders of magnitude",
        "content-missing": "A lot holds less of a substance than its material does",
        "emissions-shifted": "A by-product or waste bears CO2e that belongs to the product",
        "claimed-in-future": "An event claims a time after it was recorded",
        "clock-ahead": "A clock ran ahead of the ledger's",
        "time-backwards": "A step of a batch lies before the step that made it possible",
        "used-before-arrival": "A process used material before it was there",
        "processing-too-fast": "A process followed on its inputs faster than it takes",
        "travel-too-fast": "Cargo moved faster than anything can",
        "bulk-travel-too-fast": "Bulk cargo moved faster than ship, rail and road",
        "shipment-unanswered": "A shipment has waited long for its receiver",
        "batch-unused": "A batch has lain untouched for long",
    },
    "problem": {
        "400": "The request is wrong",
        "401": "A token is needed",
        "403": "That is not allowed",
        "404": "There is nothing at this address",
        "405": "That cannot be done here",
        "406": "That form is not offered",
        "413": "The request is too large",
        "414": "The address is too long",
        "415": "That form is not taken",
        "421": "This server does not go by that name",
        "422": "A value is wrong",
        "429": "Too many requests; please wait a moment",
        "431": "The request's headers are too large",
        "500": "Something went wrong on this server",
        "503": "The server cannot answer just now",
        "504": "The answer took too long",
    },
    "substance": {symbol.lower(): name for symbol, name in ENGLISH_NAMES.items()},
}
"""By theme and slug, in lower case. In catalogues the theme is the context of a message."""


def word(slug: str, theme: str, language: Language) -> str:
    """What a value is called.

    Args:
        slug: as documents have it.
        theme: a key of :data:`WORDS`.
        language: in which.

    Raises:
        KeyError: there is no such theme.
    """
    message = WORDS[theme].get(slug.lower())
    return slug if message is None else language.pgettext(theme, message)


def is_known(slug: str, theme: str) -> bool:
    """Whether a value has a word of its own.

    Raises:
        KeyError: there is no such theme.
    """
    return slug.lower() in WORDS[theme]


def group(name: str, by: str, language: Language) -> str:
    """What a group of emissions, or a row of a breakdown, is called.

    Args:
        name: as documents have it.
        by: what was grouped by: ``stage``, ``scope``, ``process``, or something with names of its own.
        language: in which.

    Example:
        >>> from traceledger.pages.languages import language
        >>> group("mining", "process", language("da"))
        'minedrift'
        >>> group("oceanic (custody)", "facility", language("da"))
        'oceanic (varetægt)'
    """
    if by in ("stage", "scope", "process"):
        return word(name, by, language)
    for kind in ("transport", "custody"):
        company = name.removesuffix(f" ({kind})")
        # A site's name has a slash, so it cannot pass for a company's transport.
        if company != name and "/" not in company:
            return f"{company} ({word(kind, 'process', language)})"
    return name


def messages() -> Iterator[tuple[str, str]]:
    """Every message of the tables, with its context."""
    for theme, table in WORDS.items():
        yield from ((theme, message) for message in table.values())
