"""``traceledger footprint --format pact``: the footprint as other companies' systems exchange it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from traceledger.errors import InputError, UnknownNameError
from traceledger.model.text import Surface, escaped

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.interop.masterdata import MasterData
    from traceledger.interop.pact.catalogue import Catalogue
    from traceledger.interop.pact.issues import Issued
    from traceledger.interop.pact.period import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says besides the batch or material.

    Attributes:
        masterdata: the company's file.
        since: first day of the reference period of a material.
        until: the last day.
        participant: who made the material; by default whose the file is.
        country: where it was made.
        output: the file to write; else standard output.
        sidecar: the file to write where each value comes from.
        incomplete: whether it is written although something that PACT requires is not known.
    """

    masterdata: Path | None
    since: str | None
    until: str | None
    participant: str | None
    country: str | None
    output: Path | None
    sidecar: Path | None
    incomplete: bool = False


def write(session: Session, name: str, asked: Asked) -> None:
    """Write the newest footprint of a batch, or of a material in a period.

    Raises:
        InputError: what is asked for is unclear, there is no such footprint, or something that PACT requires
            is not known.
        TraceLedgerError: it cannot be read.
    """
    from traceledger.interop.masterdata import load
    from traceledger.interop.pact.catalogue import Catalogue

    known = load(asked.masterdata)
    client = session.synced()
    catalogue = Catalogue(client.index, known, client.stages)
    found = _of(session, catalogue, known, name, asked)
    if not found:
        raise UnknownNameError(
            f"there is no footprint of {name}", hint="all of it was reversed, or is in error"
        )
    newest = found[0]
    if known and newest.maker != known.participant:
        session.output.say(f"master data of {known.participant} say nothing of what others made")
    for each in newest.exported.missing:
        word = "required, and missing" if each.required else "not known"
        session.output.detail(f"{each.pointer}: {word}: {each.why}")
    if newest.lacks and not asked.incomplete:
        raise InputError(
            f"{name}: PACT requires what nobody says here: {'; '.join(newest.lacks)}",
            hint="say it in the master data file (docs/pact.md), or write it so with --incomplete",
        )
    for lack in newest.lacks:
        session.output.say(f"not valid without {lack}")
    if not newest.is_active:
        session.output.say("it is deprecated, and there is no newer one: all was reversed, or is in error")
    document = dict(newest.exported.document)
    if asked.sidecar is not None:
        _put(asked.sidecar, newest.exported.sidecar())
    if asked.output is None:
        session.output.page(document, _text(document))
        return
    _put(asked.output, document)
    session.output.say(f"wrote {asked.output}")


def _of(session: Session, catalogue: Catalogue, known: MasterData, name: str, asked: Asked) -> list[Issued]:
    client = session.client
    if "/" in name or name.startswith("0x"):
        for option in ("since", "until", "participant", "country"):
            if getattr(asked, option) is not None:
                raise InputError("is of a material, and this is a batch", where=f"--{option}")
        return catalogue.of_batch(client.batch_id(name))
    from traceledger.interop.pact.subjects import Product

    period = _period(known, name, asked)
    maker = asked.participant or known.participant
    if not maker:
        raise InputError(
            f"whose {name} is not said", where="--participant", hint="name who made it, or --masterdata"
        )
    wanted = Product(
        participant=maker,
        material=name,
        since=period.start,
        until=period.end,
        country=asked.country or "",
    )
    groups = catalogue.of_product(wanted, period)
    if not groups:
        where = f" in {asked.country}" if asked.country else ""
        raise UnknownNameError(f"{maker} made no {name}{where} in that period")
    if len(groups) > 1:
        raise InputError(
            f"it was made in {', '.join(groups)}", where="--country", hint="each has a footprint of its own"
        )
    return next(iter(groups.values()))


def _period(known: MasterData, material: str, asked: Asked) -> Period:
    from traceledger.interop.pact.period import Period

    method = known.footprint_of(material)
    first = _day(asked.since, "--since") or method.reference_from
    last = _day(asked.until, "--until") or method.reference_until
    if first is None or last is None:
        raise InputError(
            "a material's footprint needs a reference period",
            where="--since" if first is None else "--until",
            hint="give --since DAY and --until DAY, or have them in master data",
        )
    if last < first:
        raise InputError("the period ends before it begins", where="--until")
    place = "--since and --until" if asked.since or asked.until else ""
    return Period.of_days(first, last, place)


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", where=option, hint="such as 2026-01-31") from None


def _text(document: object) -> str:
    return escaped(json.dumps(document, indent=2), Surface.JSON)


def _put(path: Path, document: object) -> None:
    from traceledger.storage.files import replace

    replace(path, _text(document) + "\n")
