"""Life-cycle stages: to which of them emissions belong, by process and kind of facility.

The stages are those of Regulation (EU) 2023/1542, Annex II. One table says what belongs to which; that of the
package is ``stages.toml``, and a consortium may have its own. Two things no table decides: distribution is
the transport of the product after its making, and earlier transport, and recycling, belong to the stage of
the run that consumes them.

Example:
    >>> packaged().stage("Refining", "factory").words
    'raw material acquisition and pre-processing'
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.model.frozen import frozen
from traceledger.storage import toml_text

FILE = "stages.toml"


class Stage(StrEnum):
    """A stage; the values are what files and JSON say."""

    RAW_MATERIAL = "raw_material_acquisition"
    MAIN_PRODUCTION = "main_production"
    DISTRIBUTION = "distribution"
    END_OF_LIFE = "end_of_life"
    NOT_ASSIGNED = "not_assigned"

    @property
    def words(self) -> str:
        """The words of Annex II."""
        return _WORDS[self]


_WORDS = {
    Stage.RAW_MATERIAL: "raw material acquisition and pre-processing",
    Stage.MAIN_PRODUCTION: "main product production",
    Stage.DISTRIBUTION: "distribution",
    Stage.END_OF_LIFE: "end of life and recycling",
    Stage.NOT_ASSIGNED: "not assigned",
}
_ASSIGNED = (Stage.RAW_MATERIAL, Stage.MAIN_PRODUCTION, Stage.END_OF_LIFE)
_HINT = (
    f"a stage is one of {', '.join(_ASSIGNED)}; distribution is the transport of the product, and in no table"
)


@frozen
class StageTable:
    """Which stage a process, or a kind of facility, belongs to. Names are compared without case.

    Attributes:
        process: by process.
        kind: by kind of facility, where the process is not named.
        process_at: by kind of facility and process, before both.
    """

    process: Mapping[str, Stage]
    kind: Mapping[str, Stage]
    process_at: Mapping[tuple[str, str], Stage]

    def stage(self, process: str, kind: str) -> Stage:
        """The stage of a process at a kind of facility (empty: at none).

        Args:
            process: of a transformation its process; else as breakdowns by process call it.
            kind: the facility's kind.
        """
        process, kind = process.casefold(), kind.casefold()
        if (kind, process) in self.process_at:
            return self.process_at[kind, process]
        return self.process.get(process) or self.kind.get(kind) or Stage.NOT_ASSIGNED


def packaged_text() -> str:
    """The file of the package, to begin one's own with."""
    # Not by importlib.resources, which takes longer to load than a small trace to compute.
    return Path(__file__).with_name(FILE).read_text("utf-8")


@cache
def packaged() -> StageTable:
    """The table of the package."""
    return _parsed(toml_text.loads(packaged_text()), FILE)


def load_stages(path: Path | None) -> StageTable:
    """A consortium's own table; without a path the package's.

    Raises:
        InputError: the file cannot be read, or says something else.
    """
    if path is None:
        return packaged()
    return _parsed(toml_text.read(path), str(path))


def _parsed(document: dict[str, Any], where: str) -> StageTable:
    known = {"process", "kind", "process_at"}
    if unknown := sorted(set(document) - known):
        raise InputError(f"{unknown[0]!r} is no table of stages", where=where, hint=f"use {sorted(known)}")
    at = document.get("process_at", {})
    if not isinstance(at, dict):
        raise InputError("process_at is not a table of tables", where=where, hint=_HINT)
    return StageTable(
        process=_stages(document.get("process", {}), f"{where}: process"),
        kind=_stages(document.get("kind", {}), f"{where}: kind"),
        process_at={
            (kind.casefold(), process): stage
            for kind, table in at.items()
            for process, stage in _stages(table, f"{where}: process_at.{kind}").items()
        },
    )


def _stages(table: object, where: str) -> dict[str, Stage]:
    if not isinstance(table, dict):
        raise InputError("it is not a table", where=where, hint=_HINT)
    found: dict[str, Stage] = {}
    for name, value in table.items():
        stage = next((each for each in _ASSIGNED if each == value), None)
        if stage is None:
            raise InputError(f"the stage of {name!r} is {value!r}", where=where, hint=_HINT)
        if name.casefold() in found:
            raise InputError(f"{name!r} is there twice", where=where, hint="names are compared without case")
        found[name.casefold()] = stage
    return found
