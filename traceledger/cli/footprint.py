"""``traceledger footprint``: the CO2e of a batch, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import Target, as_of_option, masterdata_option
from traceledger.cli.output import fields, table
from traceledger.cli.picture import Wanted, disclosed_picture_option, svg_options
from traceledger.errors import InputError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.provenance import RestatedFootprint, Trace
    from traceledger.provenance.trouble import Trouble


@click.command(cls=Command)
@click.argument("batch")
@as_of_option
@svg_options
@disclosed_picture_option
@click.option("--format", "form", type=click.Choice(("pact",)), help="As a PACT footprint; docs: pact.")
@masterdata_option("pact: the company's master data, for what the ledger does not know.")
@click.option("--since", metavar="TIME", help="pact, of a material: first day of its period: 2026-01-01.")
@click.option("--until", metavar="TIME", help="pact, of a material: last day of its period.")
@click.option(
    "--participant",
    metavar="PARTICIPANT",
    help="pact, of a material: who made it; by default whose master data it is.",
)
@click.option("--country", metavar="COUNTRY", help="pact, of a material: where it was made.")
@click.option("-o", "--output", type=Target(), metavar="FILE", help="pact: write it into FILE.")
@click.option("--sidecar", type=Target(), metavar="FILE", help="pact: write where each value comes from.")
@click.option("--incomplete", is_flag=True, help="pact: write it although something required is not known.")
@with_session
def footprint(
    session: Session,
    batch: str,
    *,
    as_of: int | None,
    svg: str | None,
    lang: str | None,
    narrow: bool,
    disclosed: bool,
    form: str | None,
    masterdata: Path | None,
    since: str | None,
    until: str | None,
    participant: str | None,
    country: str | None,
    output: Path | None,
    sidecar: Path | None,
    incomplete: bool,
) -> None:
    """Show the CO2e of BATCH: own, inherited, from primary data; by scope, stage, facility and process.

    It is all that the batch was made with or that was added to it, whatever was taken from it since.

    With --format pact it is what other companies' systems take: of a batch, or of a material, averaged over
    all that a company made of it in a period.
    """
    exchanged = {
        "masterdata": masterdata,
        "since": since,
        "until": until,
        "participant": participant,
        "country": country,
        "output": output,
        "sidecar": sidecar,
        "incomplete": incomplete or None,
    }
    given = [f"--{option}" for option, value in exchanged.items() if value is not None]
    if form is not None:
        from traceledger.cli.footprint_pact import Asked, write

        if as_of is not None or svg is not None:
            raise InputError("it is as of the newest block, and no picture", where="--format")
        asked = Asked(masterdata, since, until, participant, country, output, sidecar, incomplete)
        write(session, batch, asked)
        return
    if given:
        raise InputError("is for --format pact", where=given[0])
    from traceledger.cli.subject import start
    from traceledger.documents import traces
    from traceledger.documents.disclosed import disclosing
    from traceledger.provenance.troubles import judged

    wanted = Wanted(svg, lang=lang, narrow=narrow, disclosed=disclosed)
    index, number = start(session, batch, as_of)
    if wanted:
        from traceledger.pages.charts.waterfall import waterfall

        open_index = index if wanted.disclosed else session.client.index
        shown = traces.footprint(*judged(open_index, number, as_of=as_of, stages=session.client.stages))
        wanted.write(session, lambda language, layout: waterfall(shown, language, layout=layout))
    if wanted.instead:
        return
    found, wrong = judged(index, number, as_of=as_of, stages=session.client.stages)
    document = disclosing(traces.footprint(found, wrong), index.disclosed)
    session.output.result(document, lambda: _drawn(found, wrong))


def _drawn(found: Trace, wrong: Sequence[Trouble]) -> RenderableType:
    from rich.console import Group

    from traceledger.cli.figures import co2e, mass, share
    from traceledger.cli.trace_summary import named_stages, warning

    whole = found.footprint
    facts = fields(
        (
            ("batch", f"{found.batch} ({found.material})"),
            ("made with", mass(found.made_mass_mg)),
            ("total", co2e(whole.total_mg)),
            ("own", co2e(whole.own_mg)),
            ("inherited", co2e(whole.inherited_mg)),
            ("from primary data", share(whole.primary_share)),
            *_restated(whole.restated),
        )
    )
    parts: list[RenderableType] = [*warning(wrong), facts]
    breakdowns = (
        ("scope", whole.by_scope),
        ("stage", named_stages(whole)),
        ("facility", whole.by_facility),
        ("process", whole.by_process),
    )
    for title, amounts in breakdowns:
        ordered = sorted(amounts.items(), key=lambda pair: -pair[1]) if title != "scope" else amounts.items()
        rows = [
            (name, mass(mg), share(mg / whole.total_mg) if whole.total_mg else "") for name, mg in ordered
        ]
        if rows:
            parts += ["", table((title, "CO2e", "part"), rows, right=("CO2e", "part"), edge=True)]
    return Group(*parts)


def _restated(found: RestatedFootprint | None) -> list[tuple[str, str]]:
    """What is known better, with its own share of primary data; the rest of the page is as recorded."""
    from traceledger.cli.figures import co2e, share

    if found is None:
        return []
    word = "confirmed" if found.confirmed else "not confirmed by an auditor"
    told = f"{co2e(found.total_mg)}, {share(found.primary_share)} from primary data; {word}"
    return [("restated", told)]
