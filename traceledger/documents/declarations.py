"""The JSON of a Product Sustainability Declaration; docs/declaration.md explains each field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from traceledger.documents.traces import co2e, earlier_lives, recycled, wrong
from traceledger.model.hexadecimal import hexed, id_text
from traceledger.model.substances import symbol

if TYPE_CHECKING:
    from traceledger.declaration import ChainReference, Declaration, SubstanceStatement


def declaration(found: Declaration) -> dict[str, Any]:
    """A declaration."""
    return {
        "batch": found.batch,
        "id": id_text(found.batch_id),
        "material": found.material,
        "material_name": found.material_name,
        "made_by": {
            "participant": found.made_by.slug,
            "name": found.made_by.name,
            "country": found.made_by.country,
        },
        "made_at": {
            "facility": found.made_at.identifier,
            "name": found.made_at.name,
            "country": found.made_at.country,
        },
        "state": found.state.slug,
        "made_mass_mg": str(found.made_mass_mg),
        "co2e": co2e(found.footprint),
        "substances": {symbol(item.substance): _statement(item) for item in found.substances},
        "earlier_life": earlier_lives(found.earlier_lives),
        **wrong(found.troubles),
        "marks": list(found.marks),
        "reversed": found.reversed,
        "tainted": found.tainted,
        "batches": found.batches,
        "events": found.events,
        "chain": _chain(found.chain),
    }


def _statement(item: SubstanceStatement) -> dict[str, Any]:
    document: dict[str, Any] = {
        "made_mass_mg": str(item.mass_mg),
        "traced_share": float(item.traced.traced),
        "untraced_share": float(item.traced.untraced),
        "declared_share": float(item.traced.declared),
        "confirmed_share": float(item.traced.confirmed),
        "chain_of_custody": item.chain_of_custody,
        "booked_mg": str(item.booked_mg),
        "recycled_content": recycled(item.recycled),
        "origins": [
            {
                **({"batch": origin.batch} if origin.batch else {"transformation": origin.transformation}),
                "facility": origin.facility,
                "country": origin.country,
                "origin": origin.origin.slug,
                "share": float(origin.share),
            }
            for origin in item.origins
        ],
    }
    if item.minimum is not None:
        document["recycled_minimum_percent"] = {
            "2031": item.minimum.percent_2031,
            "2036": item.minimum.percent_2036,
        }
    return document


def _chain(chain: ChainReference) -> dict[str, Any]:
    return {
        "chain_id": str(chain.chain_id),
        "genesis_hash": hexed(chain.genesis_hash),
        "block": chain.block,
        "block_hash": hexed(chain.block_hash),
        "ledger": hexed(chain.ledger),
        "registry": hexed(chain.registry),
        "newest_record_at": chain.newest_record_at,
    }
