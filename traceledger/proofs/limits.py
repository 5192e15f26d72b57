"""How much of an untrusted proof file the verifier is willing to read.

Example:
    >>> Limits().line_bytes
    8388608
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a proof file. What is larger is refused as malformed before it is held in memory.

    They are L1, L2 and L3 of docs/proof-format.md.

    Attributes:
        file_bytes: the file as it is stored.
        total_bytes: the file decompressed.
        ratio: how many times its stored size the file may have decompressed, beyond the first
            ``free_bytes``. Events are mostly hashes, which do not compress; bombs do.
        free_bytes: decompressed bytes to which the ratio does not apply.
        line_bytes: one line, decompressed.
        claims_bytes: the line of the claims, decompressed.
        header_bytes: one block header, RLP-encoded.
        node_bytes: one trie node, RLP-encoded; a receipt stands in one.
        checkpoints: how many checkpoints a file may hold.
    """

    file_bytes: int = 4 * 2**30
    total_bytes: int = 16 * 2**30
    ratio: int = 64
    free_bytes: int = 4 * 2**20
    line_bytes: int = 8 * 2**20
    claims_bytes: int = 64 * 2**20
    header_bytes: int = 65_536
    node_bytes: int = 2**20
    checkpoints: int = 1_000
