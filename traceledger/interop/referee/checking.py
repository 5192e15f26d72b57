"""The referee's front: bytes in, what is wrong with them out.

Example:
    >>> verdict = check(b'{"supplyChainDueDiligenceReport": "report.pdf"}', "report.json")
    >>> verdict.kind.title, verdict.sound
    ('Battery Pass SupplyChainDueDiligence 1.2.0', False)
    >>> [(each.pointer, each.what) for each in verdict.faults]
    [('/supplyChainDueDiligenceReport', 'it is not an absolute URI')]
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from traceledger.errors import InputError
from traceledger.interop.referee import (
    across,
    batterypass,
    catenax_component,
    catenax_parts,
    catenax_pass,
    catenax_pcf,
    epcis,
    idta,
    pact,
    shapes,
)
from traceledger.interop.referee.hearing import Finding, Hearing, Node, Weight
from traceledger.interop.referee.kind import Kind
from traceledger.model.counting import counted
from traceledger.model.frozen import frozen
from traceledger.model.progress import Progress, silent

if TYPE_CHECKING:
    from jsonschema_rs import Validator

KINDS: dict[str, Kind] = {
    kind.name: kind
    for family in (
        pact,
        epcis,
        catenax_pcf,
        catenax_component,
        catenax_pass,
        catenax_parts,
        batterypass,
        idta,
    )
    for kind in family.KINDS
}
"""All kinds of documents that are checked, by name."""
MOST_BYTES = 64 * 1024 * 1024
"""Of a document that is checked."""


_ADD = "traceledger schema add puts it there"
_UNKNOWN = "no official schema of this kind is known here: it was checked by rules of our own"


@frozen
class Verdict:
    """What was found in one document.

    Attributes:
        name: of the document, as it was given.
        kind: what it is; ``None``: nothing that is known here.
        findings: in the order in which they were found.
        left_out: how many more findings there were.
        official: whether the official JSON schema of its kind was asked.
        document: the document itself, for what several say of one battery.
    """

    name: str
    kind: Kind | None
    findings: tuple[Finding, ...]
    left_out: int
    official: bool
    document: Node

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What breaks a rule."""
        return tuple(each for each in self.findings if each.weight is Weight.FAULT)

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """What may be right, at which somebody should look."""
        return tuple(each for each in self.findings if each.weight is Weight.DOUBT)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What was compared, or could not be."""
        return tuple(each for each in self.findings if each.weight is Weight.NOTE)

    @property
    def sound(self) -> bool:
        """Whether it was recognised and breaks no rule."""
        return self.kind is not None and not self.faults

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "file": self.name,
            "kind": None if self.kind is None else self.kind.name,
            "title": None if self.kind is None else self.kind.title,
            "official_schema": self.official,
            "sound": self.sound,
            "faults": [each.to_dict() for each in self.faults],
            "doubts": [each.to_dict() for each in self.doubts],
            "notes": [each.to_dict() for each in self.notes],
            "left_out": self.left_out,
        }


def check(content: bytes, name: str, kind: str = "", *, part: bool = False) -> Verdict:
    """What is wrong with a document.

    Args:
        content: all of it: JSON in UTF-8, with or without a byte order mark.
        name: what it is called in messages.
        kind: name of its kind in :data:`KINDS`; empty: it is recognised by its members.
        part: it is what some readers get of a document: what is left out is no fault.

    Returns:
        The verdict; of what is no JSON, or of no known kind, one without a kind that says so.

    Raises:
        InputError: there is no such kind.
    """
    from traceledger.storage.json_text import loads

    hearing, told = Hearing(content, name, part=part), _kind(kind)
    try:
        node = Node(loads(content.removeprefix(codecs.BOM_UTF8), where=name, exact=True))
    except InputError as error:
        is_xml = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"
        what = f"{error.what} ({error.hint})" if error.hint else error.what
        hearing.fault("json", Node(None), "it is XML; what is checked is JSON" if is_xml else what)
        return Verdict(name, None, tuple(hearing.findings), 0, official=False, document=Node(None))
    found = told or recognised(node)
    if found is None:
        hearing.fault("kind", Node(None), unrecognised(node), expected="a kind of: traceledger check --help")
        return Verdict(name, None, tuple(hearing.findings), 0, official=False, document=node)
    found.check(hearing, node)
    if not found.name.startswith(("pact-", "epcis")):
        _figures(hearing, node)
    official = _asked(hearing, found, node) if hearing.official is None else hearing.official
    if hearing.absent:
        hearing.note("shape", Node(None), f"{counted(hearing.absent, 'member')} left out, as of a part")
    return Verdict(name, found, tuple(hearing.findings), hearing.left_out, official, node)


def check_all(
    documents: Sequence[tuple[str, bytes]],
    *,
    kind: str = "",
    part: bool = False,
    progress: Progress = silent,
) -> list[Verdict]:
    """What is wrong with several documents, each by itself, and of passports with one another.

    Args:
        documents: each with what it is called.
        kind: as in :func:`check`, of all of them.
        part: as in :func:`check`.
        progress: told how many are done.

    Raises:
        InputError: there is no such kind.
    """
    verdicts = []
    for number, (name, content) in enumerate(documents, start=1):
        verdicts.append(check(content, name, kind, part=part))
        progress(number, len(documents))
    return _together(verdicts)


def document(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Several verdicts as JSON has them: whether all are sound, and each."""
    return {"sound": all(each.sound for each in verdicts), "files": [each.to_dict() for each in verdicts]}


