"""The columns of every list: a row for each, which serves the terminal, ``--columns`` and files.

Names stay, in English and in snake_case; in files the unit follows (``mass_mg``).

Example:
    >>> [column.name for column in MATERIALS.columns]
    ['material', 'name', 'substances', 'cas', 'id']
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from traceledger.interop.tables.columns import Column, Kind, Shown
from traceledger.model.frozen import frozen

_ASKED, _IF_ANY = Shown.ASKED, Shown.IF_ANY
_MARKS = ("frozen", "held", "disputed", "recalled", "off_specification", "waste")


@frozen
class Noun:
    """What is listed.

    Attributes:
        member: the list's member in its document, and the name of the table.
        columns: all there are; the first one names a row.
        drop: names of columns in the order in which a narrow terminal leaves them out.
        key: name of the column that names a row, where it is not the first.
    """

    member: str
    columns: tuple[Column, ...]
    drop: tuple[str, ...] = ()
    key: str = ""

    @property
    def named_by(self) -> Column:
        """The column that names a row."""
        return self.column(self.key) if self.key else self.columns[0]

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises:
            InputError: there is none.
        """
        from traceledger.errors import InputError
        from traceledger.model.spelling import hint

        found = {column.name: column for column in self.columns}
        if name not in found:
            raise InputError(
                f"{name!r} is no column", hint=hint(name, found, otherwise=f"there are {', '.join(found)}")
            )
        return found[name]


def _marks(row: Mapping[str, Any]) -> str:
    return ", ".join(mark.replace("_", " ") for mark in _MARKS if row[mark])


def _about(row: Mapping[str, Any]) -> str:
    return str(row["facility"] or row["participant"])


def _approvals(row: Mapping[str, Any]) -> Iterator[str]:
    from traceledger.model.units import format_mass

    for item in row["approvals"]:
        yield f"{item['material']} ({format_mass(int(item['capacity_per_year_mg']))} a year)"


def _approved(row: Mapping[str, Any]) -> list[str]:
    return list(_approvals(row))


def _place(row: Mapping[str, Any]) -> str:
    return "" if row["latitude"] is None else f"{row['latitude']}, {row['longitude']}"


def _value(row: Mapping[str, Any]) -> str:
    return worth(row["kind"], row["value"])


def worth(kind: str, value: int) -> str:
    """The value of an assessment, for people."""
    from traceledger.model.assurance import AssessmentKind, Rating
    from traceledger.model.units import format_percent

    try:
        measure = AssessmentKind(kind).measure
        return Rating(value).slug if measure == "rating" else format_percent(value) if measure else ""
    except ValueError:
        return str(value)


def _transport(row: Mapping[str, Any]) -> int:
    return sum(int(row["emissions"][f"scope{number}_mg"]) for number in (1, 2, 3))


