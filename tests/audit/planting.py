"""Where frauds register: under their names, with the rule that must find them."""

from __future__ import annotations

from collections.abc import Callable

from tests.audit.honest import HonestChain

Subject = tuple[str, str]
Fraud = Callable[[HonestChain], Subject]

FRAUDS: dict[str, tuple[str, Fraud]] = {}


def fraud(rule: str) -> Callable[[Fraud], Fraud]:
    """Register a fraud under its name, with the rule that must find it."""

    def register(plant: Fraud) -> Fraud:
        FRAUDS[plant.__name__] = (rule, plant)
        return plant

    return register
