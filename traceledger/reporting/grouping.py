"""By what a report can be broken down.

Example:
    >>> GROUPINGS
    ('facility', 'participant', 'department', 'scope', 'process', 'stage')
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, assert_never, get_args

from traceledger.errors import InputError
from traceledger.model.emissions import SCOPES, Emissions
from traceledger.provenance.stages import Stage
from traceledger.replay.emissions import Occurrence, place_name
from traceledger.reporting.entries import Emitted, Produced, Records
from traceledger.storage import toml_text

Where = Literal["facility", "participant", "department", "process"]
Group = Literal["facility", "participant", "department", "scope", "process", "stage"]
GROUPINGS: tuple[Group, ...] = get_args(Group)


def load_departments(path: Path | None) -> dict[str, str]:
    """Names of departments by full name of a place, from the table ``departments`` of a TOML file.

    Raises:
        InputError: the file cannot be read, or says something else.
    """
    if path is None:
        return {}
    document = toml_text.read(path)
    table = document.get("departments")
    hint = 'write [departments] and lines such as "kokkola/refinery" = "Refining"'
    if set(document) != {"departments"} or not isinstance(table, dict):
        raise InputError("it needs a table departments, and nothing else", where=path, hint=hint)
    for place, name in table.items():
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"the department of {place!r} is not text", where=path, hint=hint)
    return dict(table)


class Grouping:
    """Sorts emissions and products into groups.

    Args:
        by: one of :data:`GROUPINGS`.
        records: for names.
        departments: by full name of a place; a facility that is not in it belongs to the department of its
            kind, transport to ``transport``, and other custody to ``custody``.

    Raises:
        InputError: ``by`` is none of them.
        ValueError: it is by stage, and the records were collected without stages.
    """

    def __init__(self, by: str, records: Records, departments: Mapping[str, str]) -> None:
        known = next((each for each in GROUPINGS if each == by), None)
        if known is None:
            raise InputError(f"cannot group by {by!r}", where="--by", hint=f"use {', '.join(GROUPINGS)}")
        self.by: Group = known
        self._records = records
        self._departments = departments
        if known == "stage" and records.stages is None:
            raise ValueError("the records were collected without stages")

    def emitted(self, item: Emitted) -> list[tuple[str, Emissions]]:
        """The groups of an emission, each with its part."""
        if self.by == "scope":
            return list(zip(SCOPES, by_scope(item.emissions), strict=True))
        if self.by == "stage":
            return [((item.stage or Stage.NOT_ASSIGNED).value, item.emissions)]
        return [(self._group(self.by, item.where), item.emissions)]

    def produced(self, item: Produced) -> list[str]:
        """The groups to whose output something counts."""
        if self.by == "scope":
            return list(SCOPES)
        if self.by == "stage":
            return [self._stage_of(item).value]
        return [self._group(self.by, item.where)]

    def _stage_of(self, item: Produced) -> Stage:
        if item.recycled:
            return Stage.END_OF_LIFE
        site = None if item.where.facility is None else self._records.names.site(item.where.facility)
        stages = self._records.stages
        return stages.stage(item.where.process, site.kind if site else "") if stages else Stage.NOT_ASSIGNED

    def _group(self, by: Where, where: Occurrence) -> str:
        match by:
            case "participant":
                return self._records.names.slug(where.participant)
            case "process":
                return where.process
            case "department":
                return self._department(where)
            case "facility":
                return place_name(where, self._records.names)
            case _:
                assert_never(by)

    def _department(self, where: Occurrence) -> str:
        named = self._departments.get(place_name(where, self._records.names))
        if named is not None:
            return named
        site = None if where.facility is None else self._records.names.site(where.facility)
        return site.kind if site else where.place.value


def by_scope(emissions: Emissions) -> tuple[Emissions, Emissions, Emissions]:
    """Emissions taken apart by scope. Primary data are known for all three together only: they stay out."""
    return (
        Emissions(scope1=emissions.scope1),
        Emissions(scope2=emissions.scope2),
        Emissions(scope3=emissions.scope3),
    )
