"""What an event says in our own namespace, and of which lots: docs/epcis.md lists the terms.

Nothing is taken from a bare number: whoever writes a mass says its unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.epcis import identifiers
from traceledger.interop.epcis.events import Event
from traceledger.interop.epcis.extension import PREFIX
from traceledger.interop.epcis.terms import EMISSIONS, RECORDS
from traceledger.model.units import parse_mass


@dataclass(frozen=True, slots=True)
class SaidLot:
    """What an event says of one of its lots.

    Attributes:
        epc: the lot, canonical.
        batch: its full name on the ledger; empty: not said.
        terms: all that is said of it, by name.
    """

    epc: str
    batch: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mass(self) -> int | None:
        """Its mass, mg."""
        return None if "mass" not in self.terms else mass(self.terms["mass"], "lots: mass")

    @property
    def substances(self) -> dict[str, str] | None:
        """What it holds of substances, as operations have it; ``None``: not said."""
        return (
            None
            if "substances" not in self.terms
            else substances(self.terms["substances"], "lots: substances")
        )

    @property
    def role(self) -> str:
        """``input``, ``output`` or nothing."""
        return text(self.terms, "role")


class Said:
    """The terms of an event, or of an error that it declares.

    Args:
        terms: by name, without the namespace.
        ilmd: the same of the event's ``ilmd``: what is said of all lots that it makes.
    """

    def __init__(self, terms: Mapping[str, Any], ilmd: Mapping[str, Any] | None = None) -> None:
        self.terms = terms
        self.ilmd = ilmd or {}

    @classmethod
    def of(cls, event: Event) -> Said:
        """What an event says."""
        return cls(event.extension.terms, event.extension.ilmd)

    @classmethod
    def of_error(cls, event: Event) -> Said:
        """What an event's ``errorDeclaration`` says."""
        return cls({} if event.error is None else event.error.extension.terms)

    def text(self, name: str) -> str:
        """A text; empty: not said.

        Raises:
            InputError: it is none.
        """
        return text(self.terms, name) or text(self.ilmd, name)

    def flag(self, name: str) -> bool:
        """Whether a flag is set.

        Raises:
            InputError: it is neither true nor false.
        """
        value = self.terms.get(name, self.ilmd.get(name, False))
        if isinstance(value, bool) or value in ("true", "false"):
            return value in (True, "true")
        raise InputError(f"{value!r} is neither true nor false", where=f"{PREFIX}:{name}")

    @property
    def operation(self) -> str:
        """The word of the operation that it was written from; empty: an ordinary event."""
        return self.text("operation")

    @property
    def lots(self) -> tuple[SaidLot, ...]:
        """The lots of which it says something, in its order."""
        found = self.terms.get("lots", self.ilmd.get("lots", []))
        return tuple(_lot(each) for each in listed(found, "lots"))

    @property
    def emissions(self) -> dict[str, str] | None:
        """CO2e as operations have it; ``None``: not said."""
        given = self.terms.get("emissions", self.ilmd.get("emissions"))
        if given is None:
            return None
        if not isinstance(given, Mapping):
            raise InputError("emissions are an object", where=f"{PREFIX}:emissions")
        if unknown := [name for name in given if name not in EMISSIONS]:
            raise InputError(
                f"there is no {str(unknown[0])[:60]!r} in emissions",
                where=f"{PREFIX}:emissions",
                hint=f"use {', '.join(f'{PREFIX}:{each}' for each in EMISSIONS)}",
            )
        return {EMISSIONS[name]: quantity(said, f"emissions: {name}") for name, said in given.items()}

    @property
    def losses(self) -> dict[str, str] | str | None:
        """What is lost of substances, as operations have it; ``None``: not said."""
        given = self.terms.get("losses")
        if given is None or given == "balance":
            return given
        return substances(given, "losses")

    @property
    def evidence(self) -> list[dict[str, str]]:
        """Documents held elsewhere."""
        return [
            {"uri": text(each, "uri"), "sha256": text(each, "sha256")}
            for each in listed(self.terms.get("evidence", []), "evidence")
        ]

    @property
    def of_record(self) -> dict[str, Any]:
        """The record that a correction or restatement means, as operations have it."""
        given = self.terms.get("of")
        if not isinstance(given, Mapping) or len(given) != 1:
            raise InputError(
                "it names no record", where=f"{PREFIX}:of", hint=f"name one: {', '.join(RECORDS)}"
            )
        ((kind, name),) = given.items()
        if kind not in RECORDS or not isinstance(name, str):
            raise InputError(f"{str(kind)[:60]!r} is no record", where=f"{PREFIX}:of")
        return {RECORDS[kind]: name}

    def lot(self, epc: str) -> SaidLot:
        """What is said of a lot; what is not said of it is what the event, or its ``ilmd``, says of all."""
        common = {name: said for name, said in self.ilmd.items() if name in _OF_LOTS}
        common |= {name: said for name, said in self.terms.items() if name in _OF_LOTS}
        for each in self.lots:
            if each.epc == epc:
                return SaidLot(epc, each.batch, {**common, **each.terms})
        return SaidLot(epc, "", common)


