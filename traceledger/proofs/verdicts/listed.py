"""That nobody of a list of entities took part.

Compared are the companies and sites that the lineage names: by name, of companies also by the names that they
had before, by identifier, and by address on the ledger. Whose name holds a listed one, or is held by one, is
refused as alike, unless the policy says that they are different: that is for a person to decide. Postal
addresses and owners are not on the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from traceledger.events import ParticipantRegistered, ParticipantRenamed
from traceledger.model.commitments import is_commitment
from traceledger.model.hexadecimal import hexed
from traceledger.model.identifiers import Identifier
from traceledger.names import Names
from traceledger.proofs.verdicts.answer import Answer, listed, names_of, sites_of
from traceledger.proofs.verdicts.entity_list import EntityList, Match
from traceledger.proofs.verify.report import VerifiedProof


@dataclass(frozen=True, slots=True)
class Party:
    """A company or site of a lineage.

    Attributes:
        name: its short or full name on the ledger.
        names: what it is called, and was before.
        slugs: parts of its short or full name, which may be a listed name but say little by themselves.
        identifiers: what others call it.
        address: of a company; of a site empty.
        private: whether a name of it cannot be read.
    """

    name: str
    names: tuple[str, ...]
    slugs: tuple[str, ...]
    identifiers: frozenset[Identifier]
    address: bytes
    private: bool


@dataclass(frozen=True, slots=True)
class NobodyListed:
    """Nobody of the list may be among the companies and sites that the lineage names.

    Attributes:
        entities: the list.
        different: companies and sites that somebody found to be others than those whom they are called like.
    """

    entities: EntityList
    different: frozenset[str] = frozenset()

    def ask(self, proof: VerifiedProof) -> Answer:
        """Who of the lineage is listed, who is called alike, and who could not be compared."""
        parties = list(parties_of(proof))
        found = [(party, match) for party in parties if (match := match_of(party, self.entities)) is not None]
        passed = [(party, match) for party, match in found if self._passes(party, match)]
        private = [party.name for party in parties if party.private]
        reasons = [self._reason(party, match) for party, match in found if not self._passes(party, match)]
        if private:
            reasons.append(f"the names of {listed(private)} are private: they cannot be compared with a list")
        compared = f"{len(parties)} companies and sites compared with {len(self.entities.entities)} entities"
        return Answer(
            "listed_entities",
            tuple(reasons),
            tuple(self._not_proved(passed)),
            (f"{compared} of {self.entities.name} (SHA-256 {self.entities.sha256})",),
            {
                "list": self.entities.name,
                "sha256": self.entities.sha256,
                "entities": len(self.entities.entities),
                "compared": [party.name for party in parties],
                "found": [_figures(*each) for each in found],
                "not_compared": private,
            },
        )

    def _passes(self, party: Party, match: Match) -> bool:
        return match.by == "likeness" and party.name in self.different

    def _reason(self, party: Party, match: Match) -> str:
        entity = f"{match.entity.names[0]} (line {match.entity.line}"
        if match.by == "likeness":
            return f"{party.name} is called like one of {self.entities.name}: {entity}); are they different?"
        return f"{party.name} is in {self.entities.name}: {entity}, by its {match.by})"

    def _not_proved(self, passed: Sequence[tuple[Party, Match]]) -> Iterator[str]:
        yield (
            f"That {self.entities.name} is the list in force: compare its hash, {self.entities.sha256}, with"
            " that of the authority's file."
        )
        yield (
            "Who owns or controls the companies: names, former names, identifiers and addresses on the ledger"
            " were compared, no owners and no postal addresses."
        )
        if self.entities.ignored:
            columns = listed(self.entities.ignored, 20)
            yield f"What the list says in other columns: {columns} were not compared."
        for party, match in passed:
            entity = f"{match.entity.names[0]} (line {match.entity.line})"
            yield f"That {party.name} is not {entity}, whom it is called like: the policy says so."


def match_of(party: Party, entities: EntityList) -> Match | None:
    """The entity that a company or site is, or is called like."""
    named = (*party.names, *party.slugs)
    return entities.listed(named, party.identifiers, party.address) or entities.alike(party.names)


def parties_of(proof: VerifiedProof) -> Iterator[Party]:
    """The companies that a lineage names, and the sites at which something in it was made."""
    names, former = names_of(proof), _former(proof)
    for each in proof.participants:
        called = tuple(dict.fromkeys((each.name, *former.get(each.address, ()))))
        slugs, private = (each.slug.replace("-", " "),), any(map(is_commitment, called))
        yield Party(each.slug, called, slugs, frozenset(each.identifiers), each.address, private)
    yield from _sites(proof, names)


def _former(proof: VerifiedProof) -> dict[bytes, list[str]]:
    """All names that companies were registered and renamed with: the registry counts those events (V7)."""
    found: dict[bytes, list[str]] = {}
    for event in proof.registry.registrations:
        if isinstance(event, ParticipantRegistered | ParticipantRenamed):
            found.setdefault(event.participant, []).append(event.name)
    return found


def _sites(proof: VerifiedProof, names: Names) -> Iterator[Party]:
    for number in sorted(sites_of(proof)):
        if (site := names.site(number)) is None:
            continue
        full = names.facility(number)
        # A name may be private as an identifier is: what the file discloses is known by its owner.
        name = proof.named(f"{names.slug(site.participant)}/{site.name}").partition("/")[2]
        identifier = full.partition("/")[2]
        private = is_commitment(identifier) or is_commitment(name)
        slugs = (identifier.replace("-", " "),)
        yield Party(full, (name,), slugs, frozenset(site.identifiers), b"", private)


def _figures(party: Party, match: Match) -> dict[str, Any]:
    found = {"party": party.name, "entity": match.entity.names[0], "line": match.entity.line, "by": match.by}
    return found | ({"address": hexed(party.address)} if party.address else {})
