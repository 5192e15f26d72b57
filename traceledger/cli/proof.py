"""``traceledger proof``: a batch's history in one file that anyone can verify offline."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.commands import Group
from traceledger.cli.context import Session, with_session
from traceledger.cli.options import Target, as_of_option, unlocking
from traceledger.cli.output import fields
from traceledger.cli.proof_conditions import judge_of, policy_options
from traceledger.cli.proof_packet import packet_options, require_packet, write_packet
from traceledger.cli.targets import may_replace
from traceledger.documents import proofs as documents
from traceledger.model.commitments import GROUPS

if TYPE_CHECKING:
    from traceledger.proofs import Checkpoint

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
@click.argument("batch")
@click.option("-o", "--output", "target", type=Target(), required=True, metavar="FILE", help="File to write.")
@as_of_option
@click.option(
    "--linked/--not-linked",
    default=None,
    help="Write all headers in between; by default only where seals do not prove them.",
)
@_checkpoints
@click.option("--disclose", is_flag=True, help="With the private texts of its lineage; for yourself alone.")
@_hide
@with_session
def export(
    session: Session,
    batch: str,
    *,
    target: Path,
    as_of: int | None,
    linked: bool | None,
    checkpoints: Sequence[Path],
    disclose: bool,
    hide: frozenset[str],
) -> None:
    """Write the proof file of BATCH: its lineage's events, their receipts, and the contracts' state.

    It is verified before it appears. Private texts stay out of it but with --disclose, which refuses a FILE
    that is there.
    """
    client = session.synced()
    found, kinds = _read(checkpoints), _disclosed(disclose, hide)
    outcome = client.export_proof(
        batch, target, block=as_of, checkpoints=found, linked=linked, disclose=kinds
    )
    document = documents.exported(target, outcome)
    session.output.result(document, lambda: fields(document.items()))


@proof.command()
@click.argument("file", type=_FILE)
@click.argument("batch")
@click.option("--trust-root", "root", type=_FILE, required=True, help="What you believe beforehand.")
@click.option(
    "--successor",
    "successors",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="What took the trust root's place. Repeat.",
)
@_checkpoints
@policy_options
@packet_options
@with_session
def verify(
    session: Session,
    /,
    file: Path,
    batch: str,
    *,
    root: Path,
    successors: Sequence[Path],
    checkpoints: Sequence[Path],
    **conditions: Any,
) -> None:
    """Verify offline that the proof FILE is true, and about BATCH: no network, no index, no node.

    BATCH is its full name, creator/identifier, or its id. Exit code 3: not proved, or about another batch; 4:
    proved, but refused by your conditions or policy; 2: not a proof file, or not a policy.
    """
    from traceledger.cli.verified_proof import drawn
    from traceledger.documents.verdicts import judged
    from traceledger.errors import NotAcceptedError
    from traceledger.proofs import follow, load_successor, load_trust_root
    from traceledger.proofs import verify as verify_file

    packet, papers = conditions.pop("packet"), conditions.pop("papers")
    judge = judge_of(conditions)
    asked = None if packet is None and papers is None else require_packet(judge, file, packet, papers)
    trusted = follow(load_trust_root(root), [load_successor(path) for path in successors])
    judge.require_freshness(trusted)
    made = judge.judge(verify_file(file, batch, trusted, checkpoints=_read(checkpoints)))
    if asked is not None and not made.reasons:
        write_packet(session, made, asked, packet, papers)
    session.output.result(judged(made), lambda: drawn(made))
    if made.reasons:
        raise NotAcceptedError("; ".join(made.reasons), where=made.found.trace.batch)


@proof.command()
@click.argument("file", type=_FILE)
@_hide
@click.option(
    "-o", "--output", "target", type=Target(), metavar="FILE", help="Default: beside it, as .redacted."
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
    if target is None:
        may_replace(session, made)
    done = redact_file(file, made, hide)
    session.output.result(documents.redacted(made, done), lambda: drawn(done, made))


@proof.command()
@click.option("--key", "name", required=True, metavar="KEY", help="Stored key of the witness.")
@click.option("--block", type=click.IntRange(min=0), metavar="BLOCK", help="Default: the newest final block.")
@click.option("-o", "--output", "target", type=Target(), required=True, metavar="FILE", help="File to write.")
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


def _disclosed(disclose: bool, hide: frozenset[str]) -> frozenset[str]:
    """The kinds of private texts to disclose."""
    from traceledger.errors import InputError

    if hide and not disclose:
        raise InputError(
            "nothing is disclosed that could be hidden",
            where="--hide",
            hint="leave it out, or --disclose",
        )
    if unknown := sorted(hide - set(GROUPS)):
        raise InputError(f"{unknown[0]!r} cannot be hidden", hint=f"use {', '.join(GROUPS)}")
    return frozenset(GROUPS) - hide if disclose else frozenset()


def _read(paths: Sequence[Path]) -> tuple[Checkpoint, ...]:
    from traceledger.proofs import checkpoint as checkpoints

    return tuple(checkpoints.read(path) for path in paths)
