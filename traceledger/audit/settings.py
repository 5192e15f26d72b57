"""The settings of an audit: thresholds, references and lists, read from TOML over the documented default.

A settings file holds only what it changes. Tables are merged key by key; a list replaces the default's list.

Example:
    >>> settings = default_settings()
    >>> settings.fail_on, settings.travel.max_kmh
    ('high', 900.0)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from traceledger.errors import InputError
from traceledger.model.registry import Material
from traceledger.model.substances import number
from traceledger.model.units import parse_mass
from traceledger.storage import toml_text

DEFAULT = "default-settings.toml"
LevelName = Literal["off", "low", "medium", "high"]

_Share = Annotated[float, Field(ge=0, le=1)]
_Positive = Annotated[float, Field(gt=0)]
_Ratio = Annotated[float, Field(gt=1)]
_Runs = Annotated[int, Field(ge=2)]
_Days = Annotated[int, Field(ge=1)]
_Mass = Annotated[int, BeforeValidator(parse_mass)]
_Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


def _known(name: str) -> str:
    number(name)
    return name


_Substance = Annotated[str, AfterValidator(_known)]


class _Table(BaseModel):
    """A table of the file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Capacity(_Table):
    """``use``: part of a year's approved capacity from which a mint is worth a look."""

    use: _Share


class YieldRange(_Table):
    """Which part of a substance a process may bring through: ``min`` to ``max``, 0 to 1."""

    process: str
    substance: _Substance
    min: _Share
    max: _Share
    source: str


class Yield(_Table):
    """``deviation``: distance from the median of the other runs, as a part of what was taken."""

    min_runs: _Runs
    deviation: _Share
    range: tuple[YieldRange, ...]


class OfMaterial(_Table):
    """An entry about materials, which it knows by their CAS number or their slugs."""

    name: str
    cas: str = ""
    materials: tuple[str, ...] = ()


Entry = TypeVar("Entry", bound=OfMaterial)


class ContentMaximum(OfMaterial):
    """A compound, by CAS number or material slug, and the most it can hold (mass per cent)."""

    percent: dict[_Substance, Annotated[float, Field(gt=0, le=100)]]


class ContentReference(OfMaterial):
    """A compound, by CAS number or material slug, and the least it holds (mass per cent)."""

    percent: dict[_Substance, Annotated[float, Field(gt=0, le=100)]]


class Content(_Table):
    """``tolerance``: relative, on limits; ``deviation``: relative, from a facility's other lots."""

    tolerance: _Share
    min_lots: _Runs
    deviation: _Positive
    maximum: tuple[ContentMaximum, ...]
    reference: tuple[ContentReference, ...]


class Gain(_Table):
    """Most output mass per input mass of a transformation; ``materials``: where it makes one of these."""

    maximum: _Ratio
    materials: dict[str, _Ratio]


class Losses(_Table):
    """Largest parts that may be declared lost: on ``arrival``, and of a substance in a ``year``."""

    arrival: _Share
    year: _Share
    year_from: _Mass


class Travel(_Table):
    """Greatest speeds over the great circle, km/h; ``bulk`` is cargo of at least ``bulk_from``."""

    max_kmh: _Positive
    bulk_kmh: _Positive
    bulk_from: _Mass
    ignore_km: Annotated[float, Field(ge=0)]


class Processing(_Table):
    """``hours``: the least time a process needs from the arrival of its last input."""

    hours: dict[str, Annotated[float, Field(ge=0)]]


class Time(_Table):
    """How far a submitter's clock may run ahead of the chain's; from ``future_hours`` on it is no clock."""

    future_minutes: Annotated[int, Field(ge=0)]
    future_hours: Annotated[int, Field(ge=1)]


class Lateness(_Table):
    """``days`` after which a mint is late; ``part`` of a capacity recorded ``grace_days`` after its year."""

    days: _Days
    part: _Share
    grace_days: _Days


class _Bounds(_Table):
    """What no lot is: lighter or heavier, as minted or made; with less or more kg CO2e per kg."""

    lot_least: _Mass
    lot_most: _Mass
    co2e_least: _Positive
    co2e_most: _Positive


class MaterialScale(OfMaterial, _Bounds):
    """Bounds of a material, by CAS number or slug, per kg of the lot."""


class SubstanceScale(_Bounds):
    """Bounds of other materials, by the substance of which they hold most, per kg of all substances."""

    substance: _Substance


