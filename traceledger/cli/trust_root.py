"""``traceledger trust-root``: what a verifier of proof files believes beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import Target, unlocking
from traceledger.cli.output import fields
from traceledger.documents import proofs as documents
from traceledger.model.hexadecimal import digits

if TYPE_CHECKING:
    from traceledger.proofs.trust import TrustRoot


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(cls=Group)
def trust_root() -> None:
    """What a verifier of proof files believes: which chain, which contracts, and who makes blocks final."""


@trust_root.command()
@click.option("-o", "--output", "target", type=Target(), metavar="FILE", help="File to write.")
@click.option("--witness", "witnesses", multiple=True, metavar="ADDRESS", help="A witness. Repeat.")
@click.option("--threshold", type=click.IntRange(min=1), help="How many of them it takes; default all.")
@click.option(
    "--pin", "pinned", multiple=True, type=click.IntRange(min=0), metavar="BLOCK", help="Believe it as it is."
)
@click.option(
    "--from-block",
    type=click.IntRange(min=0),
    default=0,
    metavar="BLOCK",
    help="Let nobody's seal count before; default: 0.",
)
@click.option("--expires", metavar="TIME", help="From when on it is not to be believed.")
@click.option(
    "--keeper", "keepers", multiple=True, metavar="ADDRESS", help="Who may sign its successor. Repeat."
)
@click.option("--keepers-needed", type=click.IntRange(min=1), help="How many of them it takes; default all.")
@with_session
def export(
    session: Session,
    *,
    target: Path | None,
    witnesses: tuple[str, ...],
    threshold: int | None,
    pinned: tuple[int, ...],
    from_block: int,
    expires: str | None,
    keepers: tuple[str, ...],
    keepers_needed: int | None,
) -> None:
    """Write the trust root of the network, as its chain stands now, to FILE (default: stdout).

    Whoever uses it must get it from somebody they trust, never beside a proof file.
    """
    from traceledger.cli.record import naming_options
    from traceledger.operations.readers import parse_time
    from traceledger.proofs.build.trust_roots import keepers_of
    from traceledger.storage.files import replace

    believed = [_address(text, "--witness") for text in witnesses]
    kept = keepers_of([_address(text, "--keeper") for text in keepers], keepers_needed)
    with naming_options():
        trusted = session.client.trust_root(
            witnesses=believed,
            threshold=threshold,
            pinned=pinned,
            from_block=from_block,
            expires=None if expires is None else parse_time(expires),
            keepers=kept,
        )
    if target is None:
        click.echo(trusted.dumps(), nl=False)
        return
    replace(target, trusted.dumps())
    session.output.result(documents.trust_root(trusted, target), lambda: fields(_lines(trusted).items()))


@trust_root.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_session
def show(session: Session, file: Path) -> None:
    """Show what the trust root FILE says; nothing is asked of any network."""
    from traceledger.proofs.trust import load

    trusted = load(file)
    session.output.result(documents.trust_root(trusted), lambda: fields(_lines(trusted).items()))


@trust_root.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@click.option("--key", "keys", multiple=True, required=True, metavar="KEY", help="A keeper's key. Repeat.")
@click.option(
    "--with", "others", multiple=True, type=_FILE, metavar="FILE", help="Signed by other keepers. Repeat."
)
@click.option("-o", "--output", "target", type=Target(), required=True, metavar="FILE", help="File to write.")
@unlocking
@with_session
def succeed(
    session: Session,
    old: Path,
    new: Path,
    keys: tuple[str, ...],
    others: tuple[Path, ...],
    target: Path,
) -> None:
    """Sign that the trust root NEW takes the place of OLD, as one of OLD's keepers.

    Where it takes several, each signs, and the last one puts together what all signed: --with.
    """
    from traceledger.proofs import load_successor, load_trust_root
    from traceledger.storage.files import replace

    before, after = load_trust_root(old), load_trust_root(new)
    made = session.client.succeed(before, after, keys=keys)
    for other in others:
        made = made.joined(load_successor(other))
    replace(target, made.dumps())
    document = documents.succession(made, before, target)
    session.output.result(document, lambda: fields(document.items()))


@trust_root.command()
@click.argument("old", type=_FILE)
@click.argument("successors", nargs=-1, required=True, type=_FILE, metavar="SUCCESSOR...")
@click.option("-o", "--output", "target", type=Target(), required=True, metavar="FILE", help="File to write.")
@with_session
def follow(session: Session, old: Path, successors: tuple[Path, ...], target: Path) -> None:
    """Write the newest trust root that each SUCCESSOR, signed by keepers, leads to from OLD."""
    from traceledger.proofs import follow as followed
    from traceledger.proofs import load_successor, load_trust_root
    from traceledger.storage.files import replace

    trusted = followed(load_trust_root(old), [load_successor(path) for path in successors])
    replace(target, trusted.dumps())
    session.output.result(documents.trust_root(trusted, target), lambda: fields(_lines(trusted).items()))


def _address(text: str, option: str) -> bytes:
    from traceledger.errors import InputError

    try:
        return digits(text, 20)
    except ValueError:
        hint = "0x and 40 digits"
        raise InputError(f"{text!r} is not an address", where=option, hint=hint) from None


def _lines(trusted: TrustRoot) -> dict[str, Any]:
    from traceledger.model.hexadecimal import hexed
    from traceledger.model.units import format_time
    from traceledger.proofs.succession import identity

    lines: dict[str, Any] = {
        "identity": hexed(identity(trusted)),
        "chain id": trusted.chain_id,
        "genesis hash": hexed(trusted.genesis_hash),
        "ledger": f"{hexed(trusted.ledger.address)}, code {hexed(trusted.ledger.code_hash)}",
        "registry": f"{hexed(trusted.registry.address)}, code {hexed(trusted.registry.code_hash)}",
        "sealing": trusted.sealing,
    }
    for each in trusted.validators.ranges:
        blocks = f"from block {each.first}" + ("" if each.last is None else f" to {each.last}")
        lines[blocks] = ", ".join(sorted(map(hexed, each.addresses)))
    if trusted.witnesses is not None:
        named = ", ".join(sorted(map(hexed, trusted.witnesses.addresses)))
        lines["witnesses"] = f"{trusted.witnesses.threshold} of {named}"
    if trusted.expires is not None:
        lines["expires"] = format_time(trusted.expires)
    if trusted.keepers is not None:
        named = ", ".join(sorted(map(hexed, trusted.keepers.addresses)))
        lines["keepers"] = f"{trusted.keepers.threshold} of {named}"
    for block in trusted.pinned:
        lines[f"pinned block {block.number}"] = hexed(block.hash)
    return lines
