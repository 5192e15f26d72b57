"""``proof verify --packet``: the folder with proof, verdict and papers that an authority gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from traceledger.cli.context import Session
    from traceledger.proofs.verdicts.judgement import Judge, Judgement
    from traceledger.proofs.verdicts.packet import Judged

F = TypeVar("F", bound=Callable[..., Any])
_FOLDER = click.Path(path_type=Path, file_okay=False)


def packet_options(function: F) -> F:
    """Where a packet is written, and where its documents are."""
    papers = click.option(
        "--papers",
        type=_FOLDER,
        metavar="FOLDER",
        help="Where documents are that the packet is to hold.",
    )
    packet = click.option(
        "--packet",
        type=_FOLDER,
        metavar="FOLDER",
        help="Write proof, verdict, hand-overs and papers there, if nothing refuses it: for an authority.",
    )
    return packet(papers(function))


def require_packet(judge: Judge, proof: Path, packet: Path | None, papers: Path | None) -> Judged:
    """That a packet can be made of what is asked; the proof file as it is before it is judged.

    Raises:
        InputError: it cannot: nothing asks about hand-overs, or no folder is named, or it is there.
    """
    from traceledger.errors import InputError
    from traceledger.proofs.verdicts.chain import UnbrokenChain
    from traceledger.proofs.verdicts.packet import Judged
    from traceledger.storage.files import digest_of

    if packet is None:
        raise InputError("no packet is asked for", where="--papers", hint="name its folder with --packet")
    if judge.policy is None or not any(isinstance(each, UnbrokenChain) for each in judge.policy.questions):
        raise InputError(
            "a packet needs a policy that asks for the chain of custody",
            where="--packet",
            hint="for instance --policy uflpa, or a file with a table [chain]",
        )
    if packet.exists() and (not packet.is_dir() or any(packet.iterdir())):
        raise InputError("it is there, and not empty", where=packet, hint="name another folder, or empty it")
    return Judged(proof, digest_of(proof))


def write_packet(session: Session, made: Judgement, proof: Judged, folder: Path, papers: Path | None) -> None:
    """Write the packet of a proof that is accepted.

    Raises:
        InputError: it cannot be written.
    """
    from traceledger.documents import verdicts as documents
    from traceledger.model.counting import counted
    from traceledger.proofs.verdicts import packet
    from traceledger.proofs.verdicts.listed import NobodyListed

    handovers = made.figures("chain")["handovers"]
    wanted = [paper["sha256"] for each in handovers for paper in each["papers"]]
    found = packet.papers_in(papers, wanted)
    files = documents.packet(made, found)
    for question in made.policy.questions if made.policy else ():
        if isinstance(question, NobodyListed):
            files["listed-entities.csv"] = question.entities.content
    packet.write(folder, proof, files, found, private=bool(made.found.disclosed))
    missing = "" if not found.missing else f"; {counted(len(found.missing), 'document')} not in it"
    session.output.say(f"packet written to {folder}{missing}")
