"""Which of a proof's headers are final, decided as they stream by.

Headers come in ascending order. Where numbers follow each other, so must hashes: such a stretch is a *run*,
and a header is final if a later one of its run is. So per run one decision is needed, at its end; only the
last few headers of a run are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from traceledger.errors import VerificationError
from traceledger.model.counting import counted
from traceledger.proofs.proved_headers import BlockHeader
from traceledger.proofs.seals import Sealing


@dataclass(slots=True)
class Finality:
    """Counts of headers by what made them final.

    Attributes:
        blocks: final headers.
        sealed: of these, by their own seals or those of the headers that follow.
        witnessed: by checkpoints of witnesses.
        witnesses: how many of them at most stand for one block.
        pinned: named by the trust root.
        linked: as ancestors, hash by hash, of one of the above.
        followers: headers that only show who built on others; not final by themselves.
    """

    blocks: int = 0
    sealed: int = 0
    witnessed: int = 0
    witnesses: int = 0
    pinned: int = 0
    linked: int = 0
    followers: int = 0


class HeaderChain:
    """Takes headers in order and requires that those that matter are final.

    Args:
        sealing: what the trust root says of seals.
        pinned: hashes of trusted blocks by number.
        witnessed: who signed checkpoints, by block number and hash. Who signed a block stands for all before
            it in its run too.
        threshold: how many distinct witnesses it takes; 0 where there are none.
    """

    def __init__(
        self,
        sealing: Sealing,
        pinned: Mapping[int, bytes],
        witnessed: Mapping[int, Mapping[bytes, set[bytes]]],
        threshold: int,
    ) -> None:
        self._sealing = sealing
        self._pinned = pinned
        self._witnessed = witnessed
        self._threshold = threshold
        self._only_seals = not witnessed and not any(pinned)
        self._last: deque[BlockHeader] = deque(maxlen=sealing.followers + 1)
        self._length = 0
        self._pin: int | None = None
        self._signed: list[tuple[int, set[bytes]]] = []
        self._needed: int | None = None
        self.finality = Finality()

    def add(self, header: BlockHeader) -> None:
        """The next header.

        Raises:
            VerificationError: it is out of order, does not follow its parent, contradicts a trusted block,
                or ends a run that is not final.
        """
        before = self._last[-1] if self._last else None
        # R5: numbers ascend; where one is left out a new run begins; in a run each is the parent of the next.
        if before is not None and header.number <= before.number:
            raise VerificationError(f"block {header.number} stands after block {before.number}")
        if before is not None and header.number > before.number + 1:
            self.close()
            before = None
        if before is not None and header.parent_hash != before.hash:
            raise VerificationError(f"block {header.number} does not follow block {before.number}")
        self._last.append(header)
        self._length += 1
        self._look_up(header)

    def need(self, number: int) -> None:
        """The header of that number, which is the newest, must turn out to be final.

        Where only seals can make it so, a header that no trusted party sealed is refused at once: so that
        a stranger's file costs no work on what it holds.

        Raises:
            VerificationError: nobody who may seal it did.
        """
        if self._needed == number:
            return
        self._needed = number
        # F7.
        if self._only_seals and self._pin is None and self._sealing.foreign(self._last[-1]):
            raise _not_final(number, self._why_not(number))

    def close(self) -> None:
        """No header of the present run follows.

        Raises:
            VerificationError: the newest header that is needed is not final, or no header of the run is.
        """
        if not self._last:
            return
        final, how = self._newest_final()
        above = self._last[-1].number - final
        if self._needed is not None and self._needed > final:
            raise _not_final(self._needed, self._why_not(self._needed))
        # F6: also if nothing rests on it.
        count = self._length - above
        if count <= 0:
            raise VerificationError(
                f"block {self._last[-1].number} is not final, and nothing is proved by it",
                hint="the file holds a header that it does not need",
            )
        # F4: all before the newest final header of the run.
        self.finality.blocks += count
        self.finality.linked += count - 1
        setattr(self.finality, how, getattr(self.finality, how) + 1)
        self.finality.followers += above
        self._last.clear()
        self._signed.clear()
        self._length, self._pin, self._needed = 0, None, None

    def _look_up(self, header: BlockHeader) -> None:
        """Note whether the header is one that is trusted by its hash."""
        # F1: another hash at a pinned number is a fork, whoever sealed it.
        pinned = self._pinned.get(header.number)
        if pinned is not None:
            if pinned != header.hash:
                raise VerificationError(
                    f"block {header.number} is not the one that the trust root pins",
                    hint="the file is of another chain, or of a fork",
                )
            self._pin = header.number
        for block_hash, witnesses in self._witnessed.get(header.number, {}).items():
            # F2: so many witnesses that saw another block outweigh any seal; fewer may be mistaken, and count
            # for nothing.
            if block_hash == header.hash:
                self._signed.append((header.number, witnesses))
            elif len(witnesses) >= self._threshold:
                saw = counted(len(witnesses), "witness", "witnesses")
                raise VerificationError(
                    f"block {header.number} is not the one that {saw} saw",
                    hint="the file is of another chain, or of a fork",
                )

    def _trusted(self) -> tuple[int, str] | None:
        """Number of the newest header of the run that is trusted by its hash, and why."""
        found = None if self._pin is None else (self._pin, "pinned")
        together: set[bytes] = set()
        # F2: from the newest back, as who signed a later header of the run stands for the earlier ones too.
        for number, witnesses in reversed(self._signed):
            together |= witnesses
            if len(together) >= self._threshold:
                self.finality.witnesses = max(self.finality.witnesses, len(together))
                return max(found or (0, ""), (number, "witnessed"))
        return found

    def _newest_final(self) -> tuple[int, str]:
        """Number of the newest final header of the run, and how it is; below the run if there is none."""
        # F5: by seals only at the end of the run, among the headers that are kept: one, or those that Clique
        # looks at.
        headers = list(self._last)
        trusted = self._trusted()
        for place in range(len(headers) - 1, -1, -1):
            header = headers[place]
            if trusted is not None and trusted[0] >= header.number:
                break
            # F3.
            if not self._sealing.shortfall(header, headers[place + 1 :]):
                return header.number, "sealed"
        if trusted is not None:
            return trusted
        return headers[-1].number - self._length, "sealed"

    def _why_not(self, number: int) -> str:
        headers = list(self._last)
        place = next((n for n, header in enumerate(headers) if header.number == number), 0)
        unsealed = self._sealing.shortfall(headers[place], headers[place + 1 :])
        if not self._threshold:
            return unsealed
        signed = {witness for at, witnesses in self._signed if at >= number for witness in witnesses}
        count = f"{len(signed)} of the {counted(self._threshold, 'witness', 'witnesses')} needed"
        return f"{unsealed}, and {count} signed it or a later block"


def _not_final(number: int, why: str) -> VerificationError:
    return VerificationError(
        f"block {number} is not final: {why}", hint="the trust root decides who can make a block final"
    )
