"""``traceledger proof``: a batch's history in one file that anyone can verify offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import complete_batches, unlocking
from traceledger.cli.output import fields, shown
from traceledger.cli.parsing import countries, ids, parsed, percents
from traceledger.documents import proofs as documents
from traceledger.model.commitments import GROUPS

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.proofs import Checkpoint, VerifiedProof

_FILE = click.Path(path_type=Path, dir_okay=False)
_checkpoints = click.option(
    "--checkpoint", "checkpoints", multiple=True, type=_FILE, metavar="FILE", help="A witness's. Repeat."
)


_hide = click.option(
    "--hide",
    metavar="KIND,…",
    default="",
    callback=lambda _ctx, _option, text: frozenset(text.split(",")) if text else frozenset(),
    help=f"Private texts to withhold: {', '.join(GROUPS)}.",
)


@click.group(cls=Group)
def proof() -> None:
    """Proof files: a batch's history, verified offline with nothing but a trust root."""


@proof.command()
@click.argument("batch", shell_complete=complete_batches)
@click.option("-o", "--output", "target", type=_FILE, required=True, metavar="FILE", help="File to write.")
@click.option("--block", type=click.IntRange(min=0), help="State what is true at this block; default: final.")
@click.option(
    "--linked/--not-linked",
    default=None,
    help="Write all headers in between; by default only where seals do not prove them.",
)
@_checkpoints
@_hide
@with_session
def export(
    session: Session,
    batch: str,
    *,
    target: Path,
    block: int | None,
    linked: bool | None,
    checkpoints: Sequence[Path],
    hide: frozenset[str],
) -> None:
    """Write the proof file of BATCH: its lineage's events, their receipts, and the contracts' state.

    It discloses the private texts of the lineage that are known here, but for those to --hide.
    """
    client = session.synced()
    found = _read(checkpoints)
    outcome = client.export_proof(batch, target, block=block, checkpoints=found, linked=linked, hide=hide)
    document = documents.exported(target, outcome)
    session.output.result(document, lambda: fields(document.items()))


@proof.command()
@click.argument("file", type=_FILE)
@click.option("--trust-root", "root", type=_FILE, required=True, help="What you believe beforehand.")
@_checkpoints
@click.option("--material", "materials", multiple=True, metavar="SLUG", help="What it must be; or of these.")
@click.option("--custodian", metavar="SLUG", help="Who must hold it.")
@click.option(
    "--origin-country",
    "origins",
    multiple=True,
    metavar="allow=CC,… | deny=CC,…",
    callback=parsed(countries),
    help="Where material may, or may not, come from.",
)
@click.option(
    "--approved-origin",
    "approved",
    multiple=True,
    metavar="ID",
    callback=parsed(ids),
    help="A facility (0x…) that material may come from, and from no other. Repeat.",
)
@click.option("--max-co2e-per-kg", metavar="CO2E", help="Most CO2e a kg: '12.5 kg'.")
@click.option(
    "--min-recycled",
    multiple=True,
    metavar="SUBSTANCE=PERCENT",
    callback=parsed(percents),
    help="Least recycled content: Co=16%. Repeat.",
)
@click.option(
    "--min-traced",
    multiple=True,
    metavar="SUBSTANCE=PERCENT",
    callback=parsed(percents),
    help="Least traced share: Co=95%. Repeat.",
)
@click.option("--min-primary-share", metavar="PERCENT", help="Least share of CO2e from primary data.")
@click.option("--no-tainted", is_flag=True, help="No declared error, upstream neither.")
@click.option("--no-marks", is_flag=True, help="Not on hold, frozen, disputed, recalled or reversed.")
@click.option("--no-suspended", is_flag=True, help="Nobody upstream is suspended or terminated.")
@click.option(
    "--as-of",
    metavar="BLOCK | TIME",
    help="It must state what is true after this block, or at this time, or later.",
)
@with_session
def verify(
    session: Session,
    file: Path,
    *,
    root: Path,
    checkpoints: Sequence[Path],
    materials: tuple[str, ...],
    custodian: str | None,
    origins: dict[str, frozenset[str]],
    approved: frozenset[int],
    max_co2e_per_kg: str | None,
    min_recycled: dict[int, int],
    min_traced: dict[int, int],
    min_primary_share: str | None,
    no_tainted: bool,
    no_marks: bool,
    no_suspended: bool,
    as_of: str | None,
) -> None:
    """Verify the proof FILE offline: no network, no index, no node; only FILE and the trust root.

    Exit code 3: not verified; 4: verified, but not what the options ask for; 2: not a proof file.
    """
    from traceledger.errors import NotAcceptedError
    from traceledger.model.units import parse_co2e, parse_percent
    from traceledger.proofs import Policy, load_trust_root
    from traceledger.proofs import verify as verify_file

    block, time = _moment(as_of)
    policy = Policy(
        materials=frozenset(materials),
        custodian=custodian,
        allowed_countries=origins.get("allow", frozenset()),
        denied_countries=origins.get("deny", frozenset()),
        approved_origins=approved,
        max_co2e_mg_per_kg=None if max_co2e_per_kg is None else parse_co2e(max_co2e_per_kg),
        min_recycled=min_recycled,
        min_primary_share=None if min_primary_share is None else parse_percent(min_primary_share),
        min_traced=min_traced,
        no_tainted=no_tainted,
        no_marks=no_marks,
        no_suspended=no_suspended,
        as_of_block=block,
        as_of_time=time,
    )
    verified = verify_file(file, load_trust_root(root), checkpoints=_read(checkpoints))
    reasons = policy.violations(verified)
    session.output.result(documents.judged(verified, reasons), lambda: _drawn(verified))
    if reasons:
        raise NotAcceptedError("; ".join(reasons), where=verified.trace.batch)


