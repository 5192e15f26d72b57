"""``traceledger material``: the kinds of material, and the substances tracked in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from traceledger.cli.context import Session, with_session
from traceledger.cli.lazy import Group
from traceledger.cli.options import evidence_option, recording
from traceledger.cli.output import table
from traceledger.cli.record import record_as_consortium
from traceledger.model.hexadecimal import id_text

if TYPE_CHECKING:
    from traceledger.model.registry import Material


@click.group(cls=Group)
def material() -> None:
    """Kinds of material."""


@material.command()
@click.argument("material")
@click.option("--name", required=True, help="Its full name.")
@click.option(
    "--substance", "substances", multiple=True, help="What is tracked in it: Co, mica. Repeat for more."
)
@click.option("--cas", default="", help="CAS number.")
@evidence_option
@recording
@with_session
def add(session: Session, /, **given: Any) -> None:
    """Define MATERIAL, as the consortium."""
    record_as_consortium(session, "define_material", given)


@material.command("list")
@with_session
def list_(session: Session) -> None:
    """List the materials."""
    found = session.synced().index.materials()
    documents = [_document(item) for item in found]
    session.output.result(
        {"materials": documents},
        lambda: table(
            ("material", "name", "substances", "CAS"),
            ((d["material"], d["name"], ", ".join(d["substances"]), d["cas"]) for d in documents),
        ),
    )


def _document(item: Material) -> dict[str, Any]:
    from traceledger.model.substances import symbol

    return {
        "material": item.slug,
        "id": id_text(item.id),
        "name": item.name,
        "cas": item.cas,
        "substances": [symbol(number) for number in item.substances],
    }
