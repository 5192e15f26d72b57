"""A stored chain as the product reads it: indexed, and a trace in the words of :mod:`tests.scale.figures`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.scale.stored import StoredChain
from traceledger.index import Contracts, Index
from traceledger.provenance import Footprint, RestatedFootprint, Trace, TracedShares


def follows(chain: StoredChain) -> Contracts:
    """The chain and the contracts on it."""
    said = json.loads(chain.said("contracts"))
    names = ("ledger", "registry", "assurance", "access_manager")
    return Contracts(chain.chain_id, chain.genesis_hash(), *(bytes.fromhex(said[name]) for name in names))


def indexed(chain: StoredChain, path: Path) -> Index:
    """An index of all of it."""
    index = Index.open(path, follows(chain))
    index.sync(chain)
    return index


def asked(chain: StoredChain) -> dict[str, int]:
    """Full names and ids of the batches to ask about, the one with the most upstream first."""
    return {name: int(batch) for name, batch in json.loads(chain.said("asked")).items()}


def expected(chain: StoredChain) -> dict[str, dict[str, Any]]:
    """What the plain walk found, by full name."""
    return dict(json.loads(chain.said("figures")))


def told(trace: Trace) -> dict[str, Any]:
    """The same of a trace."""
    footprint, better = trace.footprint, trace.footprint.restated
    origins: dict[str, dict[str, int]] = {str(number): {} for number in trace.traced}
    for row in trace.origins:
        origins[str(row.substance)][f"{row.name} ({row.origin.slug})"] = row.share.units
    return {
        **_sums(footprint),
        "restated": None if better is None else _sums(better),
        "origins": origins,
        "traced": {str(number): _parts(parts) for number, parts in trace.traced.items()},
        "batches": trace.batches,
    }


def _sums(footprint: Footprint | RestatedFootprint) -> dict[str, Any]:
    return {
        "total_mg": footprint.total_mg,
        "by_facility": dict(footprint.by_facility),
        "by_process": dict(footprint.by_process),
        "by_scope": dict(footprint.by_scope),
    }


def _parts(traced: TracedShares) -> list[int]:
    parts = (traced.traced, traced.untraced, traced.declared, traced.confirmed)
    return [part.units for part in parts]
