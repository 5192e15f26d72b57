"""Documents that are held elsewhere: their addresses and hashes.

Example:
    >>> Evidence("https://example.org/assay.pdf", bytes(32)).uri
    'https://example.org/assay.pdf'
"""

from __future__ import annotations

from traceledger.model.frozen import frozen


@frozen
class Evidence:
    """A document held elsewhere: its address and the 32 bytes of its SHA-256."""

    uri: str
    sha256: bytes

    def to_dict(self) -> dict[str, str]:
        """As files and documents hold it: the hash as 64 hexadecimal digits."""
        return {"uri": self.uri, "sha256": self.sha256.hex()}


@frozen
class EvidenceRecord:
    """A document that a participant, or the consortium (address), put on record.

    ``recorded_at`` is the time of its block.
    """

    sha256: bytes
    uri: str
    kind: str
    issuer: str
    recorded_by: bytes
    recorded_at: int
