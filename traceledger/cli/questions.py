"""Questions before something that cannot be undone: what exactly will happen, asked once.

Who runs a script says ``--yes``. Where nobody said so and nobody sits at a terminal, nothing is done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

import click

from traceledger.errors import InputError
from traceledger.languages.phrases import phrase

if TYPE_CHECKING:
    from traceledger.cli.context import Session

_FEW = 3


def can_ask() -> bool:
    """Whether somebody sits there who can read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(session: Session, what: str, *, question: str = "", told: Iterable[str] = ()) -> None:
    """Ask whether something shall be done that cannot be undone.

    Args:
        session: of the run; with ``--yes`` nobody is asked.
        what: will happen, as a clause that a refusal can end with: ``key katanga of 0x… is removed``.
        question: as it is asked; by default ``what`` with a question mark.
        told: sentences that say more, before the question; without one they are talk.

    Raises:
        InputError: nobody can be asked, and nobody said ``--yes``; nothing was done.
        Abort: the answer is no.
    """
    if not agreed(session, told, question or f"{what[:1].upper()}{what[1:]}. Go on?"):
        raise unconfirmed(what)


def agreed(session: Session, told: Iterable[str], question: str) -> bool:
    """Say what will happen, and ask unless ``--yes`` said so; false where nobody can be asked.

    Raises:
        Abort: the answer is no.
    """
    asks = not session.yes and can_ask()
    with session.output.paused():
        for line in told:
            # What is asked about is shown, however quiet the rest is to be.
            click.echo(_shown(line), err=True) if asks else session.output.say(line)
        if asks:
            click.confirm(_shown(question), err=True, abort=True)
    return session.yes or asks


def unconfirmed(what: str) -> InputError:
    """That nobody confirmed what cannot be undone."""
    return InputError(
        phrase("it was not confirmed that {what}", what=what),
        hint=phrase("run it at a terminal, or say --yes"),
    )


def grouped(words: Sequence[str]) -> str:
    """The first few of some sentences, and how many more there are."""
    more = len(words) - _FEW
    shown = [*words[:_FEW], *([phrase("and {number} more", number=more)] if more > 0 else [])]
    return reduce(lambda first, second: phrase("{first}; {second}", first=first, second=second), shown)


def _shown(text: str) -> str:
    from traceledger.cli.output import plain

    return plain(text)
