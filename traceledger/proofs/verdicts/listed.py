"""That nobody of a list of entities took part: a CSV file with names, further names, and identifiers.

Names are compared without regard to case, accents, punctuation and legal forms (*Co., Ltd.*), identifiers by
scheme and value, ledger addresses as they are. A name that holds a listed one, or is held by one, is named as
alike: that is for a person to decide. Postal addresses, owners and former names are not on the ledger.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from traceledger.errors import InputError, Place
from traceledger.model.commitments import is_commitment
from traceledger.model.hexadecimal import hexed, parsed_address
from traceledger.model.identifiers import Identifier, checked
from traceledger.names import Names
from traceledger.proofs.verdicts.answer import Answer, listed, names_of
from traceledger.proofs.verify.report import VerifiedProof
from traceledger.storage.files import content_of, explained

MOST_BYTES = 2**24
_COLUMNS = ("name", "alt_names", "identifiers", "addresses")
_FORMS = frozenset(
    "co company corp corporation inc incorporated llc ltd limited plc gmbh ag sa sas srl spa bv nv ab oy oyj"
    " as kg kgaa pte pty sarl spzoo jsc pjsc ooo oao zao group holding holdings the and".split()
)
_HINT = (
    "a CSV file with a column name, and perhaps alt_names, identifiers (lei:…; gln:…) and addresses (0x…),"
    " several of them with semicolons between"
)
_FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Entity:
    """A listed entity: its names as the list has them, identifiers, and addresses on the ledger."""

    names: tuple[str, ...]
    identifiers: frozenset[Identifier]
    addresses: frozenset[bytes]
    line: int


@dataclass(frozen=True, slots=True)
class EntityList:
    """A list of entities: its file's name, SHA-256 and bytes, and columns that were not compared."""

    name: str
    sha256: str
    entities: tuple[Entity, ...]
    ignored: tuple[str, ...]
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class _Party:
    """A company or site of the lineage, and all that it is called."""

    name: str
    names: tuple[str, ...]
    identifiers: frozenset[Identifier]
    address: bytes
    private: bool


@dataclass(frozen=True, slots=True)
class NobodyListed:
    """Nobody of the list may be among the companies and sites that the lineage names."""

    entities: EntityList

    def ask(self, proof: VerifiedProof) -> Answer:
        """Who of the lineage is listed, who is called alike, and who could not be compared."""
        parties = list(_parties(proof, names_of(proof)))
        found = [
            (party, entity, how)
            for party in parties
            if (match := matched(party, self.entities))
            for entity, how in [match]
        ]
        certain = [(party, entity, how) for party, entity, how in found if how != "alike"]
        alike = [(party, entity) for party, entity, how in found if how == "alike"]
        private = [party.name for party in parties if party.private]
        reasons = [
            f"{party.name} is in {self.entities.name}: {entity.names[0]} (line {entity.line}, by its {how})"
            for party, entity, how in certain
        ]
        if private:
            reasons.append(
                f"the names of {listed(private)} are private, so that they cannot be compared with a list"
            )
        return Answer(
            "listed_entities",
            tuple(reasons),
            tuple(self._not_proved(alike)),
            (
                f"{len(parties)} companies and sites compared with {len(self.entities.entities)} entities of"
                f" {self.entities.name} (SHA-256 {self.entities.sha256})",
            ),
            {
                "list": self.entities.name,
                "sha256": self.entities.sha256,
                "entities": len(self.entities.entities),
                "compared": [party.name for party in parties],
                "found": [_match(*each) for each in found],
                "not_compared": private,
            },
        )

    def _not_proved(self, alike: Iterable[tuple[_Party, Entity]]) -> Iterator[str]:
        yield (
            f"That {self.entities.name} is the list in force: compare its hash, {self.entities.sha256}, with"
            " that of the authority's file."
        )
        yield (
            "Who owns or controls the companies, and what they were called before: names, identifiers and"
            " addresses on the ledger were compared, no postal addresses, owners or former names."
        )
        if self.entities.ignored:
            columns = listed(self.entities.ignored, 20)
            yield f"What the list says in other columns: {columns} were not compared."
        for party, entity in alike:
            yield f"That {party.name} is not {entity.names[0]} (line {entity.line}): their names are alike."


def load(path: Path) -> EntityList:
    """A list of entities.

    Raises:
        InputError: it cannot be read, or a line of it is not understood.
    """
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("not valid UTF-8", where=Place(path), hint=_HINT) from None
    digest = hashlib.sha256(content).hexdigest()
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heads = [head.strip().casefold() for head in next(rows, [])]
        if "name" not in heads:
            raise InputError("it has no column name", where=Place(path, 1), hint=_HINT)
        if twice := next((head for head in _COLUMNS if heads.count(head) > 1), ""):
            raise InputError(f"the column {twice!r} is there twice", where=Place(path, 1), hint=_HINT)
        entities = tuple(_entity(heads, row, Place(path, rows.line_num)) for row in rows if any(row))
    except csv.Error as error:
        raise InputError(f"not valid CSV: {error}", where=Place(path, rows.line_num), hint=_HINT) from None
    if not entities:
        raise InputError("it lists nobody", where=Place(path), hint=_HINT)
    ignored = tuple(dict.fromkeys(head for head in heads if head and head not in _COLUMNS))
    return EntityList(path.name, digest, entities, ignored, content)