def _together(verdicts: list[Verdict]) -> list[Verdict]:
    """The same, with what documents of one battery say that does not fit together."""
    known = [(number, each) for number, each in enumerate(verdicts) if each.kind is not None]
    asked = [(each.name, each.kind.name, each.document) for _, each in known if each.kind is not None]
    for place, findings in across.compared(asked).items():
        number = known[place][0]
        verdicts[number] = replace(verdicts[number], findings=(*verdicts[number].findings, *findings))
    return verdicts


def _kind(name: str) -> Kind | None:
    if not name:
        return None
    if name not in KINDS:
        from traceledger.model.spelling import meant

        near = meant(name, KINDS)
        hint = f"did you mean {near}?" if near else f"one of {', '.join(KINDS)}"
        raise InputError(f"{name!r} is no kind of document", where="--kind", hint=hint)
    return KINDS[name]


def recognised(node: Node) -> Kind | None:
    """The kind of which a document is, by the names at the top of it."""
    if isinstance(node.value, list):
        return _listed(node)
    if not isinstance(node.value, Mapping):
        return None
    if (exact := _by_content(node)) is not None:
        return exact
    counted = {
        kind: sum(name in node.value for name in kind.members) / len(kind.members)
        for kind in KINDS.values()
        if not kind.name.startswith(("pact-", "epcis"))
    }
    best = max(counted, key=lambda kind: (counted[kind], len(kind.members)))
    return best if counted[best] > 0 else None


def _listed(node: Node) -> Kind | None:
    """The kind of a list: of events, or of footprints."""
    first = next(node.items(), None)
    if first is None or not isinstance(first.value, Mapping):
        return None
    if "pcf" in first.value:
        return KINDS["pact-response"]
    return KINDS["epcis"] if _is_event(first) else None


def _is_event(node: Node) -> bool:
    return "eventTime" in node.value or str(node.value.get("type", "")).startswith("EPCIS")


def _by_content(node: Node) -> Kind | None:
    """The kind of a document that says it by more than names at its top."""
    if _is_event(node) or "epcisBody" in node.value:
        return KINDS["epcis"]
    if "pcf" in node.value and ("productIds" in node.value or isinstance(node.value["pcf"], Mapping)):
        return KINDS["pact-footprint"]
    said = str(node.value.get("type", ""))
    if said.startswith(("org.wbcsd.", "org.pact")):
        return KINDS["pact-event"]
    if "partTypeInformation" in node.value:
        return KINDS["catenax-serial-part" if catenax_parts.is_serial(node) else "catenax-batch"]
    data = node.get("data")
    inside: Sequence[Node] = [] if data is None else [*data.items()] or [data]
    if any(isinstance(each.value, Mapping) and "pcf" in each.value for each in inside) or (
        data is not None and data.value == [] and len(node.value) == 1
    ):
        return KINDS["pact-response"]
    return None


def unrecognised(node: Node) -> str:
    """Why a document is of no kind, in a clause."""
    value = node.value
    if not isinstance(value, Mapping):
        return "it is no JSON object"
    if value.get("modelType") == "Submodel" or "assetAdministrationShells" in value:
        return "it is an asset administration shell in its long form; its value-only form is checked"
    names = ", ".join(str(name)[:40] for name in list(value)[:5])
    return f"it is none of the documents that are checked; it begins with {names}" if names else "it is empty"


def _figures(hearing: Hearing, node: Node) -> None:
    """Say which numbers are no figures of anything: others were not computed with them."""
    value = node.value
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and node.number is None:
        hearing.fault("figure", node, "it is no figure of anything: too large, too small, or too many digits")
    for _, member in node.members():
        _figures(hearing, member)
    for each in node.items():
        _figures(hearing, each)


def _asked(hearing: Hearing, kind: Kind, node: Node) -> bool:
    """Ask the official schema, where it is on this machine; whether it was, is said."""
    validator = official(kind)
    if validator is None:
        hearing.note(
            "schema-asked",
            Node(None),
            f"the official schema was not asked: it is not on this machine; {_ADD}"
            if kind.official
            else _UNKNOWN,
        )
        return False
    shapes.tell(hearing, validator, node, rule="schema")
    return True


def official(kind: Kind) -> Validator | None:
    """The validator of the official schema of a kind; ``None`` where it is not on this machine.

    Raises:
        VerificationError: the file that is kept has changed since it was added.
    """
    from traceledger.interop import schemas

    return schemas.official(kind.official) if kind.official else None
