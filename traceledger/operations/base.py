"""What operations have in common: the base classes of their dataclasses.

Example:
    >>> [name for name in Physical.__dataclass_fields__ if not name.startswith("_")]
    ['act_as', 'at', 'evidence', 'private']
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from traceledger.operations import fields as f

STRICT = ConfigDict(extra="forbid", validate_by_name=True, validate_by_alias=True)
As = Annotated[str | None, Field(alias="as")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What every operation has: who acts (none: the deploying account), and when it happened."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT
    act_as: As = None
    at: f.Time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidenced(Base):
    """An operation that documents held elsewhere may show.

    ``private``: names, identifiers and evidence in it go on chain as salted commitments (docs/privacy.md).
    """

    evidence: f.EvidenceField = ()
    private: f.Flag = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Evidenced):
    """An act of the consortium or an auditor that may be repeated later; its time tells the acts apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Physical(Evidenced):
    """An operation on batches: something that happened in the world, at a time that its author states."""

    at: f.Time