class Scale(_Table):
    """Bounds that hold for everybody: beyond them a unit is wrong."""

    material: tuple[MaterialScale, ...]
    substance: tuple[SubstanceScale, ...]


class Corrections(_Table):
    """``tolerance`` of a corrected mass; ``chance`` and ``part`` of throughput from which on bias counts."""

    tolerance: _Share
    chance: _Share
    part: _Share


class Shifting(_Table):
    """``odds`` of CO2e to mass or content of an output that bears a ``share``; what ``waste`` may bear."""

    share: _Share
    odds: _Ratio
    waste: _Share


class Custody(_Table):
    """Days after which an offer without an answer, or a batch that nobody touches, is worth a look."""

    unanswered_days: _Days
    unused_days: _Days


class IntensityReference(OfMaterial):
    """Published cradle-to-gate range of a material, kg CO2e per kg."""

    low: _Positive
    high: _Positive
    source: str


class Intensity(_Table):
    """``ratio``: to the median of the other runs; ``reference_ratio``: below or above a published range."""

    min_runs: _Runs
    ratio: _Ratio
    reference_ratio: _Ratio
    reference: tuple[IntensityReference, ...]


class Risk(_Table):
    """Countries rated high risk, and the kinds of assessment that mitigate it."""

    countries: tuple[_Country, ...]
    mitigated_by: tuple[str, ...]


class Assurance(_Table):
    """``lca_kinds``: what counts as a life-cycle assessment; ``expiring``: kinds whose end is reported."""

    lca_kinds: tuple[str, ...]
    expiring: tuple[str, ...]


class Duplicates(_Table):
    """``min_length``: shortest lot text that is compared between companies."""

    min_length: Annotated[int, Field(ge=1)]


class Settings(_Table):
    """Everything an audit decides by. docs/audit.md and the default file explain each value."""

    fail_on: Literal["low", "medium", "high", "never"]
    rules: dict[str, LevelName]
    capacity: Capacity
    yields: Annotated[Yield, Field(alias="yield")]
    content: Content
    gain: Gain
    losses: Losses
    travel: Travel
    processing: Processing
    time: Time
    lateness: Lateness
    scale: Scale
    corrections: Corrections
    shifting: Shifting
    custody: Custody
    intensity: Intensity
    risk: Risk
    assurance: Assurance
    duplicates: Duplicates


def entry_for(known: Sequence[Entry], material: Material, *, slug_first: bool = False) -> Entry | None:
    """The entry about a material, if there is one: the first with its CAS number, else with its slug.

    ``slug_first``: the other way round, where what a consortium calls it says more.
    """
    by_cas = (item for item in known if material.cas and item.cas == material.cas)
    by_slug = (item for item in known if material.slug in item.materials)
    one, other = (by_slug, by_cas) if slug_first else (by_cas, by_slug)
    return next(one, None) or next(other, None)


def load_settings(path: Path | None = None) -> Settings:
    """The settings of a file, or the default one.

    Raises:
        InputError: the file cannot be read, is not TOML, or a value in it is wrong; the message names it.
    """
    if path is None:
        return default_settings()
    return _settings(_merged(_default_document(), toml_text.read(path)), str(path))


@cache
def default_settings() -> Settings:
    """The settings that ships with this package."""
    return _settings(_default_document(), DEFAULT)


def default_text() -> str:
    """The default settings file, with its comments."""
    return files("traceledger.audit").joinpath(DEFAULT).read_text("utf-8")


def _default_document() -> dict[str, Any]:
    return toml_text.loads(default_text())


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _settings(document: dict[str, Any], where: str) -> Settings:
    try:
        settings = Settings.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        hint = "see the default settings: traceledger audit --show-settings"
        message = first["msg"].removeprefix("Value error, ")
        raise InputError(f"{field}: {message}", where=where, hint=hint) from None
    ends = [(item.min, item.max) for item in settings.yields.range]
    ends += [(item.low, item.high) for item in settings.intensity.reference]
    scales: tuple[_Bounds, ...] = (*settings.scale.material, *settings.scale.substance)
    ends += [(item.lot_least, item.lot_most) for item in scales]
    ends += [(item.co2e_least, item.co2e_most) for item in scales]
    for low, high in ends:
        if low > high:
            raise InputError(f"a range ends ({high:g}) before it begins ({low:g})", where=where)
    return settings
