"""Proof files: a batch's history in one file that verifies offline, trusting no server.

:func:`verify` needs the file and a trust root, nothing else: no network, no index, no node.

Example:
    >>> from pathlib import Path
    >>> from traceledger.proofs import Policy, load_trust_root, verify
    >>> def acceptable(proof: Path, batch: str, trust_root: Path) -> bool:
    ...     found = verify(proof, batch, load_trust_root(trust_root))
    ...     return not Policy(no_tainted=True, max_age=30 * 86_400).violations(found)
"""

from traceledger.proofs.limits import Limits
from traceledger.proofs.records import Checkpoint
from traceledger.proofs.succession import Succession, follow
from traceledger.proofs.succession import load as load_successor
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.trust import load as load_trust_root
from traceledger.proofs.verify.asked import Asked
from traceledger.proofs.verify.policy import Policy
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.proofs.verify.verifier import verify, verify_stream

__all__ = [
    "Asked",
    "Checkpoint",
    "Limits",
    "Policy",
    "Succession",
    "TrustRoot",
    "VerifiedProof",
    "follow",
    "load_successor",
    "load_trust_root",
    "verify",
    "verify_stream",
]
