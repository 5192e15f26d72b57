"""Batches: lists, one of them, its history, traces, footprint, lineage, and its declaration."""

from __future__ import annotations

from traceledger.documents.schemas.parts import (
    AMOUNT,
    AMOUNTS,
    BLOCK,
    BREAKDOWN,
    COUNTRY,
    DIGITS,
    EVIDENCE,
    FLAG,
    HEX,
    ID,
    NAME,
    NUMBER,
    PAGE,
    PROSE,
    SHARE,
    SHARES,
    SLUG,
    TIME,
    WHOLE,
    WORD,
    WRONG,
    Schema,
    keyed,
    listed,
    maybe,
    one_of,
    record,
)

STATE = one_of("active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed")
_POOLS = record(own_mg=AMOUNT, inherited_mg=AMOUNT, total_mg=AMOUNT, primary_mg=AMOUNT)
_HEAD = record(batch=NAME, id=ID)
_BATCH = record(
    _HEAD,
    material=SLUG,
    maker=SLUG,
    facility=maybe(NAME),
    origin=maybe(one_of("mined", "post_consumer", "pre_consumer", "untraced", "run", "recycling_run")),
    made_at=maybe(TIME),
    custodian=SLUG,
    owner=maybe(SLUG),
    state=STATE,
    shipment=maybe(record(shipment=NAME, sender=SLUG, receiver=SLUG)),
    frozen=FLAG,
    held=FLAG,
    disputed=FLAG,
    recalled=FLAG,
    off_specification=FLAG,
    waste=FLAG,
    pieces=maybe(DIGITS),
    mass_mg=AMOUNT,
    substances_mg=AMOUNTS,
    co2e=_POOLS,
)
_EVENT = record(
    event=WORD,
    block=BLOCK,
    log=WHOLE,
    transaction=HEX,
    timestamp=TIME,
    occurred_at=TIME,
    by=maybe(SLUG),
    evidence=EVIDENCE,
    optional={
        "shipment": NAME,
        "receiver": SLUG,
        "reason": PROSE,
        "run": NAME,
        "process": WORD,
        "how": WORD,
        "kind": WORD,
        "counts": FLAG,
        "corrective": listed(NAME),
        "owner": SLUG,
        "facility": NAME,
        "origin": WORD,
        "mass_after_mg": AMOUNT,
    },
)
_MOVED = keyed(AMOUNT, "Signed mg: of `mass`, and by substance.")
_MOVEMENT = record(
    what=WORD,
    moved_mg=_MOVED,
    block=BLOCK,
    log=WHOLE,
    optional={"run": NAME, "batch": NAME, "shipment": NAME, "arrived_mg": AMOUNT},
)
_MASSES = record(left_mg=_MOVED, movements=listed(_MOVEMENT)) | {"additionalProperties": _MOVED}
_BREAKDOWNS = record(
    by_facility=BREAKDOWN,
    by_process=BREAKDOWN,
    by_stage=BREAKDOWN,
    by_scope=BREAKDOWN,
    own_by_stage=BREAKDOWN,
)
_RESTATED = record(_POOLS, _BREAKDOWNS, primary_share=SHARE, records=WHOLE, confirmed=FLAG)
_UNCONFIRMED = record(
    total_mg=AMOUNT,
    primary_mg=AMOUNT,
    records=listed(
        record(
            record=NAME,
            by=SLUG,
            reason=PROSE,
            total_mg=AMOUNT,
            primary_mg=AMOUNT,
            new_total_mg=AMOUNT,
            new_primary_mg=AMOUNT,
        )
    ),
)
_CO2E = record(
    _POOLS,
    _BREAKDOWNS,
    primary_share=SHARE,
    parts=BREAKDOWN,
    optional={"restated": _RESTATED, "unconfirmed": _UNCONFIRMED},
)
_RECYCLED = record(
    post_consumer=SHARE, pre_consumer=SHARE, take_back=SHARE, waste_of_runs=SHARE, minted=SHARE
)
_PLACE = record(
    facility=NAME,
    country=COUNTRY,
    origin=WORD,
    share=SHARE,
    optional={"batch": NAME, "transformation": NAME},
)
_ORIGIN = record(_PLACE, substance=SLUG, mass_mg=AMOUNT)
_TRACED = record(traced_share=SHARES, untraced_share=SHARES, declared_share=SHARES, confirmed_share=SHARES)
_LIFE = record(
    _HEAD,
    material=SLUG,
    made_mass_mg=AMOUNT,
    mass_mg=AMOUNT,
    co2e=_POOLS,
    taken_back_by=SLUG,
    taken_back_at=NAME,
    in_error=FLAG,
    events=listed(record(event=WORD, block=BLOCK, time=TIME)),
)
_CUSTODY = keyed(maybe(WORD), "Model of the chain of custody (ISO 22095), by substance.")
_TRACE = record(
    _HEAD,
    WRONG,
    _TRACED,
    material=SLUG,
    custodian=SLUG,
    owner=maybe(SLUG),
    state=STATE,
    disputed=FLAG,
    frozen=FLAG,
    held=FLAG,
    recalled=FLAG,
    tainted=FLAG,
    mass_mg=AMOUNT,
    substances_mg=AMOUNTS,
    made_mass_mg=AMOUNT,
    made_substances_mg=AMOUNTS,
    co2e=_CO2E,
    origins=listed(_ORIGIN),
    recycled_content=keyed(_RECYCLED, "By substance."),
    booked_mg=_MOVED,
    tolerance_used_bp=maybe(keyed(WHOLE, "Basis points: of `mass`, and by substance.")),
    chain_of_custody=_CUSTODY,
    earlier_life=listed(_LIFE),
    batches=WHOLE,
    events=WHOLE,
    reversed=WHOLE,
    created=record(block=BLOCK, time=TIME),
    as_of=maybe(BLOCK),
)
_STOP = record(
    participant=SLUG,
    participant_name=PROSE,
    facility=maybe(NAME),
    facility_name=maybe(PROSE),
    country=COUNTRY,
    latitude=maybe(NUMBER),
    longitude=maybe(NUMBER),
)
_STEP = record(
    step=WORD,
    origin=maybe(WORD),
    process=maybe(WORD),
    materials=listed(record(material=SLUG, name=PROSE)),
    by=maybe(SLUG),
    at=_STOP,
    first_at=maybe(TIME),
    last_at=maybe(TIME),
    records=WHOLE,
    share=SHARE,
    optional={"from": maybe(_STOP)},
)
_SUPPLIER = record(
    participant=SLUG,
    name=PROSE,
    country=COUNTRY,
    roles=listed(WORD),
    identifiers=listed(record(scheme=WORD, value=PROSE)),
    may_act=FLAG,
    obstacles=listed(WORD),
    assessments=listed(
        record(
            assessment=NAME,
            facility=maybe(NAME),
            kind=WORD,
            scheme=PROSE,
            value=WHOLE,
            issuer=PROSE,
            valid_from=TIME,
            valid_until=TIME,
            valid=FLAG,
            evidence=EVIDENCE,
        )
    ),
    findings=listed(
        record(
            finding=NAME,
            about=NAME,
            severity=WORD,
            category=WORD,
            description=PROSE,
            state=WORD,
            open=FLAG,
            overdue=FLAG,
            due_at=TIME,
            occurred_at=TIME,
        )
    ),
)
_CORRECTION = record(
    kind=WORD,
    what=PROSE,
    by=maybe(SLUG),
    of=maybe(PROSE),
    occurred_at=TIME,
    reason=PROSE,
    optional={"co2e_mg": keyed(AMOUNT, "mg CO2e."), "counts": FLAG, "booked_mg": _MOVED},
)
_STATEMENT = record(
    made_mass_mg=AMOUNT,
    traced_share=SHARE,
    untraced_share=SHARE,
    declared_share=SHARE,
    confirmed_share=SHARE,
    chain_of_custody=maybe(WORD),
    booked_mg=AMOUNT,
    recycled_content=_RECYCLED,
    origins=listed(_PLACE),
    optional={"recycled_minimum_percent": keyed(NUMBER, "By year.")},
)
_UNKNOWN = record(
    untraced_share=SHARES,
    not_measured_mg=AMOUNT,
    without_primary_mg=BREAKDOWN,
    stages_without_data=listed(WORD),
    not_assigned_mg=AMOUNT,
    private_texts=keyed(WHOLE, "How many, by kind."),
    without_assessment=listed(SLUG),
)
_CHAIN = record(
    chain_id=DIGITS,
    genesis_hash=HEX,
    block=BLOCK,
    block_hash=HEX,
    ledger=HEX,
    registry=HEX,
    newest_record_at=TIME,
)
_DECLARATION = record(
    _HEAD,
    WRONG,
    material=SLUG,
    material_name=PROSE,
    made_by=record(participant=SLUG, name=PROSE, country=COUNTRY),
    made_at=record(facility=PROSE, name=PROSE, country=COUNTRY),
    state=STATE,
    made_mass_mg=AMOUNT,
    co2e=_CO2E,
    per_kg=record(mg=AMOUNT, of=one_of("left", "whole"), co2e_mg=AMOUNT, mass_mg=AMOUNT),
    substances=keyed(_STATEMENT, "By substance."),
    journeys=keyed(listed(_STEP), "From origin to product, by substance."),
    suppliers=listed(_SUPPLIER),
    corrections=listed(_CORRECTION),
    unknown=_UNKNOWN,
    earlier_life=listed(_LIFE),
    marks=listed(WORD),
    reversed=WHOLE,
    tainted=FLAG,
    batches=WHOLE,
    events=WHOLE,
    chain=_CHAIN,
    optional={"per_piece": record(pieces=DIGITS, mg=AMOUNT)},
)
_LINEAGE = record(
    batch=NAME,
    direction=one_of("up", "down"),
    as_of=maybe(BLOCK),
    batches=listed(
        record(
            _HEAD,
            material=SLUG,
            facility=NAME,
            country=COUNTRY,
            made_by=WORD,
            made_mass_mg=AMOUNT,
            made_co2e_mg=AMOUNT,
            block=BLOCK,
            declared_in_error=FLAG,
        )
    ),
    edges=listed(record(parent=NAME, child=NAME, taken_mg=AMOUNT)),
)
_IMPACT = record(
    _HEAD,
    WRONG,
    as_of=maybe(BLOCK),
    custodians=listed(SLUG),
    holdings_mg=keyed(AMOUNTS, "By participant."),
    beyond=listed(NAME),
    reached=listed(
        record(_HEAD, custodian=SLUG, state=STATE, mass_mg=AMOUNT, share=SHARES, substances_mg=AMOUNTS)
    ),
)

SCHEMAS: dict[str, Schema] = {
    "batches": record(batches=listed(_BATCH), page=PAGE),
    "batch": record(
        _BATCH,
        WRONG,
        masses=_MASSES,
        made_of=listed(NAME),
        made_into=listed(NAME),
        events=listed(_EVENT),
        optional={"counts": record(events=WHOLE, made_into=WHOLE, most=WHOLE)},
    ),
    "trace": _TRACE,
    "declaration": _DECLARATION,
    "footprint": record(_HEAD, WRONG, material=SLUG, made_mass_mg=AMOUNT, co2e=_CO2E, as_of=maybe(BLOCK)),
    "origins": record(
        _HEAD,
        WRONG,
        _TRACED,
        material=SLUG,
        origins=listed(_ORIGIN),
        recycled_content=keyed(_RECYCLED, "By substance."),
        chain_of_custody=_CUSTODY,
        as_of=maybe(BLOCK),
    ),
    "events": record(_HEAD, events=listed(_EVENT), page=PAGE),
    "lineage": _LINEAGE,
    "impact": _IMPACT,
}
