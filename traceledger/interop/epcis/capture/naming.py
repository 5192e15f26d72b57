"""Companies, sites and materials of the ledger, by the keys with which events name them.

What was asked once is kept: nothing of it changes while events are turned into operations.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from traceledger.interop import uris
from traceledger.interop.epcis.capture.verdicts import LeftOutError
from traceledger.names import LedgerNames

if TYPE_CHECKING:
    from collections.abc import Callable

    from traceledger.index import IndexReader
    from traceledger.interop.directory import Directory
    from traceledger.model.registry import Material, Participant


class Naming:
    """Names of the ledger.

    Args:
        reader: the index.
        directory: knows companies, sites and materials by their keys.
    """

    def __init__(self, reader: IndexReader, directory: Directory) -> None:
        self.reader = reader
        self.directory = directory
        self.defined: dict[str, set[str]] = {"material": set(), "participant": set(), "facility": set()}
        """Names that are defined before the events are recorded."""
        self.offered: dict[str, frozenset[str]] = {}
        """Names that the documents define, and that are not to be recorded."""
        self.participant: Callable[[str], Participant | None] = cache(reader.participant)
        """The company of a short name."""
        self.facility_id: Callable[[str], int | None] = cache(self._facility_id)
        """Id of a site of the ledger by its full name; ``None``: it has none of that name."""
        self.company: Callable[[str | None], str | None] = cache(self._company)
        """Short name of the company of a key, or that holds the site of it; ``None``: nobody here."""
        self.known_material: Callable[[str], Material | None] = cache(reader.material)
        """The material of a short name."""
        self.kind: Callable[[str], str | None] = cache(self._kind)
        """Short name of the material of the ledger that a key is of; ``None``: of none."""
        self.site: Callable[[str | None], str | None] = cache(self._site)
        """Full name of the site of a key."""
        self.operator: Callable[[str | None], str | None] = cache(self._operator)
        """Short name of whose a site is now."""
        self._names = LedgerNames(reader)

    def is_participant(self, slug: str) -> bool:
        """Whether a company is on the ledger, or will be."""
        return slug in self.defined["participant"] or self.participant(slug) is not None

    def is_material(self, slug: str) -> bool:
        """Whether a material is defined, or will be."""
        return slug in self.defined["material"] or self.known_material(slug) is not None

    def is_site(self, name: str) -> bool:
        """Whether a site is registered, or will be."""
        return name in self.defined["facility"] or self.facility_id(name) is not None

    def definable(self, kind: str, name: str) -> str:
        """What to do about something that is not on the ledger and that a document defines, as a clause."""
        if name not in self.offered.get(kind, ()):
            return ""
        return "; the document's header defines it: capturing with --define records that first"

    def is_ours(self, key: str) -> bool:
        """Whether a key speaks of a ledger like this: of a material of it, or in our own notation."""
        return self.kind(key) is not None or uris.read(key) is not None

    def goods(self, slug: str) -> Material:
        """A material of the ledger.

        Raises:
            LeftOutError: it is not defined yet.
        """
        found = self.known_material(slug)
        if found is None:
            raise LeftOutError(
                f"material {slug!r} is not defined on this ledger yet{self.definable('material', slug)}"
            )
        return found

    def _kind(self, key: str) -> str | None:
        found = self.directory.material(key)
        return found if found and self.is_material(found) else None

    def _company(self, uri: str | None) -> str | None:
        if not uri:
            return None
        return self.directory.participant(uri) or self.operator(self.site(uri))

    def _site(self, uri: str | None) -> str | None:
        found = self.directory.facility(uri) if uri else None
        return found if found and self.is_site(found) else None

    def _facility_id(self, name: str) -> int | None:
        slug, _, identifier = name.partition("/")
        owner = self.participant(slug)
        found = None if owner is None else self.reader.facility(owner.address, identifier)
        return None if found is None else found.id

    def _operator(self, site: str | None) -> str | None:
        number = None if site is None else self.facility_id(site)
        found = None if number is None else self.reader.facility_by_id(number)
        if found is None:
            return site.partition("/")[0] if site in self.defined["facility"] else None
        return self._names.slug(found.holder or found.participant)