_OF_LOTS = ("mass", "material", "substances", "pieces", "weight", "difference", "batch")
"""Terms of lots that may stand on the event, or in its ``ilmd``: there they hold for each of its lots."""


def _lot(said: Mapping[str, Any]) -> SaidLot:
    epc = text(said, "epc")
    if not epc:
        raise InputError("a lot does not say which it is", where=f"{PREFIX}:lots: epc")
    return SaidLot(identifiers.canonical(epc), text(said, "batch"), said)


def text(terms: Mapping[str, Any], name: str) -> str:
    """A text among terms; empty: not said.

    Raises:
        InputError: it is none.
    """
    value = terms.get(name, "")
    if isinstance(value, Mapping) and isinstance(value.get("@value"), str):
        value = value["@value"]
    if not isinstance(value, str):
        raise InputError(f"{value!r:.60} is not text", where=f"{PREFIX}:{name}")
    return value


def listed(value: Any, name: str) -> list[Mapping[str, Any]]:
    """A list of objects; one object alone is a list of one, as JSON-LD has it.

    Raises:
        InputError: it is something else.
    """
    found = [value] if isinstance(value, Mapping) and "@list" not in value else value
    if isinstance(found, Mapping):
        found = found["@list"]
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise InputError("this must be a list of objects", where=f"{PREFIX}:{name}")
    return found


def quantity(value: Any, name: str) -> str:
    """A mass or an amount of CO2e as it is written, with its unit.

    Raises:
        InputError: it is a bare number, or no quantity.
    """
    if not isinstance(value, str):
        raise InputError(
            f"{value!r:.60} is no quantity",
            where=f"{PREFIX}:{name}",
            hint='write it with its unit: "8400 kg"',
        )
    return value


def mass(value: Any, name: str) -> int:
    """Milligrams of a mass.

    Raises:
        InputError: it is none.
    """
    try:
        return parse_mass(quantity(value, name))
    except InputError as error:
        raise InputError(error.what, hint=error.hint, where=error.where or f"{PREFIX}:{name}") from None


def substances(value: Any, name: str) -> dict[str, str]:
    """Masses by substance.

    Raises:
        InputError: it is something else.
    """
    if isinstance(value, Mapping) and value and "substance" not in value and "@list" not in value:
        return {each: quantity(said, name) for each, said in value.items()}
    found: dict[str, str] = {}
    for each in listed(value, name):
        substance = text(each, "substance")
        if not substance or substance in found:
            raise InputError("a substance has no name, or stands twice", where=f"{PREFIX}:{name}")
        found[substance] = quantity(each.get("mass"), name)
    return found
