"""``traceledger emissions``: what was emitted where and when, apart from the footprints of products."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import output_option
from traceledger.cli.picture import Wanted, svg_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from traceledger.reporting import EmissionsReport, Figures
    from traceledger.reporting import Path as ReductionPath

_MEASURES = {"product": "per {}", "tonne": "per tonne of output", "absolute": "in all"}


@click.group(cls=Group)
def emissions() -> None:
    """Emissions by year: absolute, per tonne of output, per vehicle, and against a target."""


@emissions.command()
@click.option("--year", type=click.IntRange(1970, 9999), required=True, help="Calendar year (UTC).")
@click.option(
    "--by",
    type=click.Choice(("facility", "participant", "department", "scope", "process", "stage")),
    default="facility",
    show_default=True,
    help="What to break it down by.",
)
@click.option("--base-year", type=click.IntRange(1970, 9999), help="A year to compare with.")
@click.option("--target", metavar="TARGET", help="A reduction since the base year: '50% by 2030'.")
@click.option(
    "--measure",
    type=click.Choice(tuple(_MEASURES)),
    default="product",
    show_default=True,
    help="What the target is about.",
)
@click.option("--product", metavar="MATERIAL", help="What counts as a product; by default vehicle.")
@click.option("--participant", metavar="PARTICIPANT", help="Only this company's.")
@click.option(
    "--departments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with a table departments: full name of a facility = name of its department.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv")),
    help="How the result is written; by default as a table.",
)
@output_option
@svg_options
@with_session
def report(
    session: Session,
    year: int,
    *,
    by: str,
    base_year: int | None,
    target: str | None,
    measure: str,
    product: str | None,
    participant: str | None,
    departments: Path | None,
    form: str | None,
    output: Path | None,
    svg: str | None,
    lang: str | None,
    narrow: bool,
) -> None:
    """Report the emissions of a YEAR, beside the year before.

    Only own emissions count, where and when they arose; what batches inherited is left out, so that nothing
    is counted twice.
    """
    from traceledger import reporting
    from traceledger.operations.directory import Directory

    wanted = Wanted(svg, lang=lang, narrow=narrow, disclosed=False)
    session.json = session.json or form == "json"
    aim = None if target is None else reporting.Target.parse(target)
    named = reporting.load_departments(departments)
    index = session.synced().index
    with index.snapshot():
        directory = Directory(index)
        if product is not None:
            directory.material(product)
        request = reporting.Request(
            year=year,
            by=by,
            base_year=base_year,
            target=aim,
            measure=measure,
            product=product or "vehicle",
            participant=None if participant is None else directory.participant(participant),
            departments=named,
        )
        records = reporting.collect(index, session.client.stages if by == "stage" else None)
        found = reporting.report(records, request)
    if wanted:
        _write_picture(session, wanted, found, form)
    if output is not None:
        _write(session, found, output, form)
    elif not wanted.instead:
        _print(session, found, form)


def _write_picture(session: Session, wanted: Wanted, found: EmissionsReport, form: str | None) -> None:
    from traceledger.documents import emissions as documents
    from traceledger.pages.charts.emissions import emissions as drawn

    document = documents.emissions(found)
    other = "--format" if form else None
    wanted.write(session, lambda language, layout: drawn(document, language, layout=layout), other=other)


def _write(session: Session, found: EmissionsReport, output: Path, form: str | None) -> None:
    from traceledger.cli.rows import require_no_format, write_table
    from traceledger.documents import emissions as documents
    from traceledger.interop.tables.declared import EMISSIONS

    require_no_format(form)
    filters = {"participant": found.participant, "product": found.product}
    rows = documents.emissions_rows(found)
    write_table(session, EMISSIONS, rows, output, session.client.index, filters=filters)


def _print(session: Session, found: EmissionsReport, form: str | None) -> None:
    from traceledger.documents import emissions as documents

    if form == "csv":
        from traceledger.documents import flat

        click.echo(flat.csv(documents.emissions_rows(found)), nl=False)
        return
    if form == "json":
        session.output.as_json = True
    session.output.result(documents.emissions(found), lambda: _drawn(found))


def _drawn(found: EmissionsReport) -> RenderableType:
    from rich.console import Group

    from traceledger.cli.output import styled, table
    from traceledger.reporting import BASIS

    whose = found.participant or "all participants"
    earlier = [year for year in found.years if year != found.year]
    columns = (found.by, str(found.year), *map(str, earlier), "change", "per tonne", f"per {found.product}")
    rows = [(row.group, *_line(found, row.figures)) for row in found.rows]
    rows.append(("total", *_line(found, found.total)))
    parts: list[RenderableType] = [
        styled(f"Emissions of {whose}, {found.year}", "bold"),
        "",
        table(columns, rows, right=columns[1:], edge=True),
        "",
        *_notes(found),
        styled(BASIS, "dim"),
    ]
    return Group(*parts)


def _line(found: EmissionsReport, figures: Mapping[int, Figures]) -> tuple[str, ...]:
    from traceledger.reporting.figures import change

    now = figures[found.year]
    earlier = [year for year in found.years if year != found.year]
    since = change(now.total_mg, figures[found.year - 1].total_mg)
    return (
        _amount(now.total_mg),
        *(_amount(figures[year].total_mg) for year in earlier),
        "" if since is None else f"{since:+.1f} %",
        _amount(now.per_tonne_mg),
        _amount(now.per_product_mg),
    )


def _amount(milligrams: int | None) -> str:
    from traceledger.cli.figures import mass

    return "" if milligrams is None else mass(milligrams)


def _notes(found: EmissionsReport) -> list[RenderableType]:
    notes: list[RenderableType] = []
    wrong = found.in_error[found.year].total_mg
    if wrong:
        notes.append(f"declared in error, and in no total: {_amount(wrong)} CO2e")
    changed = found.restated_mg.get(found.year, 0)
    if changed:
        notes.append(f"restated since: {'+' if changed > 0 else ''}{_amount(changed)} CO2e, in these figures")
    for row in found.waste:
        left = f", of which it holds {_amount(row.left_mg)} still"
        notes.append(f"on waste of {row.facility}, and in no total: {_amount(row.made_mg)} CO2e{left}")
    path = found.path
    if path is not None:
        notes.append(f"target: {_aim(path, found.product)}; {_verdict(path)}")
    return notes


def _aim(path: ReductionPath, product: str) -> str:
    measure = _MEASURES[path.measure].format(product)
    return f"{float(path.target.percent):g} % less by {path.target.year} than in {path.base_year}, {measure}"


def _verdict(path: ReductionPath) -> str:
    if path.reached is None:
        return "there is no figure for both years, so nothing can be said"
    found = f"{_amount(path.actual_mg)} CO2e, where the straight path allows {_amount(path.allowed_mg)}"
    return f"{found}: {'on the path' if path.reached else 'above the path'}"
