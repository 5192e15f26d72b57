"""What a handler is given, and what it answers.

Example:
    >>> form = Fields((("mass", "1 t"), ("lot", "A"), ("lot", "B")))
    >>> form["mass"], form.all("lot"), form.get("reason", "")
    ('1 t', ('A', 'B'), '')
    >>> Answer.to("/drafts").location
    '/drafts'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from traceledger.languages import Language
from traceledger.languages.phrases import in_language

if TYPE_CHECKING:
    from traceledger.web.desk.clerk import Clerk
    from traceledger.web.desk.desk import Desk
    from traceledger.web.desk.entrance import Session


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of workbooks."""


class Fields(Mapping[str, str]):
    """The fields of a form or of an address, in order; of a name that stands there more than once, the first.

    Args:
        pairs: names and values.
    """

    def __init__(self, pairs: tuple[tuple[str, str], ...] = ()) -> None:
        self.pairs = pairs

    def __getitem__(self, name: str) -> str:
        for known, value in self.pairs:
            if known == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for name, _ in self.pairs))

    def __len__(self) -> int:
        return len({name for name, _ in self.pairs})

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a name."""
        return tuple(value for known, value in self.pairs if known == name)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was given: its name, of which nothing leads elsewhere, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who was let in.

    Attributes:
        desk: what the pages read, and where drafts lie.
        session: of the browser.
        clerk: whose key is unlocked for this browser; ``None``: it is locked.
        language: of the page.
        path: the names in its path, by their slots.
        query: the parameters of its address.
        form: what was filled in.
        files: what was dropped, by the name of its field.
    """

    desk: Desk
    session: Session
    clerk: Clerk | None
    language: Language
    path: Mapping[str, str] = field(default_factory=dict)
    query: Fields = field(default_factory=Fields)
    form: Fields = field(default_factory=Fields)
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def said(self, text: str) -> str:
        """A phrase in the language of the page."""
        return in_language(text, self.language)

    def tell(self, text: str) -> None:
        """Say something on the next page, such as the one that an answer leads to."""
        self.session.notices.append(text)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler answers: a page of its row's template, another address, or a file.

    Attributes:
        values: what the template is given.
        template: another template than that of the row.
        status: of HTTP.
        location: a path of the desk, below its place, to go to.
        body: of a file or document.
        media: its media type.
        name: under which a file is saved; empty: it is shown.
        refresh: seconds after which the page is asked for again by itself; ``None``: never.
        spoken: code of the language in which pages are shown from now on; empty: as before.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    template: str = ""
    status: int = 200
    location: str = ""
    body: bytes | None = None
    media: str = ""
    name: str = ""
    refresh: int | None = None
    spoken: str = ""

    @classmethod
    def page(
        cls, *, status: int = 200, template: str = "", refresh: int | None = None, **values: Any
    ) -> Self:
        """The page of the row, with these values."""
        return cls(values, template, status, refresh=refresh)

    @classmethod
    def to(cls, path: str) -> Self:
        """Another page, to be asked for with GET."""
        return cls(status=303, location=path)

    @classmethod
    def file(cls, body: bytes, name: str, media: str) -> Self:
        """A file to be saved."""
        return cls(body=body, name=name, media=media)