def _entity(heads: list[str], row: list[str], where: Place) -> Entity:
    if len(row) > len(heads):
        raise InputError(f"{len(row)} cells, under {len(heads)} headings", where=where, hint=_HINT)
    cells = dict(zip(heads, row, strict=False))
    names = [cells["name"].strip() if cells.get("name") else "", *_several(cells.get("alt_names", ""))]
    if not names[0]:
        raise InputError("an entity has no name", where=where.within("name"), hint=_HINT)
    identifiers = []
    for text in _several(cells.get("identifiers", "")):
        scheme, colon, value = text.partition(":")
        if not colon:
            raise InputError(
                f"{text!r} is no identifier", where=where.within("identifiers"), hint="lei:…, gln:…"
            )
        try:
            identifiers.append(checked(scheme, value))
        except InputError as error:
            raise InputError(error.what, where=where.within("identifiers"), hint=error.hint) from None
    addresses = []
    for text in _several(cells.get("addresses", "")):
        if (address := parsed_address(text)) is None:
            hint = "an address is 0x and 40 hexadecimal digits; postal addresses are not on the ledger"
            raise InputError(
                f"{text!r} is no address of a ledger", where=where.within("addresses"), hint=hint
            )
        addresses.append(address)
    return Entity(tuple(names), frozenset(identifiers), frozenset(addresses), where.line or 0)


def _several(cell: str | None) -> list[str]:
    return [text.strip() for text in (cell or "").split(";") if text.strip()]


def matched(party: _Party, entities: EntityList) -> tuple[Entity, str] | None:
    """The entity that a party is, and by what that shows; ``alike`` where only names are."""
    alike: tuple[Entity, str] | None = None
    words = [_words(name) for name in party.names]
    for entity in entities.entities:
        if party.identifiers & entity.identifiers:
            return entity, "identifier"
        if party.address in entity.addresses:
            return entity, "address"
        for name in entity.names:
            theirs = _words(name)
            for ours in words:
                if ours and theirs and "".join(ours) == "".join(theirs):
                    return entity, "name"
                if alike is None and (_holds(ours, theirs) or _holds(theirs, ours)):
                    alike = entity, "alike"
    return alike


def _words(name: str) -> tuple[str, ...]:
    """The words of a name that say whose it is."""
    decomposed = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # What stands between letters of an abbreviation, as in S.A., parts no words.
    words = re.split(r"[\W_]+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain))
    told = tuple(word for word in words if word)
    return tuple(word for word in told if word not in _FORMS) or told


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    """Whether the words of one name stand in another, one after the other."""
    size = len(shorter)
    if not size or len("".join(shorter)) < _FEWEST_LETTERS:
        return False
    return any(longer[start : start + size] == shorter for start in range(len(longer) - size + 1))


def _parties(proof: VerifiedProof, names: Names) -> Iterator[_Party]:
    for each in proof.participants:
        called = (each.slug.replace("-", " "), each.name)
        identifiers = frozenset(each.identifiers)
        yield _Party(each.slug, called, identifiers, each.address, private=is_commitment(each.name))
    sites = {node.creation.facility for node in proof.upstream.nodes.values()}
    sites |= {node.take_back.facility for node in proof.upstream.nodes.values() if node.take_back}
    for number in sorted(each for each in sites if each is not None):
        if (site := names.site(number)) is None:
            continue
        name = names.facility(number)
        # The owner's short name stands before the slash.
        called = (
            name.partition("/")[2].replace("-", " "),
            proof.named(f"{names.slug(site.participant)}/{site.name}").partition("/")[2],
        )
        hidden = is_commitment(name.partition("/")[2]) or is_commitment(called[1])
        yield _Party(name, called, frozenset(site.identifiers), b"", private=hidden)


def _match(party: _Party, entity: Entity, how: str) -> dict[str, Any]:
    return {"party": party.name, "entity": entity.names[0], "line": entity.line, "by": how} | (
        {"address": hexed(party.address)} if party.address else {}
    )


def matching(proof: VerifiedProof, entities: EntityList) -> set[str]:
    """Short names of the companies of a lineage that a list names; of its sites, whose they are."""
    found = set()
    for party in _parties(proof, names_of(proof)):
        match = matched(party, entities)
        if match is not None and match[1] != "alike":
            found.add(party.name.partition("/")[0])
    return found
