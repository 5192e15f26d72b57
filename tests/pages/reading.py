"""A page read back with the standard library alone: its figures, tables, links and headings."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset("meta link br input hr img rect path use line circle".split())


@dataclass
class Table:
    """A table: its caption, and the text of each row's cells."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)


class Page(HTMLParser):
    """What stands on a page.

    Attributes:
        figures: of each ``data`` element its value and its text.
        tables: in their order.
        links: every ``href`` and ``src``.
        headings: text of each ``h2``.
        ids: every ``id``.
        text: all text but that of styles, scripts and pictures.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.figures: list[tuple[str, str]] = []
        self.times: list[tuple[str, str]] = []
        self.tables: list[Table] = []
        self.links: list[str] = []
        self.headings: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.parts: list[str] = []
        self._open: list[str] = []
        self._heard: list[tuple[str, str, list[str]]] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    def table(self, caption: str) -> Table:
        return next(each for each in self.tables if each.caption == caption)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in given.items()]
        self.links += [given[name] for name in ("href", "src") if name in given and tag != "use"]
        self.ids += [given["id"]] if "id" in given else []
        if tag == "table":
            self.tables.append(Table())
        if tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag not in _VOID:
            self._open.append(tag)
        if tag in ("data", "time", "caption", "th", "td", "h2"):
            self._heard.append((tag, given.get("value", given.get("datetime", "")), []))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        if not self._heard or self._heard[-1][0] != tag:
            return
        _, value, parts = self._heard.pop()
        text = " ".join("".join(parts).split())
        match tag:
            case "data":
                self.figures.append((value, text))
            case "time":
                self.times.append((value, text))
            case "h2":
                self.headings.append(text)
            case "caption":
                self.tables[-1].caption = text
            case _:
                self.tables[-1].rows[-1].append(text)

    def handle_data(self, data: str) -> None:
        if {"style", "script", "svg"} & set(self._open):
            return
        self.parts.append(data)
        for _, _, parts in self._heard:
            parts.append(data)
