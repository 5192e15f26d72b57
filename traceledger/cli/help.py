"""``traceledger help``: what messages refer to, which comes with the program."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from traceledger.cli.commands import Command
from traceledger.cli.completing import Named
from traceledger.cli.context import Session, with_session

if TYPE_CHECKING:
    from traceledger.documents.topics import Topics

_WIDTH = 100


@click.command("help", cls=Command)
@click.argument("topic", nargs=-1, metavar="[TOPIC]...", type=Named(lambda _, __: _topics().names()))
@with_session
def help_(session: Session, topic: tuple[str, ...]) -> None:
    """Explain TOPIC: a page, section, word, refusal or command; or list the pages and sections.

    Such as errors or docs/errors.md, exit-codes, environment, units, "black mass", BatchIsFrozen, batch mint.
    """
    from traceledger.documents import program as documents
    from traceledger.errors import InputError
    from traceledger.languages.phrases import phrase
    from traceledger.model.spelling import nearest
    from traceledger.model.suggestions import did_you_mean

    topics = _topics()
    if not topic:
        _list(session, topics)
        return
    asked = " ".join(topic)
    if (found := topics.find(asked)) is not None:
        _show(session, documents.page(found.name, found.path, found.text), found.text)
    elif (told := _of_command(topic)) is not None:
        session.output.page(documents.command_help(asked, told), told)
    else:
        near = nearest(asked, topics.names())
        hint = did_you_mean(near) if near else phrase("traceledger help lists them")
        raise InputError(phrase("there is no topic {topic}", topic=repr(asked)), hint=hint)


def _topics() -> Topics:
    from traceledger.documents.topics import Topics

    return Topics(_folder())


def _list(session: Session, topics: Topics) -> None:
    from traceledger.cli.output import table
    from traceledger.documents import program as documents

    rows = [(name, topics.title(name), path) for name, path in topics.pages.items()]
    sections = [(each.name, each.title, each.path) for each in topics.sections]
    session.output.result(
        documents.pages(rows, sections),
        lambda: table(("topic", "title", "path"), [*rows, *sections], drop=("path",)),
    )


def _show(session: Session, document: object, text: str) -> None:
    """The page as it is; on a terminal, with its tables and headings drawn."""
    if session.json or not sys.stdout.isatty():
        session.output.page(document, text)
        return
    from rich.constrain import Constrain
    from rich.markdown import Markdown

    session.output.result(document, lambda: Constrain(Markdown(text, hyperlinks=False), _WIDTH))


def _of_command(words: Sequence[str]) -> str | None:
    """The help of the command of these words."""
    from traceledger.cli.root import root

    context = click.Context(root, info_name="traceledger")
    found: click.Command = root
    for word in words:
        inner = found.get_command(context, word) if isinstance(found, click.Group) else None
        if inner is None:
            return None
        context, found = click.Context(inner, info_name=word, parent=context), inner
    return found.get_help(context)


def _folder() -> Path:
    """Where the pages are: in the installed package, or in the clone that the package is used from."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "docs"
    return inside if inside.is_dir() else package.parent / "docs"
