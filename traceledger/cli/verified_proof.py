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


def drawn(found: VerifiedProof, reasons: Sequence[str]) -> RenderableType:
    """The report on a file that holds, and is refused for those reasons, if there are any."""
    from rich.console import Group as Stack

    return Stack(
        _verdict(found, reasons),
        *_lines(reasons),
        *_lines([each for each in found.wrong if each not in reasons]),
        _line(found.unknowable),
        fields(_facts(found).items()),
        *_section("Disclosed", [_disclosed(documents.disclosure(found, item)) for item in found.disclosed]),
        *_section("Final because", found.trust),
        *_section("Proved", found.proved),
        *_section("Not proved", found.not_proved),
    )


def _verdict(found: VerifiedProof, reasons: Sequence[str]) -> Text:
    """The first line: nothing that fails, or is wrong, is introduced by the word for what is right."""
    from traceledger.model.units import format_time

    what = f"{found.named(found.trace.batch)} as of block {found.preamble.block}, {format_time(found.time)}"
    faults = ", ".join(found.faults)
    if reasons:
        return _line(f"Refused: {what}" + (f" ({faults})" if faults else ""), "bold red")
    if faults:
        return _line(f"Faulty ({faults}): {what}. What the file says is proved", "bold yellow")
    return _line(f"Verified: {what}", "bold green")


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
