"""Countries by ISO 3166-1 alpha-2, and what was probably meant by what is no such code.

The table is ISO 3166-1 of 2026 (249 codes) and XK, a user-assigned code for Kosovo that the European
Union uses. Codes that ISO 3166-3 withdrew, and those of other registers, serve to say what is meant.

Example:
    >>> exists("CD"), meant_by("UK"), meant_by("DR"), meant_by("deu"), meant_by("ZZ")
    (True, ('GB',), ('CD', 'DO'), ('DE',), ())
"""

from __future__ import annotations

from functools import cache

from traceledger.errors import InputError

_OTHER = {
    # Codes of other registers, number plates, and habits.
    **{
        "UK": "GB",
        "EL": "GR",
        "DR": "CD DO",
        "DRC": "CD",
        "UAE": "AE",
        "KSA": "SA",
        "RSA": "ZA",
        "PRC": "CN",
    },
    **{
        "ROK": "KR",
        "DPRK": "KP",
        "RF": "RU",
        "RC": "TW",
        "SF": "FI",
        "FL": "LI",
        "XI": "GB",
        "XKS": "XK",
        "KOS": "XK",
    },
    **{
        "JA": "JP",
        "SW": "SE CH",
        "GER": "DE",
        "SUI": "CH",
        "NED": "NL",
        "POR": "PT",
        "RI": "ID",
        "RCH": "CL",
    },
    # Withdrawn, by ISO 3166-3. Those that were given to another country since (AI, BQ, BY, GE, SK) exist.
    **{
        "AN": "BQ CW SX",
        "BU": "MM",
        "CS": "CZ SK RS ME",
        "CT": "KI",
        "DD": "DE",
        "DY": "BJ",
        "FQ": "AQ TF",
        "FX": "FR",
    },
    **{
        "HV": "BF",
        "JT": "UM",
        "MI": "UM",
        "NH": "VU",
        "NQ": "AQ",
        "NT": "IQ SA",
        "PC": "FM MH MP PW",
        "PU": "UM",
    },
    **{
        "PZ": "PA",
        "RH": "ZW",
        "SU": "RU",
        "TP": "TL",
        "VD": "VN",
        "WK": "UM",
        "YD": "YE",
        "YU": "RS ME",
        "ZR": "CD",
    },
    **{
        "ZAR": "CD",
        "TMP": "TL",
        "SCG": "RS ME",
        "YUG": "RS ME",
        "SUN": "RU",
        "DDR": "DE",
        "ROM": "RO",
        "BUR": "MM",
    },
}
_NAMES = {
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "congo": "CD CG",
    "democratic republic of the congo": "CD",
    "democratic republic of congo": "CD",
    "dr congo": "CD",
    "congo-kinshasa": "CD",
    "congo-brazzaville": "CG",
    "zaire": "CD",
    "usa": "US",
    "united states of america": "US",
    "america": "US",
    "korea": "KR KP",
    "republic of korea": "KR",
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
    "ivory coast": "CI",
    "burma": "MM",
    "swaziland": "SZ",
    "cape verde": "CV",
    "macedonia": "MK",
    "russian federation": "RU",
    "deutschland": "DE",
    "suomi": "FI",
    "españa": "ES",
    "schweiz": "CH",
    "suisse": "CH",
    "österreich": "AT",
    "sverige": "SE",
    "norge": "NO",
    "polska": "PL",
    "brasil": "BR",
}


def exists(code: str) -> bool:
    """Whether it is the alpha-2 code of a country, in capitals."""
    return code in _rows()


def codes() -> tuple[str, ...]:
    """Every alpha-2 code, in the order of the alphabet."""
    return tuple(sorted(_rows()))


def name_of(code: str) -> str:
    """The country's usual English name; the code itself if there is none."""
    return _rows().get(code, code)


def require(code: str) -> str:
    """The code, if there is such a country.

    Raises:
        InputError: there is not; the hint says which is probably meant.
    """
    if exists(code):
        return code
    meant = [f"{each} ({name_of(each)})" for each in meant_by(code)]
    hint = f"did you mean {' or '.join(meant)}?" if meant else "use ISO 3166-1 alpha-2, for instance CD"
    raise InputError(f"{code!r} is not a country code", hint=hint)


