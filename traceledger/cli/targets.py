"""Files that commands write: none in the place of another one unasked, and never one of a network's own.

A parameter of the type :class:`~traceledger.cli.options.Target` is all that a command needs: what is asked,
and ``--yes``, follow from it. Files that nobody may replace (secrets, backups) are made by
``storage.files.create``, which refuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.cli.figures import size

if TYPE_CHECKING:
    from pathlib import Path

    from traceledger.cli.context import Session


def may_replace(session: Session, path: Path) -> None:
    """Ask whether a file shall be replaced, where there is one.

    Raises:
        InputError: it belongs to the network, or nobody confirmed it.
        Abort: the answer is no.
    """
    # A device or a pipe is written into, and not lost; links are replaced themselves.
    if not path.is_file():
        return
    from traceledger.cli.questions import can_ask, confirm
    from traceledger.errors import InputError
    from traceledger.languages.phrases import phrase

    if _is_own(session, path):
        raise InputError(
            phrase("it belongs to the network, and is never replaced so"),
            where=path,
            hint=phrase("choose another name"),
        )
    about = path.stat()
    said = phrase(
        "exists already ({size}, changed {when})", size=size(about.st_size), when=_when(about.st_mtime)
    )
    if not session.yes and not can_ask():
        raise InputError(
            said,
            where=path,
            hint=phrase("choose another name; run it at a terminal, or say --yes, to replace it"),
        )
    confirm(session, f"{path} is replaced", question=f"{path} {said}. Replace it?")


def _is_own(session: Session, path: Path) -> bool:
    """Whether a file is the networks.toml in force, or what the chosen network keeps: chain, index, keys."""
    from traceledger.errors import TraceLedgerError

    try:
        network = session.chosen()
    except TraceLedgerError:
        return False
    kept = (
        network.source,
        network.chain_file,
        network.head_file,
        network.authority_file,
        network.index_file,
        network.outbox_file,
        network.disclosures_file,
        network.tokens_file,
        network.access_key_file,
    )
    same = any(own.is_file() and path.samefile(own) for own in kept)
    return same or network.keys.resolve() in path.resolve().parents


def _when(seconds: float) -> str:
    from traceledger.model.units import format_time

    return format_time(int(seconds))
