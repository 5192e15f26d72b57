"""All rules, by theme.

Example:
    >>> len({rule.id for rule in RULES}) == len(RULES)
    True
"""

from __future__ import annotations

from traceledger.audit import (
    alike,
    assurance,
    carbon,
    corrections,
    integrity,
    lateness,
    quantities,
    scale,
    shifting,
    times,
)
from traceledger.audit.values import Rule
from traceledger.errors import InputError

RULES: tuple[Rule, ...] = (
    *quantities.RULES,
    *scale.RULES,
    *times.RULES,
    *lateness.RULES,
    *carbon.RULES,
    *shifting.RULES,
    *assurance.RULES,
    *integrity.RULES,
    *corrections.RULES,
    *alike.RULES,
)
"""Every rule of an audit, in the order in which results are listed."""


def require_known(names: list[str]) -> None:
    """Check the names of rules in settings.

    Raises:
        InputError: there is no rule of that name.
    """
    known = {rule.id for rule in RULES}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        hint = "docs/audit.md lists the rules"
        raise InputError(f"there is no rule {unknown!r}", where="settings, table rules", hint=hint)
