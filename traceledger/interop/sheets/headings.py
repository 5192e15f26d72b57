"""What sheets and columns are called, in every language, and which of them a heading means.

Example:
    >>> from traceledger.interop.sheets.columns import form_of
    >>> from traceledger.languages import ENGLISH
    >>> columns = form_of("mint").all_columns
    >>> heading("mass", "mint", ENGLISH), meant("Cobalt (kg)", columns, "mint")
    ('Gross mass', ('substances.Co',))
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from traceledger.interop.sheets.columns import EVERY, Column, family_of, forms
from traceledger.languages import LANGUAGES, Language, pgettext
from traceledger.model.substances import ENGLISH_NAMES

_HEADINGS: Mapping[str, str] = {
    "op": pgettext("column", "Operation"),
    "remark": pgettext("column", "Remark (not recorded)"),
    "as": pgettext("column", "Company acting"),
    "at": pgettext("column", "Happened at"),
    "unit": pgettext("column", "Unit of mass"),
    "emissions.unit": pgettext("column", "Unit of CO2e"),
    "batch": pgettext("column", "Lot"),
    "material": pgettext("column", "Material"),
    "facility": pgettext("column", "Site"),
    "mass": pgettext("column", "Gross mass"),
    "pieces": pgettext("column", "Pieces"),
    "substances": pgettext("column", "Substances"),
    "substances.*": pgettext("column", "Contains"),
    "origin": pgettext("column", "Origin"),
    "emissions.scope1": pgettext("column", "CO2e scope 1"),
    "emissions.scope2": pgettext("column", "CO2e scope 2"),
    "emissions.scope3": pgettext("column", "CO2e scope 3"),
    "emissions.primary": pgettext("column", "CO2e from primary data"),
    "emissions.biogenic": pgettext("column", "CO2e biogenic"),
    "emissions.land_use": pgettext("column", "CO2e from land use"),
    "emissions.aviation": pgettext("column", "CO2e from aviation"),
    "emissions.removals": pgettext("column", "CO2e removals"),
    "evidence.uri": pgettext("column", "Link to a document"),
    "evidence.sha256": pgettext("column", "SHA-256 of the document"),
    "private": pgettext("column", "Private"),
    "historic": pgettext("column", "Before 1990"),
    "into": pgettext("column", "Split off"),
    "into.batch": pgettext("column", "New lot"),
    "into.mass": pgettext("column", "Gross mass of the new lot"),
    "inputs": pgettext("column", "Taken"),
    "inputs.batch": pgettext("column", "Lot taken"),
    "inputs.mass": pgettext("column", "Mass taken"),
    "outputs": pgettext("column", "Made"),
    "outputs.batch": pgettext("column", "Lot made"),
    "outputs.material": pgettext("column", "Material made"),
    "outputs.mass": pgettext("column", "Gross mass made"),
    "outputs.substances.*": pgettext("column", "Made contains"),
    "outputs.pieces": pgettext("column", "Pieces made"),
    "outputs.weight": pgettext("column", "Weight for sharing CO2e"),
    "losses": pgettext("column", "Losses"),
    "losses.*": pgettext("column", "Lost"),
    "allocation": pgettext("column", "CO2e shared by"),
    "transformation": pgettext("column", "Run"),
    "process": pgettext("column", "Process"),
    "recycling": pgettext("column", "Recycling run"),
    "shipment": pgettext("column", "Shipment"),
    "batches": pgettext("column", "Lots"),
    "batches.batch": pgettext("column", "Lot shipped"),
    "to": pgettext("column", "Receiver"),
    "owner": pgettext("column", "Owner"),
    "return_of": pgettext("column", "Return of shipment"),
    "lots": pgettext("column", "Lots answered"),
    "lots.batch": pgettext("column", "Lot arrived"),
    "lots.answer": pgettext("column", "Answer"),
    "lots.mass": pgettext("column", "Mass arrived"),
    "lots.difference": pgettext("column", "Why it differs"),
    "lots.substances.*": pgettext("column", "Measured"),
    "arrived": pgettext("column", "Arrived with a loss"),
    "arrived.batch": pgettext("column", "Lot with a loss"),
    "arrived.mass": pgettext("column", "Mass left of it"),
    "reject.lots": pgettext("column", "Lots refused"),
    "reject.lots.batch": pgettext("column", "Lot refused"),
    "reason": pgettext("column", "Reason"),
    "record": pgettext("column", "Name of the record"),
    "how": pgettext("column", "How it ended"),
    "corrective": pgettext("column", "Corrected by lots"),
    "corrective.batch": pgettext("column", "Corrected by lot"),
    "of.record": pgettext("column", "Kind of record"),
    "of.name": pgettext("column", "Recorded as"),
    "of.lots": pgettext("column", "Lots of the receipt"),
    "name": pgettext("column", "Name"),
    "cas": pgettext("column", "CAS number"),
    "waste": pgettext("column", "Waste"),
    "product": pgettext("column", "Product"),
    "tolerance.mass": pgettext("column", "Tolerance of mass"),
    "tolerance.substances": pgettext("column", "Tolerance of substances"),
    "content.*": pgettext("column", "Content"),
    "participant": pgettext("column", "Company"),
    "country": pgettext("column", "Country"),
    "roles": pgettext("column", "Roles"),
    "granted": pgettext("column", "Roles granted"),
    "revoked": pgettext("column", "Roles revoked"),
    "address": pgettext("column", "Address of the key"),
    "operator": pgettext("column", "Key"),
    "successor": pgettext("column", "Successor key"),
    "consent": pgettext("column", "Consent of the key"),
    "deadline": pgettext("column", "Consent until"),
    "kind": pgettext("column", "Kind"),
    "latitude": pgettext("column", "Latitude"),
    "longitude": pgettext("column", "Longitude"),
    "capacity_per_year": pgettext("column", "Capacity per year"),
    "from": pgettext("column", "From"),
    "until": pgettext("column", "Until"),
    "uri": pgettext("column", "Link"),
    "issuer": pgettext("column", "Issued by"),
    "assessment": pgettext("column", "Assessment"),
    "scheme": pgettext("column", "Scheme"),
    "score": pgettext("column", "Score"),
    "share": pgettext("column", "Share"),
    "rating": pgettext("column", "Rating"),
    "valid_from": pgettext("column", "Valid from"),
    "valid_until": pgettext("column", "Valid until"),
    "finding": pgettext("column", "Finding"),
    "severity": pgettext("column", "Severity"),
    "category": pgettext("column", "Category"),
    "due": pgettext("column", "Due"),
    "description": pgettext("column", "Description"),
    "corrective_action": pgettext("column", "Corrective action"),
}
"""In English, by the column's word; first with its operation before it, and without where that has none."""

