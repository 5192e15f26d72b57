"""Rules over the index that find what contracts cannot forbid.

An audit reads a source (the index), applies the rules that settings enable, and reports issues with
level, reason and source. docs/audit.md lists the rules.

Example:
    >>> from traceledger.audit import RULES, default_settings
    >>> default_settings().fail_on, len(RULES) > 20
    ('high', True)
"""

from traceledger.audit.differences import Difference, NamedDifference
from traceledger.audit.found import Found, FoundIssues
from traceledger.audit.report import AuditReport, Scope, ScopeKind
from traceledger.audit.rules import RULES
from traceledger.audit.run import audit
from traceledger.audit.sarif import sarif
from traceledger.audit.settings import Settings, default_settings, default_text, load_settings
from traceledger.audit.source import Coordinates, Source
from traceledger.audit.values import Issue, Level, Rule, Subject
from traceledger.audit.view import AuditView

__all__ = [
    "RULES",
    "AuditReport",
    "AuditView",
    "Coordinates",
    "Difference",
    "Found",
    "FoundIssues",
    "Issue",
    "Level",
    "NamedDifference",
    "Rule",
    "Scope",
    "ScopeKind",
    "Settings",
    "Source",
    "Subject",
    "audit",
    "default_settings",
    "default_text",
    "load_settings",
    "sarif",
]
