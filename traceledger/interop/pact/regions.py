"""Countries of the regions and subregions that footprints may name: the UN's M49, by ISO 3166-1 codes.

Taiwan and Kosovo are in no list of M49; they stand where their neighbours do.

Example:
    >>> regions_of("FI"), regions_of("CD"), regions_of("??")
    (('Northern Europe', 'Europe'), ('Sub-Saharan Africa', 'Africa'), ())
"""

from __future__ import annotations

from functools import cache

_SUBREGIONS: dict[str, dict[str, str]] = {
    "Africa": {
        "Northern Africa": "DZ EG LY MA SD TN EH",
        "Sub-Saharan Africa": (
            "AO BJ BW BF BI CV CM CF TD KM CG CD CI DJ GQ ER SZ ET GA GM GH GN GW IO KE LS LR MG MW ML MR MU"
            " YT MZ NA NE NG RE RW SH ST SN SC SL SO ZA SS TF TG TZ UG ZM ZW"
        ),
    },
    "Americas": {
        "Latin America and the Caribbean": (
            "AI AG AR AW BS BB BZ BO BQ BR BV KY CL CO CR CU CW DM DO EC SV FK GF GD GP GT GY HT HN JM MQ MX"
            " MS NI PA PY PE PR BL KN LC MF VC GS SX SR TT TC UY VE VG VI"
        ),
        "Northern America": "BM CA GL PM US",
    },
    "Asia": {
        "Central Asia": "KZ KG TJ TM UZ",
        "Eastern Asia": "CN HK JP KP KR MN MO TW",
        "South-eastern Asia": "BN KH ID LA MM MY PH SG TH TL VN",
        "Southern Asia": "AF BD BT IN IR LK MV NP PK",
        "Western Asia": "AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR AE YE",
    },
    "Europe": {
        "Eastern Europe": "BY BG CZ HU MD PL RO RU SK UA",
        "Northern Europe": "AX DK EE FI FO GB GG IE IM IS JE LT LV NO SE SJ",
        "Southern Europe": "AD AL BA ES GI GR HR IT ME MK MT PT RS SI SM VA XK",
        "Western Europe": "AT BE CH DE FR LI LU MC NL",
    },
    "Oceania": {
        "Australia and New Zealand": "AU CC CX HM NF NZ",
        "Melanesia": "FJ NC PG SB VU",
        "Micronesia": "FM GU KI MH MP NR PW UM",
        "Polynesia": "AS CK NU PF PN TK TO TV WF WS",
    },
}


NAMES = (*_SUBREGIONS, *(name for within in _SUBREGIONS.values() for name in within))
"""Regions, and then subregions, as the UN spells them."""


@cache
def _by_country() -> dict[str, tuple[str, str]]:
    return {
        code: (subregion, region)
        for region, within in _SUBREGIONS.items()
        for subregion, codes in within.items()
        for code in codes.split()
    }


def regions_of(country: str) -> tuple[str, ...]:
    """The subregion and the region of a country by its code; nothing of one that is in none."""
    return _by_country().get(country, ())


def region_of(subregion: str) -> str | None:
    """The region of a subregion; ``None``: it is none."""
    return next((region for region, within in _SUBREGIONS.items() if subregion in within), None)
