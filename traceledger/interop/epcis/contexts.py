"""JSON-LD contexts, offline: which full name a name of a document stands for.

Nothing is fetched. The addresses of GS1's context of EPCIS 2.0 are known, and what of them an event's
names depend on stands here as facts; prefix maps in a document are read. Addresses of other contexts are
taken as they come, and what only they could explain is refused where something depends on it.

Example:
    >>> found = Context().extended(["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    ...                             {"ext": "https://ns.example.com/"}], "/@context")
    >>> found.expanded("ext:colour"), found.expanded("cbv:Disp-active"), found.expanded("colour")
    ('https://ns.example.com/colour', 'https://ref.gs1.org/cbv/Disp-active', None)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import context
from traceledger.interop.epcis.vocabulary import CBV, EARLIER_GS1, GS1

_BASE = "https://ref.gs1.org/standards/epcis/"
_SHARED = {
    "epcis": "https://ref.gs1.org/epcis/",
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
KNOWN: Mapping[str, Mapping[str, str]] = {
    f"{_BASE}epcis-context.jsonld": {**_SHARED, "gs1": GS1},
    f"{_BASE}2.0.0/epcis-context.jsonld": {**_SHARED, "gs1": EARLIER_GS1},
    "https://gs1.github.io/EPCIS/epcis-context.jsonld": {**_SHARED, "gs1": EARLIER_GS1},
    f"{_BASE}2.0.1/epcis-context.jsonld": {**_SHARED, "gs1": GS1},
}
"""The prefixes that GS1's contexts define, by the contexts' addresses (EPCIS 2.0, section 10)."""

_OURS = context.NAMESPACE.rpartition("1:")[0]
MOST_NAMES = 1000
"""The most names that contexts may define at one place of a document."""
_SCHEMES = frozenset(("http", "https", "urn", "tag", "ni", "did", "info"))
"""What full addresses of names begin with; anything else before a colon is a prefix."""


@dataclass(frozen=True, slots=True)
class Context:
    """What names stand for at one place of a document.

    Attributes:
        prefixes: the namespace of each prefix.
        terms: the full name of each single name that a document defines.
        vocabulary: the namespace of bare names; empty: none.
        unknown: addresses of contexts that are not known here.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    vocabulary: str = ""
    unknown: tuple[str, ...] = ()

    def extended(self, value: Any, where: str) -> Context:
        """This context and a ``@context`` within it.

        Args:
            value: an address, a map, or a list of these.
            where: JSON Pointer of it, for messages.

        Raises:
            InputError: it is something else.
        """
        found = self
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                found = found._with_address(part)
            elif isinstance(part, Mapping):
                found = found._with_map(part, where)
            elif part is None:
                found = Context()
            else:
                raise InputError("a context is an address or a map of prefixes", where=where)
        return found

    def expanded(self, name: str) -> str | None:
        """The full name; a name with a prefix that nobody declares as it is, ``None`` for a bare one."""
        if name in self.terms:
            return self.terms[name]
        prefix, colon, rest = name.partition(":")
        if not colon:
            return f"{self.vocabulary}{name}" if self.vocabulary else None
        if rest.startswith("//") or prefix not in self.prefixes:
            return name
        return f"{self.prefixes[prefix]}{rest}"

    def full(self, value: str) -> str:
        """The full name of a value that has a colon; any other is a word or a text, and stays as it is."""
        return self.expanded(value) or value if ":" in value else value

    def is_address(self, name: str) -> bool:
        """Whether a name with a colon is a full address, and no prefix that nobody declares."""
        scheme, _, rest = name.partition(":")
        return (scheme.lower() in _SCHEMES and bool(rest)) or rest.startswith("//")

    def _with_address(self, address: str) -> Context:
        if address in KNOWN:
            return replace(self, prefixes={**self.prefixes, **KNOWN[address]})
        if address.endswith(context.PATH):
            # Each of our servers answers the same there.
            return self._with_map(context.OWN, "")
        return replace(self, unknown=(*self.unknown, address))

    def _with_map(self, defined: Mapping[str, Any], where: str) -> Context:
        if len(defined) + len(self.prefixes) > MOST_NAMES:
            raise InputError("contexts define too many names", where=where, hint=f"at most {MOST_NAMES}")
        prefixes, terms, vocabulary = dict(self.prefixes), dict(self.terms), self.vocabulary
        for name, said in defined.items():
            value = said.get("@id") if isinstance(said, Mapping) else said
            if name == "@vocab" and (said is None or isinstance(said, str)):
                vocabulary = said or ""
            elif name.startswith("@"):
                continue
            elif said is None:
                prefixes.pop(name, None)  # JSON-LD 1.1, 4.2: what is null is taken back
                terms.pop(name, None)
            elif isinstance(said, Mapping) and "@id" not in said and (":" in name or vocabulary):
                # JSON-LD 1.1, 9.3.1: such a term is the compact address that it looks like.
                continue
            elif not isinstance(value, str):
                raise InputError(f"{name[:100]!r} stands for no address", where=where, hint="give it one")
            else:
                full = Context(prefixes, terms, vocabulary).expanded(value) or value
                _require_version(full, where)
                prefixes[name] = terms[name] = full
        return Context(prefixes, terms, vocabulary, self.unknown)


def _require_version(full: str, where: str) -> None:
    """That a name is none of our terms of a version that is not read: they would be taken for others'."""
    if full.startswith(_OURS) and not full.startswith(context.NAMESPACE):
        raise InputError(
            f"{full[:100]!r} is no namespace that is read here",
            where=where,
            hint=f"the extension's is {context.NAMESPACE}",
        )
