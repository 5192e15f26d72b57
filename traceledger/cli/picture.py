"""Results as pictures: ``--svg FILE`` of the commands whose results can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceledger.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from traceledger.cli.context import Session
    from traceledger.languages import Language
    from traceledger.pages.charts.marks import Layout, Picture

    Draw = Callable[[Language, Layout], Picture]

Function = TypeVar("Function", bound=Callable[..., Any])
_STDOUT = "-"


class Wanted:
    """What is asked for: whether there is to be a picture, and how.

    Args:
        target: the file, ``-`` for standard output; ``None``: no picture.
        lang: code of its language; ``None``: English.
        narrow: for a narrow place.
        disclosed: with private texts that are known here.

    Raises:
        InputError: it is said how, and no picture is asked for.
    """

    def __init__(self, target: str | None, *, lang: str | None, narrow: bool, disclosed: bool) -> None:
        for option, given in (("--lang", lang), ("--narrow", narrow), ("--disclosed", disclosed)):
            if given and target is None:
                raise InputError(
                    "it is about a picture, and none is asked for", where=option, hint="give --svg"
                )
        self._target = target
        self._lang = lang
        self._narrow = narrow
        self.disclosed = disclosed

    def __bool__(self) -> bool:
        return self._target is not None

    @property
    def instead(self) -> bool:
        """Whether the picture takes the place of the result, on standard output."""
        return self._target == _STDOUT

    def write(self, session: Session, draw: Draw, *, other: str | None = None) -> None:
        """Draw, and write the picture; before the result, which is not printed where the file is refused.

        Args:
            session: of the run.
            draw: makes the picture in a language and a layout.
            other: an option, given too, that wants standard output.

        Raises:
            InputError: the file is there, or standard output is wanted twice.
        """
        if self._target is None:
            return
        other = "--json" if session.json else other
        if self.instead and other:
            raise InputError(f"{other} wants standard output too", where="--svg", hint="name a file")
        content = self._drawn(draw)
        if self.instead:
            # The bytes: an SVG says itself that it is UTF-8, whatever the terminal's encoding is.
            click.echo(content, nl=False)
            return
        _create(session, self._target, content, private=self.disclosed)

    def _drawn(self, draw: Draw) -> bytes:
        from traceledger.languages import ENGLISH, language
        from traceledger.pages.charts.marks import NARROW, WIDE
        from traceledger.pages.charts.svg import svg

        spoken = language(self._lang) if self._lang else ENGLISH
        picture = draw(spoken, NARROW if self._narrow else WIDE)
        return svg(picture, spoken, standalone=True).encode()


def _create(session: Session, target: str, content: bytes, *, private: bool) -> None:
    from pathlib import Path

    from traceledger.storage.files import EVERYBODY, OWNER_ONLY, create

    path: Path = Path(target)
    create(path, content, mode=OWNER_ONLY if private else EVERYBODY)
    session.output.say(f"picture written to {path}")


def svg_options(function: Function) -> Function:
    """``--svg FILE``, and ``--lang`` and ``--narrow`` of the picture."""
    narrow = click.option("--narrow", is_flag=True, help="The picture for a telephone.")
    lang = click.option(
        "--lang", metavar="CODE", help="The picture's language: en (default), de, sv, da, nl, fr, zh-Hans."
    )
    target = click.option(
        "--svg",
        type=click.Path(dir_okay=False, allow_dash=True),
        metavar="FILE",
        help="Draw it as a picture too, into a new file; '-': onto stdout instead of the result.",
    )
    return target(lang(narrow(function)))


def disclosed_picture_option(function: Function) -> Function:
    """``--disclosed``, of a picture: others may get it, and private texts only if that is asked for."""
    return click.option(
        "--disclosed",
        is_flag=True,
        help="In the picture, the private texts that are known here, not their commitments.",
    )(function)
