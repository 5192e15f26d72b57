"""What a proof file proves, for people: the verdict and what is wrong first, then the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from traceledger.cli.output import fields, shown
from traceledger.documents import proofs as documents

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from traceledger.proofs import VerifiedProof
    from traceledger.proofs.verdicts.judgement import Judgement


def drawn(made: Judgement) -> RenderableType:
    """The report on a file that holds: the verdict, why it is refused, what the verdict does not prove."""
    from rich.console import Group as Stack

    found = made.found
    return Stack(
        _verdict(made),
        *_asked(made),
        *_lines(made.reasons),
        *_lines([each for each in found.wrong if each not in made.reasons]),
        *_section("What this verdict does not prove", made.does_not_prove),
        _line(found.unknowable),
        *_section("Found", [line for answer in made.answers for line in answer.shown]),
        fields(_facts(found).items()),
        *_section("Disclosed", [_disclosed(documents.disclosure(found, item)) for item in found.disclosed]),
        *_section("Final because", found.trust),
        *_section("Proved", found.proved),
        *_section("Not proved", found.not_proved),
    )


def _verdict(made: Judgement) -> Text:
    from traceledger.documents.verdicts import first_line

    if made.reasons:
        return _line(first_line(made), "bold red")
    return _line(first_line(made), "bold yellow" if made.found.faults else "bold green")


def _asked(made: Judgement) -> list[Text]:
    policy = made.policy
    if policy is None:
        return []
    word = "not met" if made.reasons else "met"
    return [_line(f"Policy, {word}: {policy.title} ({policy.name}, SHA-256 {policy.sha256})", "bold")]


def _facts(found: VerifiedProof) -> dict[str, Any]:
    from traceledger.cli.figures import co2e, mass, share

    trace, footprint = found.trace, found.trace.footprint
    return {
        "material": trace.material,
        "made with": mass(trace.made_mass_mg),
        "custodian": f"{trace.custodian}, {trace.state.slug}",
        "CO2e": f"{co2e(footprint.total_mg)}, {share(footprint.primary_share)} from primary data",
        "origins": ", ".join(
            sorted({f"{each.country} {found.named(each.facility)}" for each in trace.origins})
        ),
    }


def _disclosed(item: dict[str, str]) -> str:
    return f"{item['kind'].replace('_', ' ')} of {item['owner']}: {item['text']}"


def _section(title: str, sentences: Sequence[str]) -> list[RenderableType]:
    from rich.text import Text

    return [Text(f"\n{title}", style="bold"), *_lines(sentences)] if sentences else []


def _lines(sentences: Sequence[str]) -> list[Text]:
    return [_line(f"- {sentence}") for sentence in sentences]


def _line(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(shown(text), style=style)
