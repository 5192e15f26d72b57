"""Audits, differences, emissions by year, blocks, and how far the server is."""

from __future__ import annotations

from traceledger.documents.schemas.parts import (
    AMOUNT,
    BLOCK,
    DIGITS,
    FLAG,
    HEX,
    ISO,
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
    record,
    text,
)

_SCOPE = record(kind=WORD, name=maybe(PROSE))
_DIFFERENCE = record(
    participant=SLUG,
    facility=NAME,
    material=SLUG,
    substance=SLUG,
    year=WHOLE,
    more=WHOLE,
    less=WHOLE,
    net_mg=AMOUNT,
    minted_mg=AMOUNT,
    throughput_mg=AMOUNT,
)
_FIGURES = record(
    scope1_mg=AMOUNT,
    scope2_mg=AMOUNT,
    scope3_mg=AMOUNT,
    total_mg=AMOUNT,
    primary_mg=AMOUNT,
    output_mg=AMOUNT,
    products=WHOLE,
    per_tonne_mg=maybe(AMOUNT),
    per_product_mg=maybe(AMOUNT),
)
_BY_YEAR = keyed(_FIGURES, "By calendar year.")
_BLOCK = record(block=BLOCK, hash=HEX, parent=HEX, timestamp=TIME, final=FLAG, events=WHOLE)

_EVENT = record(
    event=maybe(WORD),
    signature=maybe(text("In Solidity.")),
    block=BLOCK,
    block_hash=HEX,
    timestamp=TIME,
    final=FLAG,
    log=WHOLE,
    transaction=HEX,
    transaction_index=WHOLE,
    contract=WORD,
    address=HEX,
    fields=listed(record(field=WORD, value=PROSE), "What it says, decoded."),
    names=keyed(record(kind=WORD, name=PROSE), "What ids and addresses among the values are called."),
    topics=listed(HEX),
    data=HEX,
    same_transaction=listed(WHOLE, "Logs of the same transaction."),
)
SCHEMAS: dict[str, Schema] = {
    "audit": record(
        scope=_SCOPE,
        at=ISO,
        block=maybe(BLOCK),
        batches=WHOLE,
        fail_on=WORD,
        failed=FLAG,
        counts=keyed(WHOLE, "Issues by level."),
        rules=listed(WORD),
        issues=listed(
            record(
                rule=WORD,
                level=WORD,
                subject=record(kind=WORD, name=PROSE),
                message=PROSE,
                related=listed(PROSE),
                facts=keyed({}, "What the message says, in parts."),
                at=maybe(ISO),
                links=listed(
                    record(kind=maybe(WORD), name=PROSE), "What is related, and of what kind it is."
                ),
                events=listed(
                    record(event=WORD, block=BLOCK, log=WHOLE, occurred_at=TIME),
                    "Where on the chain its batches say what it is about.",
                ),
            )
        ),
        found=WHOLE,
        by_rule=keyed(WHOLE, "Issues by rule, on all pages."),
        about=listed(record(rule=WORD, title=PROSE, rationale=PROSE, source=PROSE)),
        page=PAGE,
    ),
    "differences": record(
        scope=_SCOPE,
        block=maybe(BLOCK),
        differences=listed(_DIFFERENCE),
        by_year=listed(record(substance=SLUG, year=WHOLE, net_mg=AMOUNT), "The net of all places."),
        page=PAGE,
    ),
    "emissions": record(
        year=WHOLE,
        base_year=maybe(WHOLE),
        by=WORD,
        product=SLUG,
        participant=maybe(SLUG),
        basis=PROSE,
        total=_BY_YEAR,
        change_percent=keyed(maybe(NUMBER), "Since a year."),
        groups=listed(record(group=PROSE, figures=_BY_YEAR)),
        declared_in_error=_BY_YEAR,
        restated_mg=keyed(AMOUNT, "By calendar year."),
        on_waste=listed(record(facility=NAME, made_mg=AMOUNT, left_mg=AMOUNT)),
        target=maybe(
            record(
                measure=WORD,
                base_year=WHOLE,
                target_year=WHOLE,
                percent=NUMBER,
                base_mg=maybe(AMOUNT),
                allowed_mg=maybe(AMOUNT),
                actual_mg=maybe(AMOUNT),
                reached=maybe(FLAG),
            )
        ),
        page=PAGE,
    ),
    "search": record(
        query=PROSE,
        groups=listed(
            record(
                kind=WORD,
                found=listed(
                    record(name=PROSE, about=maybe(PROSE), optional={"block": BLOCK, "log": WHOLE}),
                    "What is typed exactly comes first.",
                ),
                more=FLAG,
            )
        ),
    ),
    "event": _EVENT,
    "run": _EVENT,
    "blocks": record(blocks=listed(_BLOCK), page=PAGE),
    "block": record(
        _BLOCK,
        transactions=listed(
            record(
                transaction=HEX,
                events=listed(
                    record(
                        log=WHOLE,
                        contract=WORD,
                        event=maybe(WORD),
                        fields=keyed({}, "What the event says, decoded."),
                        topics=listed(HEX),
                        data=HEX,
                    )
                ),
            )
        ),
        page=PAGE,
    ),
    "status": record(
        network=SLUG,
        chain_id=DIGITS,
        genesis_hash=HEX,
        contracts=keyed(HEX, "Addresses, by contract."),
        block=maybe(BLOCK),
        hash=maybe(HEX),
        final=maybe(BLOCK),
        changed_at=maybe(TIME),
        logs=WHOLE,
        batches=WHOLE,
        following=record(looked_at=maybe(TIME), trouble=maybe(PROSE)),
    ),
}
