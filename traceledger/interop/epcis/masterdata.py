"""Master data in the header of a document: vocabularies, and what of them must stand on a ledger before.

``epcisHeader.epcisMasterData.vocabularyList`` (GS1 EPCIS 2.0.1, 6.1.1 and its JSON schema). What other
programs write there is read past; what our own terms say becomes operations, in an order that can be recorded
(docs/epcis.md, *Master data*).

Example:
    >>> from traceledger.interop.epcis.contexts import Context
    >>> header = {"epcisMasterData": {"vocabularyList": [{"type": COMPANIES, "vocabularyElementList": [
    ...     {"id": "urn:traceledger:participant:mine", "attributes": [
    ...         {"id": "tl:participant", "attribute": "mine"}, {"id": "tl:name", "attribute": "Mine"},
    ...         {"id": "tl:country", "attribute": "CD"}, {"id": "tl:role", "attribute": "producer"}]}]}]}}
    >>> list(operations(read(header, Context(prefixes={"tl": NAMESPACE}))))
    [{'op': 'register_participant', 'participant': 'mine', 'name': 'Mine', 'country': 'CD', \
'roles': ['producer']}]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.interop.epcis.context import NAMESPACE
from traceledger.interop.epcis.contexts import Context

MATERIALS = "urn:epcglobal:epcis:vtype:EPCClass"
COMPANIES = "urn:epcglobal:epcis:vtype:SourceDest"
SITES = "urn:epcglobal:epcis:vtype:BusinessLocation"
APPROVALS = f"{NAMESPACE}approval"
PERMITS = f"{NAMESPACE}permit"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Element:
    """A thing that a vocabulary describes.

    Attributes:
        pointer: JSON Pointer of it.
        id: its URI.
        attributes: what is said of it, by full names; several of one name each for itself.
    """

    pointer: str
    id: str
    attributes: tuple[tuple[str, Any], ...]

    def own(self) -> dict[str, list[Any]]:
        """What it says in our terms, by their names without a namespace; of each name all values."""
        found: dict[str, list[Any]] = {}
        for name, value in self.attributes:
            if name.startswith(NAMESPACE):
                found.setdefault(name.removeprefix(NAMESPACE), []).append(value)
        return found


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Things of one type, as a header describes them."""

    type: str
    elements: tuple[Element, ...]


def read(header: object, context: Context, pointer: str = "/epcisHeader") -> tuple[Vocabulary, ...]:
    """The vocabularies of a header; what is not of the standard's shape is left out.

    Args:
        header: as JSON has it.
        context: what names stand for in the document.
        pointer: JSON Pointer of the header.
    """
    pointer += "/epcisMasterData/vocabularyList"
    listed = _listed(_member(_member(header, "epcisMasterData"), "vocabularyList"))
    return tuple(
        Vocabulary(
            _full(str(_member(each, "type")), context),
            tuple(_elements(each, context, f"{pointer}/{place}/vocabularyElementList")),
        )
        for place, each in enumerate(listed)
    )


def _elements(vocabulary: object, context: Context, pointer: str) -> Iterator[Element]:
    for place, each in enumerate(_listed(_member(vocabulary, "vocabularyElementList"))):
        said = tuple(
            (_full(str(_member(one, "id")), context), _expanded(_member(one, "attribute"), context))
            for one in _listed(_member(each, "attributes"))
        )
        yield Element(f"{pointer}/{place}", str(_member(each, "id")), said)


def operations(vocabularies: Sequence[Vocabulary]) -> Iterator[Document]:
    """What must stand on a ledger, as operations of a file, each after those that it needs."""
    yield from (_material(said) for said in _own(vocabularies, MATERIALS, "material"))
    for said in _own(vocabularies, COMPANIES, "participant"):
        yield from _company(said)
    for said in _own(vocabularies, SITES, "facility"):
        yield from _site(said)
    yield from (_approval(said) for said in _own(vocabularies, APPROVALS, "facility"))
    yield from (_permit(said) for said in _own(vocabularies, PERMITS, "batch"))


def _own(vocabularies: Sequence[Vocabulary], kind: str, named: str) -> Iterator[dict[str, list[Any]]]:
    """What our terms say of the things of a type that our terms name."""
    for vocabulary in vocabularies:
        if vocabulary.type == kind:
            for element in vocabulary.elements:
                said = element.own()
                if isinstance(said.get(named, [None])[0], str):
                    yield said


def _material(said: Mapping[str, list[Any]]) -> Document:
    made: Document = {"op": "define_material"} | _single(said, "material", "name", "cas")
    if "substance" in said:
        made["substances"] = said["substance"]
    made |= {flag: True for flag in ("waste", "product") if said.get(flag, [None])[0] in ("true", True)}
    return made | terms(said)


def terms(said: Mapping[str, list[Any]]) -> Document:
    """Tolerances and contents of a material as an operation has them, of our terms by name."""
    tolerance = {
        key: said[name][0]
        for key, name in (("mass", "massTolerance"), ("substances", "substanceTolerance"))
        if name in said
    }
    content = {
        str(_member(each, "substance")): f"{_member(each, 'least')} - {_member(each, 'most')}"
        for each in said.get("content", ())
    }
    return ({"tolerance": tolerance} if tolerance else {}) | ({"content": content} if content else {})


def _company(said: Mapping[str, list[Any]]) -> Iterator[Document]:
    slug = said["participant"][0]
    made = {"op": "register_participant", "participant": slug, "name": slug} | _single(
        said, "name", "country"
    )
    yield made | {"roles": said.get("role", [])}
    if "identifier" in said:
        yield {"op": "identify", "as": slug, "identifiers": _identifiers(said["identifier"])}


def _site(said: Mapping[str, list[Any]]) -> Iterator[Document]:
    slug, _, identifier = said["facility"][0].partition("/")
    made: Document = {"op": "register_facility", "as": slug, "facility": identifier}
    yield made | _single(said, "name", "kind", "country", "latitude", "longitude")
    if "identifier" in said:
        identifiers = _identifiers(said["identifier"])
        yield {"op": "identify", "as": slug, "facility": identifier, "identifiers": identifiers}


def _approval(said: Mapping[str, list[Any]]) -> Document:
    capacity = {"capacity_per_year": said.get("capacityPerYear", [""])[0]}
    return {"op": "approve_origin"} | _single(said, "facility", "material", "origin") | capacity


def _permit(said: Mapping[str, list[Any]]) -> Document:
    slug, _, identifier = said["batch"][0].partition("/")
    by = {"as": said["by"][0]} if "by" in said else {}
    about = {"participant": slug, "batch": identifier} | _single(said, "material", "reason")
    return {"op": "permit_content", **by, **about} | ({"at": said["time"][0]} if "time" in said else {})


def _single(said: Mapping[str, list[Any]], *names: str) -> Document:
    return {name: said[name][0] for name in names if name in said}


def _identifiers(values: Iterable[Any]) -> list[Document]:
    return [{"scheme": _member(each, "scheme"), "value": _member(each, "value")} for each in values]


def _expanded(value: object, context: Context) -> Any:
    """A value of an attribute, with names of ours inside of objects without their namespace."""
    if isinstance(value, Mapping):
        return {
            _full(str(name), context).removeprefix(NAMESPACE): _expanded(each, context)
            for name, each in value.items()
        }
    return value


def _full(name: str, context: Context) -> str:
    return context.expanded(name) or name


def _member(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
