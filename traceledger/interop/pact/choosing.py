"""Which footprints are asked for: the filters of ``GET /3/footprints`` and of a request event.

Technical Specifications 3.0.3, *Filtering*: values of one criterion are alternatives, criteria hold together,
texts are compared without regard to case. Keys of GS1 are the same in every notation. A footprint without a
validity period is valid for three years from the end of its reference period; ours always say it.

Example:
    >>> wanted = Criteria.of_query([("$geography", "de"), ("status", "Active"), ("status", "?")])
    >>> wanted.fits({"status": "Active", "pcf": {"geographyCountrySubdivision": "DE-BW"}})
    True
    >>> wanted.fits({"status": "Deprecated", "pcf": {"geographyCountry": "DE"}})
    False
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from traceledger.errors import InputError
from traceledger.interop.pact import rules
from traceledger.interop.pact.regions import region_of, regions_of
from traceledger.model import gs1

TEXTS = ("productId", "companyId", "geography", "classification", "status")
"""Filters of texts."""
TIMES = ("validOn", "validAfter", "validBefore")
"""Filters of times."""
MOST_VALUES = 100
"""Values of all filters of one question."""
_ALIASES = {
    "productids": "productId",
    "companyids": "companyId",
    "classifications": "classification",
    "productclassifications": "classification",
    "geographies": "geography",
}
_KEY = re.compile(r"urn:(gtin|gln):([0-9]{8,14})", re.IGNORECASE)
"""Keys as the standard's own examples write them (3.0.3, *ProductId*, *CompanyId*)."""
_CODES = {"gtin": "01", "gln": "417"}
_NAMES = {name.lower(): name for name in (*TEXTS, *TIMES)} | _ALIASES


@dataclass(frozen=True, slots=True)
class Criteria:
    """What footprints must fit.

    Attributes:
        texts: by filter, the values of which one must fit, in small letters.
        times: by filter, the times of which one must fit.
    """

    texts: Mapping[str, frozenset[str]]
    times: Mapping[str, tuple[datetime, ...]]

    @classmethod
    def of_query(cls, pairs: Iterable[tuple[str, str]]) -> Criteria:
        """Of the parameters of an address, each with or without a ``$`` before it.

        Raises:
            InputError: a parameter is unknown, or a time is none.
        """
        return _gathered((name, name.removeprefix("$"), value) for name, value in pairs)

    @classmethod
    def of_request(cls, data: Mapping[str, Any]) -> Criteria:
        """Of the data of a request event: beside each other, as 3.0.3 has them, or within ``pf``.

        Raises:
            InputError: it names no criterion, or one is of another kind.
        """
        inner = data.get("pf")
        found = {**data, **inner} if isinstance(inner, Mapping) else dict(data)
        pairs: list[tuple[str, str, str]] = []
        for name, value in found.items():
            if name.lower() not in _NAMES:
                continue
            values = [value] if isinstance(value, str) else value
            if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
                raise InputError("must be a list of texts", where=f"/data/{name}")
            pairs += [(f"/data/{name}", name, each) for each in values]
        if not pairs:
            raise InputError("names no criterion", where="/data", hint="such as productId")
        return _gathered(pairs)

    def fits(self, footprint: Mapping[str, Any]) -> bool:
        """Whether a footprint is one that is asked for."""
        if not all(wanted & _told(footprint, name) for name, wanted in self.texts.items()):
            return False
        if not self.times:
            return True
        start, end = (moment(str(footprint[f"validityPeriod{each}"])) for each in ("Start", "End"))
        holds = {
            # Both ends included, as the filter's own description has it.
            "validOn": lambda at: start <= at <= end,
            "validAfter": lambda at: start > at,
            "validBefore": lambda at: end < at,
        }
        return all(any(map(holds[name], times)) for name, times in self.times.items())


def moment(text: str) -> datetime:
    """A time of ISO 8601; without an offset UTC. A blank stands for the ``+`` that an address turns into it.

    Raises:
        InputError: it is none.
    """
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "+"))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        # The last is of an offset that leads out of the years 1 to 9999.
        raise InputError(f"{text[:60]!r} is no time", hint="such as 2026-01-31T00:00:00Z") from None


def _gathered(given: Iterable[tuple[str, str, str]]) -> Criteria:
    """Criteria of where each stands, its name, and its value."""
    texts: dict[str, set[str]] = {}
    times: dict[str, list[datetime]] = {}
    for number, (where, said, value) in enumerate(given):
        if number >= MOST_VALUES:
            raise InputError(f"more than {MOST_VALUES} values are asked for", where=where)
        name = _NAMES.get(said.lower())
        if name is None:
            known = ", ".join((*TEXTS, *TIMES))
            raise InputError(
                f"{said[:60]!r} is no filter", where=where, hint=f"filters are {known}, and limit"
            )
        if name in TEXTS:
            texts.setdefault(name, set()).add(_comparable(name, value))
            continue
        try:
            times.setdefault(name, []).append(moment(value))
        except InputError as error:
            raise InputError(error.what, where=where, hint=error.hint) from None
    return Criteria(
        {name: frozenset(values) for name, values in texts.items()},
        {name: tuple(values) for name, values in times.items()},
    )


def _told(footprint: Mapping[str, Any], name: str) -> set[str]:
    """What a footprint says of a filter of texts, in small letters."""
    members: Mapping[str, Sequence[str]] = {
        "productId": footprint.get("productIds", ()),
        "companyId": footprint.get("companyIds", ()),
        "classification": footprint.get("productClassifications", ()),
        "status": (footprint["status"],),
        "geography": _geographies(footprint.get("pcf", {})),
    }
    return {_comparable(name, each) for each in members[name]}


def _comparable(name: str, text: str) -> str:
    """A text as it is compared: without its case, and a key of GS1 whichever way it is written."""
    if name not in ("productId", "companyId"):
        return text.lower()
    try:
        found = _KEY.fullmatch(text)
        key = f"({_CODES[found[1].lower()]}){found[2]}" if found else text
        return gs1.canonical(key).lower()
    except InputError:
        # It is no key, though written as one; it fits what is written the same.
        return text.lower()


def _geographies(pcf: Mapping[str, Any]) -> tuple[str, ...]:
    """What it represents, and all within which that is: country, subregion and region."""
    said = [str(pcf[name]) for name in rules.GEOGRAPHIES if name in pcf]
    found = [*said, *(each[:2] for each in said if each[2:3] == "-")]
    within = [region for each in found for region in (*regions_of(each), region_of(each) or "")]
    return (*found, *(each for each in within if each))
