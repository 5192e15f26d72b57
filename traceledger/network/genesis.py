"""The hash of a block 0 that is empty: no accounts, no transactions.

Members compare it, and ``networks.toml`` carries it, so that nobody talks to another chain of the same id.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GenesisHeader:
    """The fields of a block 0 that differ between networks. Gas in units, time in seconds since 1970 (UTC).

    ``base_fee`` (wei) is set where EIP-1559 is in force from the start.
    """

    gas_limit: int
    timestamp: int
    extra_data: bytes
    difficulty: int = 1
    mix_hash: bytes = bytes(32)
    base_fee: int | None = None

    def hash(self) -> bytes:
        """Keccak-256 of the RLP of the header (yellow paper, section 4.3; EIP-1559)."""
        import rlp

        from traceledger.model.keccak import keccak

        empty_root = keccak(rlp.encode(b""))
        fields = [
            bytes(32),
            keccak(rlp.encode([])),
            bytes(20),
            empty_root,
            empty_root,
            empty_root,
            bytes(256),
            self.difficulty,
            0,
            self.gas_limit,
            0,
            self.timestamp,
            self.extra_data,
            self.mix_hash,
            bytes(8),
        ]
        if self.base_fee is not None:
            fields.append(self.base_fee)
        hashed: bytes = keccak(rlp.encode(fields))
        return hashed


def forks(*names: str) -> dict[str, int]:
    """The protocol versions of that names, all in force from block 0."""
    return {f"{name}Block": 0 for name in names}
