"""``traceledger help``: the pages that messages refer to, which come with the program."""

from __future__ import annotations

from pathlib import Path

import click

from traceledger.cli.commands import Command
from traceledger.cli.completing import Named
from traceledger.cli.context import Session, with_session


@click.command("help", cls=Command)
@click.argument("page", required=False, type=Named(lambda _, __: _pages()))
@with_session
def help_(session: Session, page: str | None) -> None:
    """Show the page PAGE of the documentation, such as errors or docs/errors.md; or list the pages."""
    from traceledger.cli.output import table
    from traceledger.documents import program as documents
    from traceledger.errors import InputError

    pages = _pages()
    if page is None:
        rows = [(name, _title(path), path) for name, path in pages.items()]
        session.output.result(documents.pages(rows), lambda: table(("page", "title", "path"), rows))
        return
    name = page.partition("#")[0].removeprefix("docs/").removesuffix(".md")
    if name not in pages:
        raise InputError(f"there is no page {page!r}", hint=f"the pages are {', '.join(pages)}")
    text = pages[name].read_text("utf-8")
    session.output.page(documents.page(name, pages[name], text), text)


def _pages() -> dict[str, Path]:
    """The pages by their names."""
    return {path.stem: path for path in sorted(_folder().glob("*.md"))}


def _folder() -> Path:
    """Where the pages are: in the installed package, or in the clone that the package is used from."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "docs"
    return inside if inside.is_dir() else package.parent / "docs"


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline().removeprefix("#").strip()
