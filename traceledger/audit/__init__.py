"""Rules over the index that find what contracts cannot forbid.

An audit reads a source (the index), applies the rules that a policy enables, and reports issues with
severity, reason and source. docs/audit.md lists the rules.

Example:
    >>> from traceledger.audit import RULES, default_policy
    >>> default_policy().fail_on, len(RULES) > 20
    ('high', True)
"""

from traceledger.audit.policy import Policy, default_policy, default_text, load_policy
from traceledger.audit.registry import RULES
from traceledger.audit.report import AuditReport, Found, Scope, ScopeKind
from traceledger.audit.run import audit
from traceledger.audit.sarif import sarif
from traceledger.audit.source import Coordinates, Source
from traceledger.audit.values import Issue, Rule, Severity, Subject
from traceledger.audit.view import AuditView

__all__ = [
    "RULES",
    "AuditReport",
    "AuditView",
    "Coordinates",
    "Found",
    "Issue",
    "Policy",
    "Rule",
    "Scope",
    "ScopeKind",
    "Severity",
    "Source",
    "Subject",
    "audit",
    "default_policy",
    "default_text",
    "load_policy",
    "sarif",
]
