"""Kinds of values in a master data file: what each is kept as, and what checks how it is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict

from traceledger.interop.masterdata import checks

Text = Annotated[str, BeforeValidator(checks.text)]
Paragraph = Annotated[str, BeforeValidator(checks.paragraph)]
Slug = Annotated[str, BeforeValidator(checks.slug)]
FullName = Annotated[str, BeforeValidator(checks.full_name)]
Percent = Annotated[Decimal, BeforeValidator(checks.percent)]
Positive = Annotated[Decimal, BeforeValidator(checks.positive)]
Rating = Annotated[Decimal, BeforeValidator(checks.rating)]
Mass = Annotated[int, BeforeValidator(checks.mass)]
Day = Annotated[date | None, BeforeValidator(checks.day)]
Country = Annotated[str, BeforeValidator(checks.country)]
Subdivision = Annotated[str, BeforeValidator(checks.subdivision)]
Gtin = Annotated[str, BeforeValidator(checks.gtin)]
Uri = Annotated[str, BeforeValidator(checks.uri)]
Urn = Annotated[str, BeforeValidator(checks.urn)]
Epc = Annotated[str, BeforeValidator(checks.epc)]
Address = Annotated[str, BeforeValidator(checks.address)]
Listed = BeforeValidator(checks.listed)

STRICT = ConfigDict(extra="forbid")
"""Of every table: a key that it does not know is refused."""
