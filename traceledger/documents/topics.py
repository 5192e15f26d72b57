"""What the program can explain: pages of its documentation, their sections, words, and refusals.

All of it stands in docs/, which ships with the program; nothing is written twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_SECTIONED = ("cli", "operations", "errors")
"""Pages whose sections are topics by themselves."""
_ALSO = {
    "environment": "options of every command",
    "options": "words of commands and options",
    "verbs": "words of commands and options",
    "units": "how things are written",
    "times": "how things are written",
    "percentages": "how things are written",
    "names": "how things are written",
    "pager": "on a terminal",
}
"""Topics that have another name where they are explained."""
_SECTION = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!## ).*\n?)*)", re.MULTILINE)
_ROW = re.compile(r"^\|([^|]+)\|([^|]+)\|([^|]*)\|$", re.MULTILINE)
_REFUSAL = re.compile(r"^\| `(?P<term>\w+)` \| (?P<what>[^|]+) \| (?P<mend>[^|]+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Topic:
    """Something that is explained.

    Attributes:
        name: as it is asked for.
        title: in words.
        text: what is said of it, in Markdown.
        path: the page on which it stands.
    """

    name: str
    title: str
    text: str
    path: Path


class Topics:
    """All topics of a folder of pages.

    Args:
        folder: where the pages are.
    """

    def __init__(self, folder: Path) -> None:
        self.pages = {path.stem: path for path in sorted(folder.glob("*.md"))}

    def title(self, page: str) -> str:
        """What a page calls itself."""
        with self.pages[page].open(encoding="utf-8") as file:
            return file.readline().removeprefix("#").strip()

    def find(self, asked: str) -> Topic | None:
        """The topic of that name: a page, a section, a word of the glossary, or a refusal; else ``None``."""
        name = asked.partition("#")[0].removeprefix("docs/").removesuffix(".md")
        if name in self.pages:
            return Topic(name, self.title(name), self.pages[name].read_text("utf-8"), self.pages[name])
        return self._smaller.get(key(asked))

    @property
    def sections(self) -> list[Topic]:
        """The sections that are topics by themselves."""
        return [*self._sections.values()]

    def names(self) -> list[str]:
        """Everything that :meth:`find` finds."""
        return [*self.pages, *(topic.name for topic in self._smaller.values()), *_ALSO]

    @cached_property
    def _sections(self) -> dict[str, Topic]:
        pages = (self.pages[page] for page in _SECTIONED if page in self.pages)
        found: dict[str, Topic] = {}
        for path in pages:
            for match in _SECTION.finditer(_outside_of_code(path.read_text("utf-8"))):
                name = key(match["title"])
                text = f"## {match['title']}\n{match['text']}"
                found.setdefault(name, Topic(name, match["title"], text, path))
        return found

    @cached_property
    def _smaller(self) -> Mapping[str, Topic]:
        found = dict(self._sections)
        found |= {
            name: found[key(at)] for name, at in _ALSO.items() if key(at) in found and name not in found
        }
        for topic in (*self._words(), *self._refusals()):
            found.setdefault(key(topic.name), topic)
        return found

    def _words(self) -> Iterator[Topic]:
        if (path := self.pages.get("glossary")) is None:
            return
        for match in _ROW.finditer(path.read_text("utf-8")):
            term, meaning, standard = (cell.strip() for cell in match.groups())
            if set(term) == {"-"} or term == "term":
                continue
            source = f" ({standard})" if standard else ""
            for name in term.split(", "):
                yield Topic(name, term, f"{term}: {meaning}{source}\n", path)

    def _refusals(self) -> Iterator[Topic]:
        if (path := self.pages.get("errors")) is None:
            return
        for match in _REFUSAL.finditer(path.read_text("utf-8")):
            name, what, mend = match["term"], match["what"], match["mend"]
            yield Topic(name, name, f"{name}: {what}.\n\nTo mend it: {mend}.\n", path)


def key(name: str) -> str:
    """A name as it is compared: ``exit-codes`` for ``Exit codes``."""
    return "-".join(name.lower().replace("-", " ").split())


def _outside_of_code(text: str) -> str:
    """The text, lines of code that look like headings indented, so that they are none."""
    parts = text.split("```")
    return "```".join(part.replace("\n## ", "\n ## ") if at % 2 else part for at, part in enumerate(parts))
