"""A list of entities: a CSV file with names, further names, identifiers, and addresses on the ledger.

Names are compared by their words, without regard to case, accents, punctuation and legal forms (*Co., Ltd.*).
Lists of authorities write more names into a name, ``A Co. (including one alias: B Co.)``: those count, too.

Example:
    >>> words_of("Société d'Exemple, S.A.") == words_of("SOCIETE D EXEMPLE")
    True
    >>> names_in("A Co. (including two aliases: B; and C)")
    ['A Co.', 'B', 'C']
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from traceledger.errors import InputError, Place
from traceledger.model.hexadecimal import parsed_address
from traceledger.model.identifiers import Identifier, checked
from traceledger.proofs.verdicts import csv_rows

MOST_BYTES = 2**24
Words = tuple[str, ...]
_COLUMNS = ("name", "alt_names", "identifiers", "addresses")
_FORMS = frozenset(
    "co company corp corporation inc incorporated llc ltd limited plc gmbh ag sa sas srl spa bv nv ab oy oyj"
    " as kg kgaa pte pty sarl spzoo jsc pjsc ooo oao zao group holding holdings the and".split()
)
_HINT = (
    "a CSV file with a column name, and perhaps alt_names, identifiers (lei:…; gln:…) and addresses (0x…),"
    " several of them with semicolons between"
)
_FEWEST_WORDS, _FEWEST_LETTERS = 2, 4
_ALIASES = re.compile(
    r"\(\s*(?:including\b[^:()]*\balias(?:es)?|also known as|formerly(?: known as)?|[af]\.?k\.?a\.?)"
    r"\s*:?(.*)\)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A listed entity: its names, identifiers, addresses on the ledger, and the line where it stands."""

    names: tuple[str, ...]
    identifiers: frozenset[Identifier]
    addresses: frozenset[bytes]
    line: int


class EntityList:
    """A list, with the name, SHA-256 and bytes of its file, and columns that were not compared."""

    def __init__(
        self, name: str, content: bytes, entities: tuple[Entity, ...], ignored: tuple[str, ...]
    ) -> None:
        self.name, self.content, self.entities, self.ignored = name, content, entities, ignored
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._named: dict[str, Entity] = {}
        self._identified: dict[Identifier, Entity] = {}
        self._addressed: dict[bytes, Entity] = {}
        self._words: list[tuple[Words, Entity]] = []
        for entity in entities:
            for words in dict.fromkeys(map(words_of, entity.names)):
                if words:
                    self._named.setdefault("".join(words), entity)
                    self._words.append((words, entity))
            self._identified |= {each: entity for each in entity.identifiers if each not in self._identified}
            self._addressed |= {each: entity for each in entity.addresses if each not in self._addressed}

    def listed(self, names: Iterable[str], identifiers: Iterable[Identifier], address: bytes) -> Match | None:
        """The entity that somebody of these names, identifiers and address is."""
        for each in identifiers:
            if each in self._identified:
                return Match(self._identified[each], "identifier")
        if address in self._addressed:
            return Match(self._addressed[address], "address")
        for name in names:
            if (found := self._named.get("".join(words_of(name)))) is not None:
                return Match(found, "name")
        return None

    def alike(self, names: Iterable[str]) -> Match | None:
        """The first entity of which a name holds one of these, or is held by one; legal forms aside."""
        ours = [words for name in names if (words := words_of(name))]
        for theirs, entity in self._words:
            if any(_holds(theirs, words) or _holds(words, theirs) for words in ours):
                return Match(entity, "likeness")
        return None


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that was found, and by what: ``identifier``, ``address``, ``name`` or ``likeness``."""

    entity: Entity
    by: str


def load(path: Path) -> EntityList:
    """A list of entities.

    Raises:
        InputError: it cannot be read, or a line of it is not understood.
    """
    listed = csv_rows.load(path, MOST_BYTES, _require_columns, _entity, _HINT)
    if not listed.rows:
        raise InputError("it lists nobody", where=Place(path), hint=_HINT)
    ignored = tuple(dict.fromkeys(head for head in listed.heads if head and head not in _COLUMNS))
    return EntityList(path.name, listed.content, listed.rows, ignored)


def _require_columns(heads: Sequence[str], where: Place) -> None:
    if "name" not in heads:
        raise InputError("it has no column name", where=where, hint=_HINT)
    if twice := next((head for head in _COLUMNS if heads.count(head) > 1), ""):
        raise InputError(f"the column {twice!r} is there twice", where=where, hint=_HINT)


def _entity(row: dict[str, str], where: Place) -> Entity:
    cells = dict.fromkeys(_COLUMNS, "") | row
    if not cells["name"].strip():
        raise InputError("an entity has no name", where=where.within("name"), hint=_HINT)
    names = [
        *names_in(cells["name"]),
        *(name for each in _several(cells["alt_names"]) for name in names_in(each)),
    ]
    if not any(map(words_of, names)):
        raise InputError(f"{names[0]!r} is no name", where=where.within("name"), hint=_HINT)
    return Entity(
        tuple(names),
        frozenset(_identifier(text, where) for text in _several(cells["identifiers"])),
        frozenset(_address(text, where) for text in _several(cells["addresses"])),
        where.line or 0,
    )


def _identifier(text: str, where: Place) -> Identifier:
    scheme, colon, value = text.partition(":")
    within = where.within("identifiers")
    if not colon:
        raise InputError(f"{text!r} is no identifier", where=within, hint="write lei:… or gln:…")
    try:
        return checked(scheme, value)
    except InputError as error:
        raise InputError(error.what, where=within, hint=error.hint) from None


def _address(text: str, where: Place) -> bytes:
    if (address := parsed_address(text)) is None:
        hint = "an address is 0x and 40 hexadecimal digits; postal addresses are not on the ledger"
        raise InputError(f"{text!r} is no address of a ledger", where=where.within("addresses"), hint=hint)
    return address


def _several(cell: str) -> list[str]:
    return [text.strip() for text in cell.split(";") if text.strip()]


def names_in(text: str) -> list[str]:
    """The names that are written into one."""
    if (found := _ALIASES.search(text)) is None:
        return [text.strip()]
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    others = (re.sub(r"^and\s+", "", each, flags=re.IGNORECASE) for each in _several(found[1]))
    return [each for each in (rest, *others) if each]


def words_of(name: str) -> Words:
    """The words of a name that say whose it is."""
    decomposed = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # What stands between letters of an abbreviation, as in S.A., parts no words.
    words = re.split(r"[\W_]+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain))
    told = tuple(word for word in words if word)
    return tuple(word for word in told if word not in _FORMS) or told


def _holds(longer: Words, shorter: Words) -> bool:
    """Whether the words of one name stand in another, one after the other; a single word says nothing."""
    size = len(shorter)
    if size < _FEWEST_WORDS and (shorter[0].isascii() or len(shorter[0]) < _FEWEST_LETTERS):
        return False
    return any(longer[start : start + size] == shorter for start in range(len(longer) - size + 1))
