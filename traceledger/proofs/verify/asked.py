"""What a reader asked: which batch a file must be about, and when.

Example:
    >>> Asked("oem/VIN-1", now=0).require_id(7)  # only the file's own events say what it is called
    >>> Asked("0x" + "00" * 32, now=0).require_id(7)
    Traceback (most recent call last):
    traceledger.errors.VerificationError: the file is about batch 0x0000000000000000000000000000000000000000000000000000000000000007, not about that which was asked (get the file of the right one, or ask about this one)
"""  # noqa: E501  (a doctest's expected output is one line)

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from traceledger.errors import InputError, VerificationError
from traceledger.model.hexadecimal import id_text, parsed_id
from traceledger.proofs.verify.report import VerifiedProof

_HINT = "get the file of the right one, or ask about this one"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a verdict answers.

    Attributes:
        batch: full name of the batch, or its id.
        now: the reader's time, UTC seconds.

    Raises:
        InputError: that is neither a full name nor an id.
    """

    batch: str
    now: int

    def __post_init__(self) -> None:
        if parsed_id(self.batch) is None and "/" not in self.batch.strip("/"):
            raise InputError(
                f"{self.batch!r} names no batch",
                where="batch",
                hint="write creator/identifier, or 0x and its id",
            )

    def require_id(self, batch: int) -> None:
        """That a file says to be about the batch, where its id was asked.

        Raises:
            VerificationError: it is about another one.
        """
        # V8: a verdict is about what was asked: before any work is done for another batch.
        if parsed_id(self.batch) not in (None, batch):
            raise VerificationError(
                f"the file is about batch {id_text(batch)}, not about that which was asked", hint=_HINT
            )

    def require_named(self, found: VerifiedProof, where: str) -> None:
        """That the batch of a proof is called so by the ledger, or by a disclosed text.

        Raises:
            VerificationError: it is about another one.
        """
        if parsed_id(self.batch) is not None:
            return
        name = found.trace.batch
        # Only what was typed is normalised: two names on the ledger that look alike are two batches.
        typed = {self.batch, unicodedata.normalize("NFC", self.batch)}
        if typed.isdisjoint({name, found.named(name)}):
            raise VerificationError(
                f"the file is about {name}, not about {self.batch}", hint=_HINT, where=where
            )
