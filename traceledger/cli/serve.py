"""``traceledger serve``: the explorer and the API, on this machine or for others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from traceledger.cli.commands import Command
from traceledger.cli.context import SERVED, Session, with_session
from traceledger.cli.options import masterdata_option
from traceledger.errors import InputError, NetworkError

if TYPE_CHECKING:
    from traceledger.web.settings import PactSettings, ProofsFor, Reports, Tls

_STATUSES: Mapping[str, Literal[400, 401]] = {"400": 400, "401": 401}
_INSTALL = "pip install 'traceledger-evm[web]'"


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0: any free one."
)
@click.option(
    "--allowed-host", "allowed", multiple=True, metavar="NAME", help="A name that requests may call it by."
)
@click.option(
    "--cors", multiple=True, metavar="ORIGIN", help="A web page's origin whose scripts may read the API."
)
@click.option(
    "--proofs",
    type=click.Choice(("everybody", "token", "nobody")),
    default="everybody",
    show_default=True,
    help="Who may have proof files made.",
)
@click.option(
    "--forwarded-by",
    multiple=True,
    metavar="ADDRESS",
    help="A proxy's address, whose X-Forwarded-For says who asks.",
)
@click.option(
    "--tls-certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="PEM file of its certificate, for TLS.",
)
@click.option(
    "--tls-key", type=click.Path(path_type=Path, dir_okay=False), help="PEM file of the certificate's key."
)
@click.option(
    "--readers", type=click.IntRange(1, 64), default=4, show_default=True, help="Threads that read."
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Requests a second of one address or token.",
)
@click.option(
    "--burst", type=click.IntRange(min=1), default=600, show_default=True, help="Requests of it at once."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=600),
    default=20.0,
    show_default=True,
    help="Seconds that an answer may take to make.",
)
@click.option(
    "--departments",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file with a table departments, for pages of emissions; as emissions report takes it.",
)
@click.option("--base-year", type=click.IntRange(1970, 9999), help="A year to compare emissions with.")
@click.option("--target", metavar="TARGET", help="A reduction since the base year: '50% by 2030'.")
@click.option(
    "--measure",
    type=click.Choice(("product", "tonne", "absolute")),
    default="product",
    show_default=True,
    help="What the target is about.",
)
@click.option("--product", metavar="MATERIAL", help="What counts as a product; by default vehicle.")
@masterdata_option("TOML file of a company's master data, for documents of the industry and Digital Links.")
@click.option(
    "--partners",
    type=click.Path(path_type=Path, dir_okay=False),
    help="TOML file of those whose PACT requests by event are answered.",
)
@click.option(
    "--unknown-token",
    type=click.Choice(tuple(_STATUSES)),
    default="400",
    show_default=True,
    help="Status for a PACT access token that is none.",
)
@click.option(
    "--access-log",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A line of JSON for each request, into this file ('-': stderr).",
)
@with_session
def serve(
    session: Session,
    *,
    host: str,
    port: int,
    allowed: tuple[str, ...],
    cors: tuple[str, ...],
    proofs: ProofsFor,
    forwarded_by: tuple[str, ...],
    tls_certificate: Path | None,
    tls_key: Path | None,
    readers: int,
    rate: float,
    burst: int,
    timeout: float,
    departments: Path | None,
    base_year: int | None,
    target: str | None,
    measure: Literal["product", "tonne", "absolute"],
    product: str | None,
    masterdata: Path | None,
    partners: Path | None,
    unknown_token: str,
    access_log: Path | None,
) -> None:
    """Serve what the ledger says, for browsers and programs, until interrupted.

    Pages at / and documents at /api/v1; nothing is recorded. docs/serving.md has limits, and what stands
    in front of it where others are to read it.
    """
    require_web()
    from traceledger.documents import networks as documents
    from traceledger.interop.masterdata import load
    from traceledger.web.server import run
    from traceledger.web.settings import LOCAL_HOSTS, Limits, Settings

    session.serves = True
    reports = _reports(departments, base_year, target, measure, product)
    limits = Limits(readers=readers, rate=rate, burst=burst, request_seconds=timeout)
    settings = Settings(
        host,
        port,
        allowed,
        cors,
        access_log,
        forwarded_by=forwarded_by,
        proofs=proofs,
        limits=limits,
        reports=reports,
        tls=_tls(tls_certificate, tls_key),
        masterdata=load(masterdata),
        pact=_pact(partners, unknown_token),
    )
    client = session.client
    _catch_up(session)
    if not settings.stays_here and settings.tls is None and masterdata is not None:
        session.output.say(
            "the PACT API is answered over TLS only: "
            + (
                "the proxy must send X-Forwarded-Proto"
                if forwarded_by
                else "name --tls-certificate and --tls-key, or a proxy with --forwarded-by"
            )
        )
    if host not in LOCAL_HOSTS:
        plain = "; put a proxy with TLS before it, or name --tls-certificate and --tls-key"
        session.output.say(
            f"listening at {host}: whoever reaches it reads everything that is public on this ledger"
            + (f", without encryption{plain}" if settings.tls is None else "")
            + " (traceledger help serving)"
        )

    def ready(url: str) -> None:
        if session.json:
            session.output.result(documents.pages_served(url, client.network), lambda: url)
        session.output.say(f"serving network {client.network.name!r} at {url}; interrupt to stop")

    run(client, settings, ready)
    session.output.say(SERVED)


def _pact(partners: Path | None, unknown_token: str) -> PactSettings:
    """How the PACT API is served; the file is read before anything is."""
    from traceledger.web.pact.partners import load
    from traceledger.web.settings import PactSettings

    known = () if partners is None else load(partners)
    return PactSettings(known, _STATUSES[unknown_token])


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    """Both files, or neither; checked before anything is served."""
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        where = "--tls-certificate" if certificate is None else "--tls-key"
        raise InputError("TLS needs a certificate and its key", where=where, hint="name both files")
    from traceledger.web.settings import Tls
    from traceledger.web.tls import context

    context(certificate, key)
    return Tls(certificate, key)


def _reports(
    departments: Path | None,
    base_year: int | None,
    target: str | None,
    measure: Literal["product", "tonne", "absolute"],
    product: str | None,
) -> Reports:
    """What pages of emissions compare with, checked before anything is served."""
    from traceledger.reporting import Target, load_departments
    from traceledger.web.settings import Reports

    if target is not None:
        Target.parse(target)
        if base_year is None:
            raise InputError("a target needs a base year", where="--target", hint="add --base-year YEAR")
    return Reports(load_departments(departments), base_year, target, measure, product or "vehicle")


def require_web(*more: str) -> None:
    """Refuse where what the server runs on is not installed.

    Args:
        more: modules that it needs besides.

    Raises:
        InputError: it is not.
    """
    from importlib.util import find_spec

    missing = [name for name in ("starlette", "uvicorn", *more) if find_spec(name) is None]
    if missing:
        raise InputError(f"the server needs {' and '.join(missing)}", hint=_INSTALL)


def _catch_up(session: Session) -> None:
    """Bring the index up to date, or say that what it has is served."""
    try:
        session.synced()
    except NetworkError as error:
        if not session.client.network.index_file.exists():
            raise
        session.output.say(f"the chain is out of reach, and what is in the index is served: {error.sentence}")