BATCHES = Noun(
    "batches",
    (
        Column("batch", "batch", Kind.TEXT, "batch"),
        Column("material", "material", Kind.TEXT, "material"),
        Column("custodian", "custodian", Kind.TEXT, "custodian"),
        Column("state", "state", Kind.WORD, "state"),
        Column("marks", "marks", Kind.TEXT, _marks, _IF_ANY),
        Column("shipment", "shipment", Kind.TEXT, "shipment.shipment", _IF_ANY),
        Column("sender", "from", Kind.TEXT, "shipment.sender", _ASKED),
        Column("receiver", "to", Kind.TEXT, "shipment.receiver", _IF_ANY),
        Column("mass", "mass", Kind.MASS, "mass_mg"),
        Column("substance", "substances", Kind.MASSES, "substances_mg"),
        Column("co2e", "CO2e", Kind.CO2E, "co2e.total_mg"),
        Column("co2e_own", "own CO2e", Kind.CO2E, "co2e.own_mg", _ASKED),
        Column("co2e_inherited", "inherited CO2e", Kind.CO2E, "co2e.inherited_mg", _ASKED),
        Column("co2e_primary", "primary CO2e", Kind.CO2E, "co2e.primary_mg", _ASKED),
        Column("maker", "maker", Kind.TEXT, "maker", _ASKED),
        Column("facility", "made at", Kind.TEXT, "facility", _ASKED),
        Column("origin", "origin", Kind.WORD, "origin", _ASKED),
        Column("made", "made", Kind.TIME, "made_at", _ASKED),
        Column("owner", "owner", Kind.TEXT, "owner", _ASKED),
        Column("pieces", "pieces", Kind.COUNT, "pieces", _ASKED),
        Column("id", "id", Kind.TEXT, "id", _ASKED),
    ),
    drop=("substance", "co2e", "material"),
)
SHIPMENTS = Noun(
    "shipments",
    (
        Column("shipment", "shipment", Kind.TEXT, "shipment"),
        Column("sender", "from", Kind.TEXT, "sender"),
        Column("receiver", "to", Kind.TEXT, "receiver"),
        Column("state", "state", Kind.WORD, "state"),
        Column("offered", "offered", Kind.TIME, "offered_at"),
        Column("lots", "lots", Kind.COUNT, lambda row: len(row["batches"])),
        Column("open", "open", Kind.COUNT, lambda row: len(row["open"])),
        Column("received", "received", Kind.COUNT, lambda row: len(row["received"]), _ASKED),
        Column("refused", "refused", Kind.COUNT, lambda row: len(row["refused"]), _ASKED),
        Column("sent", "sent", Kind.MASS, "sent_mg"),
        Column("co2e", "transport CO2e", Kind.CO2E, _transport),
        Column("co2e_primary", "primary CO2e", Kind.CO2E, "emissions.primary_mg", _ASKED),
        Column("owner", "owner", Kind.TEXT, "owner", _IF_ANY),
        Column("return_of", "return of", Kind.TEXT, "return_of", _IF_ANY),
        Column("batches", "which", Kind.TEXT, "batches", _ASKED),
        Column("open_batches", "which are open", Kind.TEXT, "open", _ASKED),
        Column("recorded", "recorded", Kind.TIME, "recorded_at", _ASKED),
        Column("id", "id", Kind.TEXT, "id", _ASKED),
    ),
    drop=("lots", "co2e"),
)
LOTS = Noun(
    "lots",
    (
        Column("batch", "lot", Kind.TEXT, "batch"),
        Column("material", "material", Kind.TEXT, "material"),
        Column("sent", "sent", Kind.MASS, "sent_mg"),
        Column("answer", "answer", Kind.WORD, "answer"),
        Column("arrived", "arrived", Kind.MASS, "arrived_mg"),
        Column("difference", "because of", Kind.WORD, "difference", _IF_ANY),
        Column("reason", "reason", Kind.TEXT, "reason", _IF_ANY),
        Column("since", "since", Kind.TIME, "since"),
    ),
)
PARTICIPANTS = Noun(
    "participants",
    (
        Column("participant", "participant", Kind.TEXT, "participant"),
        Column("name", "name", Kind.TEXT, "name"),
        Column("country", "country", Kind.TEXT, "country"),
        Column("roles", "roles", Kind.TEXT, "roles"),
        Column("state", "state", Kind.WORD, "state"),
        Column("keys", "keys", Kind.COUNT, lambda row: len(row["operators"])),
        Column("address", "address", Kind.TEXT, "address", _ASKED),
    ),
)
FACILITIES = Noun(
    "facilities",
    (
        Column("facility", "facility", Kind.TEXT, "facility"),
        Column("name", "name", Kind.TEXT, "name"),
        Column("kind", "kind", Kind.TEXT, "kind"),
        Column("country", "country", Kind.TEXT, "country"),
        Column("place", "where", Kind.TEXT, _place, _IF_ANY),
        Column("approved", "approved origin of", Kind.TEXT, _approved),
        Column("latitude", "latitude", Kind.NUMBER, "latitude", _ASKED),
        Column("longitude", "longitude", Kind.NUMBER, "longitude", _ASKED),
        Column("id", "id", Kind.TEXT, "id", _ASKED),
    ),
    drop=("place", "name"),
)
MATERIALS = Noun(
    "materials",
    (
        Column("material", "material", Kind.TEXT, "material"),
        Column("name", "name", Kind.TEXT, "name"),
        Column("substances", "substances", Kind.TEXT, "substances"),
        Column("cas", "CAS", Kind.TEXT, "cas"),
        Column("id", "id", Kind.TEXT, "id", _ASKED),
    ),
)
FINDINGS = Noun(
    "findings",
    (
        Column("finding", "finding", Kind.TEXT, "finding"),
        Column("about", "about", Kind.TEXT, _about),
        Column("severity", "severity", Kind.WORD, "severity"),
        Column("category", "category", Kind.WORD, "category"),
        Column("state", "state", Kind.WORD, "state"),
        Column("due", "due", Kind.TIME, "due_at"),
        Column("overdue", "overdue", Kind.FLAG, "overdue", _IF_ANY),
        Column("description", "description", Kind.TEXT, "description"),
        Column("found", "found", Kind.TIME, "occurred_at", _ASKED),
        Column("batch", "batch", Kind.TEXT, "batch", _ASKED),
        Column("blocks", "blocks", Kind.FLAG, "blocks", _ASKED),
    ),
    drop=("category",),
)
ASSESSMENTS = Noun(
    "assessments",
    (
        Column("assessment", "assessment", Kind.TEXT, "assessment"),
        Column("of", "of", Kind.TEXT, _about),
        Column("kind", "kind", Kind.TEXT, "kind"),
        Column("value", "value", Kind.TEXT, _value),
        Column("scheme", "scheme", Kind.TEXT, "scheme"),
        Column("issuer", "issuer", Kind.TEXT, "issuer"),
        Column("valid_from", "valid from", Kind.TIME, "valid_from", _ASKED),
        Column("valid_until", "valid until", Kind.TIME, "valid_until"),
        Column("valid", "valid now", Kind.FLAG, "valid"),
    ),
    drop=("issuer", "scheme"),
)
ON_RECORD = Noun(
    "evidence",
    (
        Column("document", "document", Kind.TEXT, "uri"),
        Column("kind", "kind", Kind.TEXT, "kind"),
        Column("issuer", "issuer", Kind.TEXT, "issuer"),
        Column("recorded_by", "recorded by", Kind.TEXT, "recorded_by"),
        Column("recorded", "recorded at", Kind.TIME, "recorded_at"),
        Column("sha256", "sha256", Kind.TEXT, "sha256"),
    ),
)
TRANSACTIONS = Noun(
    "transactions",
    (
        Column("state", "state", Kind.WORD, "state"),
        Column("operation", "operation", Kind.TEXT, "operation"),
        Column("sender", "sender", Kind.DIGEST, "sender"),
        Column("nonce", "nonce", Kind.COUNT, "nonce"),
        Column("transaction", "transaction", Kind.DIGEST, "transaction"),
        Column("block", "block", Kind.COUNT, "block"),
        Column("changed", "changed", Kind.TIME, "changed_at"),
        Column("signed", "signed", Kind.TIME, "signed_at", _ASKED),
        Column("source", "from", Kind.TEXT, "from"),
    ),
    drop=("transaction", "changed"),
    key="transaction",
)
KEYS = Noun(
    "keys",
    (
        Column("name", "name", Kind.TEXT, "name"),
        Column("address", "address", Kind.TEXT, "address"),
        Column("place", "where", Kind.TEXT, "place"),
        Column("path", "file", Kind.TEXT, "path", _ASKED),
        Column("cautions", "cautions", Kind.TEXT, "cautions", _ASKED),
    ),
)
DISCLOSURES = Noun(
    "disclosures",
    (
        Column("kind", "kind", Kind.WORD, "kind"),
        Column("owner", "owner", Kind.TEXT, "owner"),
        Column("text", "text", Kind.TEXT, "text"),
        Column("commitment", "on chain", Kind.TEXT, "commitment"),
    ),
)
EMISSIONS = Noun(
    "emissions",
    (
        Column("by", "by", Kind.TEXT, "by"),
        Column("group", "group", Kind.TEXT, "group"),
        Column("year", "year", Kind.COUNT, "year"),
        Column("scope1", "scope 1", Kind.CO2E, "scope1_mg"),
        Column("scope2", "scope 2", Kind.CO2E, "scope2_mg"),
        Column("scope3", "scope 3", Kind.CO2E, "scope3_mg"),
        Column("total", "total CO2e", Kind.CO2E, "total_mg"),
        Column("primary", "primary CO2e", Kind.CO2E, "primary_mg"),
        Column("output", "output", Kind.MASS, "output_mg"),
        Column("products", "products", Kind.COUNT, "products"),
        Column("per_tonne", "CO2e per tonne", Kind.CO2E, "per_tonne_mg"),
        Column("per_product", "CO2e per product", Kind.CO2E, "per_product_mg"),
    ),
)
RECYCLED = Noun(
    "recycled",
    (
        Column("year", "year", Kind.COUNT, "year"),
        Column("material", "model", Kind.TEXT, "material"),
        Column("facility", "plant", Kind.TEXT, "facility"),
        Column("metal", "metal", Kind.TEXT, "metal"),
        Column("share", "recycled", Kind.SHARE, "share"),
        Column("minimum_2031", "2031: %", Kind.COUNT, "minimum_percent.2031"),
        Column("minimum_2036", "2036: %", Kind.COUNT, "minimum_percent.2036"),
        Column("counted", "counts", Kind.MASS, "counted_mg"),
        Column("base", "of", Kind.MASS, "base_mg"),
        Column("post_consumer", "post-consumer", Kind.MASS, "post_consumer_mg"),
        Column(
            "battery_manufacturing_waste",
            "battery manufacturing waste",
            Kind.MASS,
            "battery_manufacturing_waste_mg",
        ),
        Column("other_pre_consumer", "other pre-consumer", Kind.MASS, "other_pre_consumer_mg"),
        Column("not_recovered", "mined", Kind.MASS, "not_recovered_mg", _ASKED),
        Column("untraced", "untraced", Kind.MASS, "untraced_mg", _ASKED),
        Column("reused", "reused", Kind.MASS, "reused_mg", _ASKED),
        Column("in_error", "in error", Kind.MASS, "in_error_mg", _ASKED),
        Column("mass", "in all", Kind.MASS, "mass_mg", _ASKED),
        Column("batches", "batches", Kind.COUNT, "batches", _ASKED),
        Column("meets_2031", "meets 2031", Kind.FLAG, "meets.2031", _ASKED),
        Column("meets_2036", "meets 2036", Kind.FLAG, "meets.2036", _ASKED),
    ),
)
ISSUES = Noun(
    "issues",
    (
        Column("level", "level", Kind.WORD, "level"),
        Column("rule", "rule", Kind.TEXT, "rule"),
        Column("subject_kind", "kind", Kind.WORD, "subject.kind", _ASKED),
        Column("subject", "subject", Kind.TEXT, "subject.name"),
        Column("message", "issue", Kind.TEXT, "message"),
        Column("related", "related", Kind.TEXT, "related", _ASKED),
        Column("at", "at", Kind.TIME, "at", _ASKED),
    ),
)
DIFFERENCES = Noun(
    "differences",
    (
        Column("year", "year", Kind.COUNT, "year"),
        Column("participant", "measured by", Kind.TEXT, "participant"),
        Column("facility", "made at", Kind.TEXT, "facility"),
        Column("material", "material", Kind.TEXT, "material"),
        Column("substance", "of", Kind.TEXT, "substance"),
        Column("more", "more", Kind.COUNT, "more"),
        Column("less", "less", Kind.COUNT, "less"),
        Column("net", "net", Kind.MASS, "net_mg"),
        Column("minted", "minted", Kind.MASS, "minted_mg"),
        Column("throughput", "throughput", Kind.MASS, "throughput_mg"),
    ),
)
ORIGINS = Noun(
    "origins",
    (
        Column("substance", "substance", Kind.TEXT, "substance"),
        Column("share", "share", Kind.SHARE, "share"),
        Column("mass", "mass", Kind.MASS, "mass_mg"),
        Column("origin", "origin", Kind.WORD, "origin"),
        Column("batch", "batch", Kind.TEXT, "batch"),
        Column("transformation", "run", Kind.TEXT, "transformation"),
        Column("facility", "facility", Kind.TEXT, "facility"),
        Column("country", "country", Kind.TEXT, "country"),
    ),
)
REACHED = Noun(
    "reached",
    (
        Column("batch", "batch", Kind.TEXT, "batch"),
        Column("custodian", "custodian", Kind.TEXT, "custodian"),
        Column("state", "state", Kind.WORD, "state"),
        Column("mass", "mass", Kind.MASS, "mass_mg"),
        Column("substance", "of it", Kind.MASSES, "substances_mg"),
        Column("id", "id", Kind.TEXT, "id"),
    ),
)
NOUNS = {
    noun.member: noun
    for noun in (
        BATCHES,
        SHIPMENTS,
        LOTS,
        PARTICIPANTS,
        FACILITIES,
        MATERIALS,
        FINDINGS,
        ASSESSMENTS,
        ON_RECORD,
        TRANSACTIONS,
        KEYS,
        DISCLOSURES,
        EMISSIONS,
        RECYCLED,
        ISSUES,
        DIFFERENCES,
        ORIGINS,
        REACHED,
    )
}
"""Every list by the member of its document."""
