"""Proof files: a batch's history in one file that verifies offline, trusting no server.

:func:`verify` needs the file and a trust root, nothing else: no network, no index, no node.

Example:
    >>> from pathlib import Path
    >>> from traceledger.proofs import Policy, load_trust_root, verify
    >>> def acceptable(proof: Path, trust_root: Path) -> bool:
    ...     verified = verify(proof, load_trust_root(trust_root))
    ...     return not Policy(no_tainted=True).violations(verified)
"""

from traceledger.proofs.limits import Limits
from traceledger.proofs.records import Checkpoint
from traceledger.proofs.trust import TrustRoot
from traceledger.proofs.trust import load as load_trust_root
from traceledger.proofs.verify.policy import Policy
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.proofs.verify.verifier import verify, verify_stream

__all__ = [
    "Checkpoint",
    "Limits",
    "Policy",
    "TrustRoot",
    "VerifiedProof",
    "load_trust_root",
    "verify",
    "verify_stream",
]
