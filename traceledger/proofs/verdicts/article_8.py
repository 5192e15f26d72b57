"""The targets of Article 8(2) and (3) of Regulation (EU) 2023/1542, by what the proof of one batch shows.

The Article's share is of a battery model, a year and a plant; a proof is about one batch. What the Article
counts in that batch is :mod:`traceledger.provenance.article_8`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.model.article_8 import LEAD, MINIMUMS
from traceledger.model.shares import Share
from traceledger.model.substances import symbol
from traceledger.model.units import SHOWN_DIGITS, format_mass
from traceledger.proofs.verdicts.answer import Answer, names_of
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.provenance.article_8 import Article8, Article8Content
from traceledger.provenance.article_8_rules import Article8Rules
from traceledger.provenance.steps import steps_of

_NOT_PROVED = (
    "The share of the battery model: Article 8 asks for that of all batteries of the model made at one plant"
    " in one year; this is that of one batch (traceledger recycled report has the other).",
    "That the method is the one that the Commission will lay down: no delegated act under Article 8(1) is in"
    " force.",
    "Which lots are active materials, and whose waste is battery manufacturing waste: rules beside it say.",
    "That the batch is a battery, and of a category to which Article 8 applies.",
)


@dataclass(frozen=True, slots=True)
class Article8Targets:
    """Whether a batch meets the targets from 18 August of a year.

    Attributes:
        target: that year, 2031 or 2036.
        rules: what is an active material, and what battery manufacturing waste.
        rules_name: what the rules are called, for the reader.
        metals: numbers of metals that it must hold; empty: those that it holds.
    """

    target: int
    rules: Article8Rules
    rules_name: str
    metals: tuple[int, ...] = ()

    def ask(self, proof: VerifiedProof) -> Answer:
        """Each metal's share by the Article's own counting, beside the target."""
        upstream = proof.upstream
        counting = Article8(upstream.told, steps_of(upstream), names_of(proof), self.rules)
        made = upstream.nodes[upstream.batch].creation.substances_mg
        held = [number for number in sorted(MINIMUMS) if made.get(number, 0)]
        found = {number: counting.content([upstream.batch], number) for number in held}
        return Answer(
            "article_8",
            (*self._reasons(found), *_found_later(proof, held)),
            (*_NOT_PROVED, *_unheld({*found, *proof.trace.traced})),
            tuple(self._line(number, content) for number, content in found.items()),
            {
                "target": self.target,
                "rules": self.rules_name,
                "metals": {symbol(number): self._figures(content) for number, content in found.items()},
            },
        )

    def _reasons(self, found: dict[int, Article8Content]) -> Iterator[str]:
        if not found and not self.metals:
            yield "it holds no cobalt, lithium, nickel or lead, of which Article 8 asks"
        for number in self.metals:
            if number not in found:
                yield f"it holds no {symbol(number)} that could be recovered"
        for number, content in found.items():
            least = MINIMUMS[number].percent(self.target)
            share = content.share
            if share is None:
                yield f"nothing of its {symbol(number)} is in what Article 8 divides by"
            elif share * 100 < least:
                what = f"its {symbol(number)} counts as recovered by Article 8"
                yield f"{_percent(content)} of {what}, not {least} %"

    def _line(self, number: int, content: Article8Content) -> str:
        least = MINIMUMS[number].percent(self.target)
        what = "in the battery" if number == LEAD else "not shown to be outside active materials"
        counted, base = (
            format_mass(each, digits=SHOWN_DIGITS) for each in (content.counted_mg, content.base_mg)
        )
        return f"{symbol(number)}: {counted} counts of {base} {what}: {_percent(content)}, of {least} % asked"

    def _figures(self, content: Article8Content) -> dict[str, Any]:
        share = content.share
        return {
            "share": None if share is None else float(Share.near(share)),
            "minimum_percent": MINIMUMS[content.substance].percent(self.target),
            "counted_mg": str(content.counted_mg),
            "base_mg": str(content.base_mg),
            "exact": {"unit": "2^-128 mg", "counted": str(content.counted), "base": str(content.base)},
            **{f"{kind.value}_mg": str(mass) for kind, mass in content.masses_mg.items()},
        }


def _unheld(held: Collection[int]) -> Iterator[str]:
    without = [symbol(number) for number in MINIMUMS if number not in held]
    if without:
        what = " or ".join(without)
        yield f"That there is no {what} in it: the ledger has none of it for this batch, or does not ask."


def _found_later(proof: VerifiedProof, held: Sequence[int]) -> Iterator[str]:
    """Metals that the batch was made without, and that a measurement found in it since (Rule 5)."""
    for number in sorted(set(proof.trace.traced) & set(MINIMUMS) - set(held)):
        yield f"its {symbol(number)} was found by measuring it again, and comes from nobody knows where"


def _percent(content: Article8Content) -> str:
    """A share in per cent, cut and never rounded up, so that nothing below a target looks like it."""
    share = content.share
    if share is None:
        return "nothing"
    units = share.numerator * 10_000 // share.denominator
    return f"{units // 100}.{units % 100:02} %"