def meant_by(text: str) -> tuple[str, ...]:
    """The alpha-2 codes that are probably meant by another code, or by a name; none where nobody can tell."""
    capitals, lower = text.strip().upper(), " ".join(text.casefold().split())
    if exists(capitals):
        return (capitals,)
    if found := _OTHER.get(capitals) or _NAMES.get(lower) or _others().get(capitals) or _others().get(lower):
        return tuple(found.split())
    from difflib import get_close_matches

    near = get_close_matches(lower, [*_NAMES, *_others()], n=1, cutoff=0.8) if len(lower) > 3 else []
    return tuple((_NAMES.get(near[0]) or _others()[near[0]]).split()) if near else ()


@cache
def _rows() -> dict[str, str]:
    """Names by alpha-2 code."""
    return {row[:2]: row[7:] for row in _TABLE.splitlines()}


@cache
def _others() -> dict[str, str]:
    """Alpha-2 codes by alpha-3 code, and by name in lower case."""
    rows = _TABLE.splitlines()
    return {row[3:6]: row[:2] for row in rows} | {row[7:].casefold(): row[:2] for row in rows}


_TABLE = """\
AD AND Andorra
AE ARE United Arab Emirates
AF AFG Afghanistan
AG ATG Antigua and Barbuda
AI AIA Anguilla
AL ALB Albania
AM ARM Armenia
AO AGO Angola
AQ ATA Antarctica
AR ARG Argentina
AS ASM American Samoa
AT AUT Austria
AU AUS Australia
AW ABW Aruba
AX ALA Åland Islands
AZ AZE Azerbaijan
BA BIH Bosnia and Herzegovina
BB BRB Barbados
BD BGD Bangladesh
BE BEL Belgium
BF BFA Burkina Faso
BG BGR Bulgaria
BH BHR Bahrain
BI BDI Burundi
BJ BEN Benin
BL BLM Saint Barthélemy
BM BMU Bermuda
BN BRN Brunei
BO BOL Bolivia
BQ BES Bonaire, Sint Eustatius and Saba
BR BRA Brazil
BS BHS Bahamas
BT BTN Bhutan
BV BVT Bouvet Island
BW BWA Botswana
BY BLR Belarus
BZ BLZ Belize
CA CAN Canada
CC CCK Cocos Islands
CD COD Congo, Democratic Republic of the
CF CAF Central African Republic
CG COG Congo
CH CHE Switzerland
CI CIV Côte d'Ivoire
CK COK Cook Islands
CL CHL Chile
CM CMR Cameroon
CN CHN China
CO COL Colombia
CR CRI Costa Rica
CU CUB Cuba
CV CPV Cabo Verde
CW CUW Curaçao
CX CXR Christmas Island
CY CYP Cyprus
CZ CZE Czechia
DE DEU Germany
DJ DJI Djibouti
DK DNK Denmark
DM DMA Dominica
DO DOM Dominican Republic
DZ DZA Algeria
EC ECU Ecuador
EE EST Estonia
EG EGY Egypt
EH ESH Western Sahara
ER ERI Eritrea
ES ESP Spain
ET ETH Ethiopia
FI FIN Finland
FJ FJI Fiji
FK FLK Falkland Islands
FM FSM Micronesia
FO FRO Faroe Islands
FR FRA France
GA GAB Gabon
GB GBR United Kingdom
GD GRD Grenada
GE GEO Georgia
GF GUF French Guiana
GG GGY Guernsey
GH GHA Ghana
GI GIB Gibraltar
GL GRL Greenland
GM GMB Gambia
GN GIN Guinea
GP GLP Guadeloupe
GQ GNQ Equatorial Guinea
GR GRC Greece
GS SGS South Georgia and South Sandwich Islands
GT GTM Guatemala
GU GUM Guam
GW GNB Guinea-Bissau
GY GUY Guyana
HK HKG Hong Kong
HM HMD Heard Island and McDonald Islands
HN HND Honduras
HR HRV Croatia
HT HTI Haiti
HU HUN Hungary
ID IDN Indonesia
IE IRL Ireland
IL ISR Israel
IM IMN Isle of Man
IN IND India
IO IOT British Indian Ocean Territory
IQ IRQ Iraq
IR IRN Iran
IS ISL Iceland
IT ITA Italy
JE JEY Jersey
JM JAM Jamaica
JO JOR Jordan
JP JPN Japan
KE KEN Kenya
KG KGZ Kyrgyzstan
KH KHM Cambodia
KI KIR Kiribati
KM COM Comoros
KN KNA Saint Kitts and Nevis
KP PRK North Korea
KR KOR South Korea
KW KWT Kuwait
KY CYM Cayman Islands
KZ KAZ Kazakhstan
LA LAO Laos
LB LBN Lebanon
LC LCA Saint Lucia
LI LIE Liechtenstein
LK LKA Sri Lanka
LR LBR Liberia
LS LSO Lesotho
LT LTU Lithuania
LU LUX Luxembourg
LV LVA Latvia
LY LBY Libya
MA MAR Morocco
MC MCO Monaco
MD MDA Moldova
ME MNE Montenegro
MF MAF Saint Martin
MG MDG Madagascar
MH MHL Marshall Islands
MK MKD North Macedonia
ML MLI Mali
MM MMR Myanmar
MN MNG Mongolia
MO MAC Macao
MP MNP Northern Mariana Islands
MQ MTQ Martinique
MR MRT Mauritania
MS MSR Montserrat
MT MLT Malta
MU MUS Mauritius
MV MDV Maldives
MW MWI Malawi
MX MEX Mexico
MY MYS Malaysia
MZ MOZ Mozambique
NA NAM Namibia
NC NCL New Caledonia
NE NER Niger
NF NFK Norfolk Island
NG NGA Nigeria
NI NIC Nicaragua
NL NLD Netherlands
NO NOR Norway
NP NPL Nepal
NR NRU Nauru
NU NIU Niue
NZ NZL New Zealand
OM OMN Oman
PA PAN Panama
PE PER Peru
PF PYF French Polynesia
PG PNG Papua New Guinea
PH PHL Philippines
PK PAK Pakistan
PL POL Poland
PM SPM Saint Pierre and Miquelon
PN PCN Pitcairn
PR PRI Puerto Rico
PS PSE Palestine
PT PRT Portugal
PW PLW Palau
PY PRY Paraguay
QA QAT Qatar
RE REU Réunion
RO ROU Romania
RS SRB Serbia
RU RUS Russia
RW RWA Rwanda
SA SAU Saudi Arabia
SB SLB Solomon Islands
SC SYC Seychelles
SD SDN Sudan
SE SWE Sweden
SG SGP Singapore
SH SHN Saint Helena
SI SVN Slovenia
SJ SJM Svalbard and Jan Mayen
SK SVK Slovakia
SL SLE Sierra Leone
SM SMR San Marino
SN SEN Senegal
SO SOM Somalia
SR SUR Suriname
SS SSD South Sudan
ST STP Sao Tome and Principe
SV SLV El Salvador
SX SXM Sint Maarten
SY SYR Syria
SZ SWZ Eswatini
TC TCA Turks and Caicos Islands
TD TCD Chad
TF ATF French Southern Territories
TG TGO Togo
TH THA Thailand
TJ TJK Tajikistan
TK TKL Tokelau
TL TLS Timor-Leste
TM TKM Turkmenistan
TN TUN Tunisia
TO TON Tonga
TR TUR Türkiye
TT TTO Trinidad and Tobago
TV TUV Tuvalu
TW TWN Taiwan
TZ TZA Tanzania
UA UKR Ukraine
UG UGA Uganda
UM UMI US Minor Outlying Islands
US USA United States
UY URY Uruguay
UZ UZB Uzbekistan
VA VAT Holy See
VC VCT Saint Vincent and the Grenadines
VE VEN Venezuela
VG VGB British Virgin Islands
VI VIR US Virgin Islands
VN VNM Vietnam
VU VUT Vanuatu
WF WLF Wallis and Futuna
WS WSM Samoa
XK XKX Kosovo
YE YEM Yemen
YT MYT Mayotte
ZA ZAF South Africa
ZM ZMB Zambia
ZW ZWE Zimbabwe
"""
