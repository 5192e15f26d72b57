"""What the desk calls operations, their fields, what waits, and what stands in the way, by theme and slug.

Example:
    >>> DESK_WORDS["operation"]["ship"], DESK_WORDS["field"]["outputs.mass"]
    ('Send lots', 'Mass')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceledger.operations.declared import Declared

DESK_WORDS: Mapping[str, Mapping[str, str]] = {
    "operation": {
        "mint": "Record new material",
        "split": "Split a lot",
        "ship": "Send lots",
        "receive": "Answer a shipment",
        "reject": "Refuse a shipment",
        "cancel": "Cancel a shipment",
        "transform": "Record a run",
        "add_emissions": "Add emissions",
        "retire": "Retire a lot",
        "remeasure": "Record a better measurement",
        "hold": "Put a lot on hold",
        "release": "Release a lot",
        "transfer_title": "Pass title on",
        "take_back": "Take a product back",
        "reverse": "Reverse a record",
        "restate_emissions": "Restate emissions",
        "declare_error": "Declare an error",
        "register_facility": "Register a site",
        "transfer_facility": "Offer a site for sale",
        "accept_facility": "Accept a site",
        "identify": "State identifiers",
        "rename_participant": "Rename the company",
        "submit_corrective_action": "Submit a corrective action",
        "record_evidence": "Put a document on record",
    },
    "operation_help": {
        "mint": "Bring material onto the ledger that was never on it: mined, recycled, or untraced.",
        "split": "Take a part off a lot, as a lot of its own. The rest stays in the lot.",
        "ship": "Offer lots to another company. They are its own once it has received them.",
        "cancel": "Take back what the receiver has not answered yet.",
        "transform": "Make new lots of lots that you hold, at one of your sites.",
        "add_emissions": "Record emissions of storing or handling a lot. They are never taken off again.",
        "retire": "End a lot: delivered, used up outside the ledger, or disposed of.",
        "remeasure": "Say what a lot holds by a better measurement, within the tolerance of its material.",
        "hold": "Keep a lot where it is until you release it; a lot of yours that others hold is recalled.",
        "release": "End your hold or recall of a lot.",
        "transfer_title": "Say who owns a lot from now on. It stays where it is.",
        "take_back": "Take a delivered product back for recycling.",
        "reverse": "Put back what a record took, gave and moved, where nobody has built on it.",
        "restate_emissions": "Give a record its new absolute emissions. The last ones count.",
        "declare_error": "Say that a record is wrong on which others built. What was made of it shows that.",
        "register_facility": "Put one of your sites on the ledger. The consortium approves what it may make.",
        "transfer_facility": "Offer a site to its buyer, or withdraw the offer.",
        "accept_facility": "Make a site yours that was offered to you.",
        "identify": "Say what registers call your company, or one of its sites.",
        "rename_participant": "Give your company its new name. Its short name stays.",
        "submit_corrective_action": "Say how and by when you correct what an auditor found.",
        "record_evidence": "Record where a document is, and its hash.",
    },
    "field": {
        "batch": "Lot",
        "material": "Material",
        "facility": "Site",
        "mass": "Mass",
        "pieces": "Pieces",
        "substances": "Substances",
        "substance": "Substance",
        "substance_mass": "Mass of the substance",
        "origin": "Where the material comes from",
        "emissions": "Emissions (CO2e)",
        "emissions.scope1": "Scope 1",
        "emissions.scope2": "Scope 2",
        "emissions.scope3": "Scope 3",
        "emissions.primary": "Of these from primary data",
        "emissions.parts": "Parts of the emissions, and removals",
        "emissions.biogenic": "Biogenic",
        "emissions.land_use": "From land use",
        "emissions.aviation": "From aviation",
        "emissions.removals": "Removals",
        "at": "When it happened (UTC)",
        "evidence": "Documents that show it",
        "evidence.uri": "Where the document is",
        "evidence.sha256": "SHA-256 of the document",
        "private": "Keep names and documents private: only salted hashes of them are recorded",
        "into": "Parts",
        "into.batch": "New lot",
        "into.mass": "Mass",
        "shipment": "Shipment",
        "batches": "Lots",
        "to": "To",
        "owner": "Owned from then on by",
        "return_of": "Brings back shipment",
        "transformation": "Run",
        "process": "Process",
        "recycling": "It is a recycling run",
        "inputs": "What went in",
        "inputs.batch": "Lot",
        "inputs.mass": "Mass taken (all, where nothing is written)",
        "outputs": "What came out",
        "outputs.batch": "New lot",
        "outputs.material": "Material",
        "outputs.mass": "Mass",
        "outputs.substances": "Substances",
        "outputs.pieces": "Pieces",
        "outputs.weight": "Weight under the economic rule",
        "losses": "Losses",
        "losses.how": "What was lost of substances",
        "losses.listed": "Losses one by one",
        "allocation": "How CO2e is shared among what came out",
        "record": "Name of this record",
        "reason": "Reason",
        "how": "How it ended",
        "corrective": "Lots that correct it",
        "of": "Which record",
        "of.kind": "Kind of record",
        "of.name": "Its name",
        "of.lots": "Only these lots",
        "kind": "Kind",
        "country": "Country",
        "name": "Name",
        "latitude": "Latitude",
        "longitude": "Longitude",
        "identifiers": "Identifiers",
        "identifiers.scheme": "Register",
        "identifiers.value": "Identifier",
        "finding": "Finding",
        "corrective_action": "Corrective action",
        "uri": "Where the document is",
        "sha256": "SHA-256 of the document",
        "issuer": "Who signed it",
        "lots": "Lots",
        "arrived": "What arrived",
        "successor": "New key",
    },
    "losses": {"balance": "whatever the outputs leave over", "listed": "what is listed below"},
    "recorded": {
        "mint": "record of new material",
        "split": "lot that was split off",
        "transformation": "run",
        "receive": "receipt of a shipment",
        "retire": "retirement",
        "take_back": "take-back",
        "declare_error": "declaration of an error",
        "shipment": "shipment",
        "record": "added emissions",
        "hold": "hold",
        "remeasure": "better measurement",
    },
    "urgency": {
        "blocked": "you cannot act",
        "pressing": "pressing",
        "waiting": "waiting",
        "notice": "for your notice",
    },
    "matter": {
        "lots_frozen": "frozen",
        "lots_held_by_auditor": "held by an auditor",
        "lots_recalled": "recalled by its maker",
        "lots_disputed": "disputed",
        "lots_held": "on hold",
        "lots_near_tolerance": "tolerance nearly used up",
    },
    "stops": {
        "held": "it is on hold: release it first",
        "held_by_auditor": "an auditor holds it: only the auditor releases it",
        "frozen": "it is frozen, as an error was declared in it",
        "in_transit": "it is under way to its receiver: cancel the shipment first",
        "ended": "it is used up or retired",
        "not_yours": "another company holds it",
        "no_tolerance": "the consortium set no tolerance for its material: an auditor may measure it",
        "answered": "its receiver has answered: only the receiver can reverse its receipt",
        "no_emissions": "it has no emissions of its own",
        "unnamed": "these emissions have no name: only named ones can be restated",
        "reversed": "it was reversed already",
        "not_made_by_you": "another company made it: ask its maker or an auditor",
        "declared": "an error was declared in it already",
        "elsewhere": "another company holds it now",
        "not_active": "it is under way, used up or retired",
        "used": "something was taken of it, or it was measured again, since",
        "declared_by_auditor": "an auditor declared an error in it",
        "open_finding": "a finding about it is open",
        "only_auditor": "a delivery is reversed by an auditor only",
        "not_recorded": "it is not recorded so any more",
        "too_late": "more than 90 days have passed since the receipt",
        "input_gone": "it went into this, and is not with you any more",
        "moved_on": "it moved on since",
    },
    "arrives": {
        "held_by_auditor": "an auditor holds it: it can only be refused, or wait",
        "held_by_sender": "its sender holds it: it can only be refused, or wait",
        "frozen": "an error was declared in it: it can only be refused",
        "all_substance": "it holds hardly more than its substances: there is no water to lose",
        "no_tolerance": "the consortium set no tolerance for its material",
        "nothing_arrived": "nothing arrives with no mass: refuse the lot",
        "no_reason": "say why it differs from what was sent",
        "no_loss": "as much as was sent, or more, is neither a loss nor moisture",
        "too_dry": "that is less than its substances weigh: some of them must have been lost, too",
        "not_tracked": "a substance is named that the lot does not hold",
        "raised_from_none": "a substance that was recorded as none is raised by an auditor only",
        "beyond_tolerance": "that is beyond the tolerance: an auditor may measure it",
    },
    "mends": {
        "reverse": "What was recorded is put back to the milligram. What it made is reversed for good, and "
        "its name is spent: the corrected record needs a new name.",
        "remeasure": "The lot holds what was measured. The difference is booked to your company; origins and "
        "CO2e stay.",
        "restate_emissions": "The record gets new absolute emissions, whatever was made since. Less in "
        "total, or more primary data, needs a document, and counts once an auditor confirms it.",
        "declare_error": "Everything made of the lot shows the error, at your customers, too. The lot is "
        "frozen if you hold it, and disputed if others do.",
        "cancel": "What the receiver has not answered comes back to you.",
        "release": "The lot can be used again.",
    },
}
"""By theme and slug. In catalogues the theme is the context of a message."""


HELP = "help"
"""The context of what a field means, in catalogues."""


def helps() -> tuple[str, ...]:
    """What the fields of operations with a form mean, each once, as :func:`plain_help` has it."""
    from traceledger.operations.catalogue import by_name
    from traceledger.operations.declared import declared

    found = (said for op in DESK_WORDS["operation"] for said in _helps(declared(by_name(op))))
    return tuple(dict.fromkeys(filter(None, found)))


def _helps(fields: Iterable[Declared]) -> Iterator[str]:
    for field in fields:
        yield plain_help(field)
        yield from _helps(field.parts)


SAID_BY_LABEL = frozenset({"at", "recycling", "reason", "allocation", "process", "private", "historic", "as"})
"""Fields whose label says it all, or that no form asks for."""


def plain_help(field: Declared) -> str:
    """What a field means, without marks of code; empty where its label says it."""
    return "" if field.word in SAID_BY_LABEL else field.about.help.replace("``", "")
