"""Decides what the verifier must say of a changed file, and whether it does."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from tests.proofs.mutations import Material, Mutator, packed
from tests.proofs.soundness import meaning_of, plain_of, unsound_line
from tests.proofs.support import NOW, check
from traceledger.documents.proofs import judged
from traceledger.errors import InputError, VerificationError
from traceledger.proofs import Asked, TrustRoot, verify_stream

SIZES = ("stored_bytes", "plain_bytes")
Saying = Callable[[bytes, TrustRoot], dict[str, Any]]
"""What a verifier reports on a file, or the error with which it refuses it."""


def said(data: bytes, trusted: TrustRoot) -> dict[str, Any]:
    """The report on a file, apart from the file's own sizes."""
    report = judged(check(data, trusted), [])
    report["measured"] = {name: n for name, n in report["measured"].items() if name not in SIZES}
    return report


class Judge:
    """Verifies changed files against a trust root, and compares what comes out with what must.

    Args:
        valid: the file that is changed.
        trusted: the trust root under which it holds.
        say: the verifier; by default that of Python.
    """

    def __init__(self, valid: Material, trusted: TrustRoot, say: Saying = said) -> None:
        self._valid = valid
        self._trusted = trusted
        self._say_of = say
        self._said = say(valid.stored, trusted)

    def run(self, mutate: Mutator, seeds: Iterable[str]) -> Counter[str]:
        """Judge one mutation for each seed; how many had which outcome."""
        outcomes: Counter[str] = Counter()
        for seed in seeds:
            changed = mutate(Random(seed), self._valid)
            if changed == self._valid.stored:
                outcomes["unchanged"] += 1
                continue
            outcomes[self.outcome(changed, seed)] += 1
        return outcomes

    def outcome(self, changed: bytes, seed: str) -> str:
        """``same``, ``malformed`` or ``not verified``, having checked that it is the right one.

        Raises:
            AssertionError: it is not, or the verifier failed otherwise than by refusing.
        """
        try:
            report = self._say_of(changed, self._trusted)
        except InputError as error:
            self._say(self._is_malformed(changed), seed, f"refused as malformed, but is not: {error}")
            return "malformed"
        except VerificationError as error:
            self._say(self._may_be_unverified(changed), seed, f"is malformed, yet not said to be: {error}")
            return "not verified"
        self._say(self._means_the_same(changed), seed, "accepted, though it says something else")
        self._say(report == self._said, seed, "accepted, but its report is another")
        return "same"

    def _means_the_same(self, changed: bytes) -> bool:
        """Its text is the original's, or divides the same nodes otherwise into records."""
        plain = plain_of(changed)
        return plain is not None and meaning_of(plain) == meaning_of(self._valid.plain)

    @staticmethod
    def _is_malformed(changed: bytes) -> bool:
        plain = plain_of(changed)
        return plain is None or unsound_line(plain) is not None

    def _may_be_unverified(self, changed: bytes) -> bool:
        """Sound in form; or unsound only after what already shows that it does not hold."""
        plain = plain_of(changed)
        if plain is None:
            return True
        line = unsound_line(plain)
        return line is None or self._fails_before(plain, line)

    def _fails_before(self, plain: bytes, line: int) -> bool:
        before = b"".join(each + b"\n" for each in plain.split(b"\n")[:line])
        try:
            asked = Asked("any/batch", NOW)
            verify_stream(io.BytesIO(packed(before)), "its beginning", asked, self._trusted)
        except VerificationError:
            return True
        except InputError:
            return False
        return False

    @staticmethod
    def _say(right: bool, seed: str, what: str) -> None:
        if not right:
            raise AssertionError(f"mutation {seed!r}: {what}")
