"""Companies, sites, materials, shipments, assessments, documents on record, findings."""

from __future__ import annotations

from traceledger.documents.schemas.parts import (
    AMOUNT,
    COUNTRY,
    EVIDENCE,
    FLAG,
    HEX,
    ID,
    NAME,
    NUMBER,
    PAGE,
    PROSE,
    SLUG,
    TIME,
    WHOLE,
    WORD,
    Schema,
    keyed,
    listed,
    maybe,
    one_of,
    record,
)

_PARTICIPANT = record(
    participant=SLUG,
    name=PROSE,
    country=COUNTRY,
    roles=listed(WORD),
    state=WORD,
    address=HEX,
    operators=listed(HEX),
)
_FACILITY = record(
    facility=NAME,
    id=ID,
    name=PROSE,
    kind=WORD,
    country=COUNTRY,
    latitude=maybe(NUMBER),
    longitude=maybe(NUMBER),
    approvals=listed(record(material=SLUG, origin=WORD, capacity_per_year_mg=AMOUNT)),
)
_MATERIAL = record(material=SLUG, id=ID, name=PROSE, cas=PROSE, substances=listed(SLUG))
_SHIPMENT = record(
    shipment=NAME,
    id=ID,
    sender=SLUG,
    receiver=SLUG,
    state=one_of("offered", "received", "rejected", "cancelled"),
    offered_at=maybe(TIME),
    recorded_at=maybe(TIME),
    sent_mg=maybe(AMOUNT),
    owner=maybe(SLUG),
    return_of=maybe(NAME),
    batches=listed(NAME),
    open=listed(NAME),
    received=listed(NAME),
    refused=listed(NAME),
    emissions=record(scope1_mg=AMOUNT, scope2_mg=AMOUNT, scope3_mg=AMOUNT, primary_mg=AMOUNT),
)
_ASSESSMENT = record(
    assessment=NAME,
    id=ID,
    participant=SLUG,
    facility=maybe(NAME),
    kind=WORD,
    scheme=PROSE,
    value=WHOLE,
    issuer=PROSE,
    valid_from=TIME,
    valid_until=TIME,
    valid=FLAG,
)
_FINDING = record(
    finding=NAME,
    id=ID,
    participant=SLUG,
    facility=maybe(NAME),
    batch=maybe(ID),
    severity=one_of("minor", "major", "critical"),
    category=WORD,
    state=one_of("open", "action_submitted", "action_accepted", "closed"),
    description=PROSE,
    due_at=TIME,
    occurred_at=TIME,
    overdue=FLAG,
    blocks=FLAG,
)
_BOUNDS = keyed(WHOLE, "Least value, or of the two risks the highest, by kind.")

SCHEMAS: dict[str, Schema] = {
    "participants": record(participants=listed(_PARTICIPANT), page=PAGE),
    "participant": record(
        _PARTICIPANT,
        facilities=listed(NAME),
        may_act=FLAG,
        obstacles=listed(
            record(
                reason=WORD,
                facility=maybe(NAME),
                finding=maybe(NAME),
                kind=maybe(WORD),
                since=maybe(TIME),
            )
        ),
        standing_changes=listed(
            record(
                state=WORD,
                changed_by=SLUG,
                reason=PROSE,
                occurred_at=maybe(TIME),
                recorded_at=TIME,
                evidence=EVIDENCE,
            )
        ),
    ),
    "facilities": record(facilities=listed(_FACILITY), page=PAGE),
    "facility": _FACILITY,
    "materials": record(materials=listed(_MATERIAL), page=PAGE),
    "material": _MATERIAL,
    "shipments": record(shipments=listed(_SHIPMENT), page=PAGE),
    "shipment": _SHIPMENT,
    "assessments": record(assessments=listed(_ASSESSMENT), page=PAGE),
    "assessment": record(_ASSESSMENT, occurred_at=TIME, recorded_at=TIME, evidence=EVIDENCE),
    "evidence": record(
        evidence=listed(
            record(
                uri=PROSE,
                sha256=PROSE,
                kind=WORD,
                issuer=PROSE,
                recorded_by=SLUG,
                recorded_at=TIME,
            )
        ),
        page=PAGE,
    ),
    "requirements": record(
        mandatory=keyed(listed(WORD), "Kinds of assessment, by role."),
        bounds=keyed(_BOUNDS, "By role."),
        proposed=listed(
            record(role=WORD, kinds=listed(WORD), bounds=_BOUNDS, ready_at=TIME, expires_at=TIME)
        ),
    ),
    "findings": record(findings=listed(_FINDING), page=PAGE),
    "finding": record(
        _FINDING,
        steps=listed(
            record(
                step=WORD,
                state=WORD,
                changed_by=SLUG,
                text=PROSE,
                due_at=TIME,
                occurred_at=TIME,
                recorded_at=TIME,
                evidence=EVIDENCE,
            )
        ),
    ),
}