_TITLES: Mapping[str, str] = {
    "mint": pgettext("sheet", "New lots"),
    "split": pgettext("sheet", "Splits"),
    "split.into": pgettext("sheet", "Split off"),
    "add_emissions": pgettext("sheet", "Added CO2e"),
    "retire": pgettext("sheet", "Retired lots"),
    "take_back": pgettext("sheet", "Take-backs"),
    "ship": pgettext("sheet", "Shipments"),
    "ship.batches": pgettext("sheet", "Lots shipped"),
    "receive": pgettext("sheet", "Receipts"),
    "receive.lots": pgettext("sheet", "Lots arrived"),
    "reject": pgettext("sheet", "Refusals"),
    "cancel": pgettext("sheet", "Cancellations"),
    "transform": pgettext("sheet", "Runs"),
    "transform.inputs": pgettext("sheet", "Lots taken"),
    "transform.outputs": pgettext("sheet", "Lots made"),
    "hold": pgettext("sheet", "Holds"),
    "release": pgettext("sheet", "Releases"),
    "transfer_title": pgettext("sheet", "Changes of owner"),
    "declare_error": pgettext("sheet", "Errors"),
    "remeasure": pgettext("sheet", "Measurements"),
    "reverse": pgettext("sheet", "Reversals"),
    "restate_emissions": pgettext("sheet", "Restated CO2e"),
    "register_facility": pgettext("sheet", "Sites"),
    "explanations": pgettext("sheet", "Explanations"),
    "lists": pgettext("sheet", "Lists"),
}
"""In English, by operation, or by operation and list; others go by these names themselves."""