@proof.command()
@click.argument("file", type=_FILE)
@_hide
@click.option(
    "-o", "--output", "target", type=_FILE, metavar="FILE", help="Default: beside it, as .redacted."
)
@with_session
def redact(session: Session, file: Path, hide: frozenset[str], target: Path | None) -> None:
    """Write the proof FILE without what discloses private texts: it still proves the same.

    What was recorded openly cannot be hidden; it is named, so that you know.
    """
    from traceledger.cli.redacted_proof import drawn
    from traceledger.errors import InputError
    from traceledger.proofs.build.redaction import redact as redact_file

    if not hide:
        raise InputError("it must be said what to hide", where="--hide", hint="for instance names,evidence")
    made = target or file.with_name(f"{file.stem}.redacted{file.suffix}")
    done = redact_file(file, made, hide)
    session.output.result(documents.redacted(made, done), lambda: drawn(done, made))


@proof.command()
@click.option("--key", "name", required=True, metavar="NAME", help="Stored key of the witness.")
@click.option("--block", type=click.IntRange(min=0), help="Default: the newest final block.")
@click.option("-o", "--output", "target", type=_FILE, required=True, metavar="FILE", help="File to write.")
@unlocking
@with_session
def witness(session: Session, name: str, block: int | None, target: Path) -> None:
    """Sign a checkpoint: that a block is final, as your own node has it."""
    from traceledger.proofs import checkpoint as checkpoints
    from traceledger.storage.files import replace

    signed = session.client.witness(name, block=block)
    replace(target, checkpoints.write(signed))
    signer = checkpoints.witness_of(signed, session.client.chain.genesis_hash()) or b""
    document = documents.witnessed(target, signed, signer)
    session.output.result(document, lambda: fields(document.items()))


def _read(paths: Sequence[Path]) -> tuple[Checkpoint, ...]:
    from traceledger.proofs import checkpoint as checkpoints

    return tuple(checkpoints.read(path) for path in paths)


def _moment(text: str | None) -> tuple[int | None, int | None]:
    """A block's number or a time, whichever the text is."""
    if text is None:
        return None, None
    if text.isascii() and text.isdigit():
        return int(text), None
    from traceledger.operations.readers import parse_time

    return None, parse_time(text)


def _drawn(verified: VerifiedProof) -> RenderableType:
    from rich.console import Group as Stack
    from rich.text import Text

    from traceledger.model.units import format_mass, format_time

    trace, footprint = verified.trace, verified.trace.footprint
    stated = f"block {verified.preamble.block}, {format_time(verified.time)}"
    facts: dict[str, Any] = {
        "material": trace.material,
        "made with": format_mass(trace.made_mass_mg),
        "custodian": f"{trace.custodian}, {trace.state.slug}",
        "CO2e": f"{format_mass(footprint.total_mg)}, {footprint.primary_share:.1%} from primary data",
        "origins": ", ".join(
            sorted({f"{each.country} {verified.named(each.facility)}" for each in trace.origins})
        ),
    }
    return Stack(
        Text(shown(f"Verified: {verified.named(trace.batch)} as of {stated}"), style="bold green"),
        fields(facts.items()),
        *_section(
            "Disclosed", [_disclosed(documents.disclosure(verified, item)) for item in verified.disclosed]
        ),
        *_section("Final because", verified.trust),
        *_section("Proved", verified.proved),
        *_section("Not proved", verified.not_proved),
    )


def _disclosed(item: dict[str, str]) -> str:
    return f"{item['kind'].replace('_', ' ')} of {item['owner']}: {item['text']}"


def _section(title: str, sentences: Sequence[str]) -> list[RenderableType]:
    from rich.text import Text

    if not sentences:
        return []
    return [Text(f"\n{title}", style="bold"), *(Text(shown(f"- {sentence}")) for sentence in sentences)]