NOT_OPERATIONS = ("explanations", "lists")
"""Sheets of a template that hold no operations."""
MOST_OF_TITLE = 31
"""Characters of a sheet's name; spreadsheets take no more."""
_UNIT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_WORDS_TOO = frozenset({"as", "at", "be", "i", "in", "no", "am", "he", "os"})
"""Symbols of elements that are words, too: a heading that says no more does not mean the element."""


def heading(word: str, op: str, language: Language) -> str:
    """What a column is called, without its unit."""
    base, substance = family_of(word), word.rpartition(".")[2]
    if not _known(word, op) and _known(base, op):
        name = language.pgettext("substance", ENGLISH_NAMES.get(substance, substance))
        return f"{language.pgettext('column', _known(base, op))}: {name}"
    message = _known(word, op)
    return language.pgettext("column", message) if message else word.replace("_", " ").replace(".", " ")


def _known(word: str, op: str) -> str:
    """The English heading of a word, if there is one."""
    return _HEADINGS.get(f"{op}.{word}") or _HEADINGS.get(word) or ""


def title(name: str, language: Language) -> str:
    """What a sheet is called: of an operation, or of one of its lists (``transform.inputs``)."""
    message = _TITLES.get(name)
    return (language.pgettext("sheet", message) if message else name)[:MOST_OF_TITLE]


def titled(text: str) -> str:
    """Which sheet of a template is called so, in whatever language; empty if none is.

    Example:
        >>> titled("Runs"), titled("transform inputs"), titled("Sheet1")
        ('transform', 'transform.inputs', '')
    """
    return _sheets().get(plain(text), "")


@cache
def _sheets() -> Mapping[str, str]:
    """Names of sheets by what they are called in any language."""
    found: dict[str, str] = {}
    for form in forms():
        for name in (form.op, *(f"{form.op}.{each.word}" for each in form.lists)):
            found |= {plain(title(name, language)): name for language in LANGUAGES} | {plain(name): name}
    for name in NOT_OPERATIONS:
        found |= {plain(title(name, language)): name for language in LANGUAGES}
    return found


def plain(text: str) -> str:
    """A heading without what people write differently: capitals, marks between words, units."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[\s_.:;,*/-]+", " ", _UNIT.sub("", folded)).split())


def meant(text: str, columns: Iterable[Column], op: str) -> tuple[str, ...]:
    """The words of the columns that a heading may mean: one, none, or several where it is not clear.

    Args:
        text: the heading; a unit behind it does not count.
        columns: those that the sheet may have.
        op: the operation, for headings of its own.
    """
    columns = [*columns]
    wanted = plain(text)
    whole = [column.word for column in columns if wanted in called(column.word, op)]
    if whole:
        return tuple(whole)
    families = [column for column in columns if column.by_substance]
    said = [found for column in families if (found := _of_family(text, column, op))]
    if said:
        return tuple(said)
    if (bare := _substance(text)) and plain(text) not in _WORDS_TOO:
        return tuple(column.word.replace(EVERY, bare) for column in families)
    last = [column.word for column in columns if wanted == plain(column.word.rpartition(".")[2])]
    return tuple(last)


@cache
def called(word: str, op: str) -> frozenset[str]:
    """All that a column is called in full, as :func:`plain` has it; ``op`` is for headings of its own."""
    own = () if word.endswith(EVERY) else (plain(word),)
    return frozenset({*own, *(plain(heading(word, op, language)) for language in LANGUAGES)})


def _of_family(text: str, column: Column, op: str) -> str:
    """The word of a substance's column that is named after its family: ``losses.Co``, ``Lost: cobalt``."""
    wanted = plain(text)
    for name in sorted(called(column.word, op) | {plain(column.word.removesuffix(EVERY))}, key=len)[::-1]:
        rest = wanted.removeprefix(f"{name} ")
        if rest != wanted and (symbol := _substances().get(rest)):
            return column.word.replace(EVERY, symbol)
    return ""


def _substance(text: str) -> str:
    """The symbol of a substance that is named alone."""
    return _substances().get(plain(text), "")


@cache
def _substances() -> Mapping[str, str]:
    """Symbols by what substances are called in any language."""
    return dict(_all_names())


def _all_names() -> Iterator[tuple[str, str]]:
    for symbol, english in ENGLISH_NAMES.items():
        yield from ((plain(language.pgettext("substance", english)), symbol) for language in LANGUAGES)
        yield from ((plain(symbol), symbol), (plain(english), symbol))
