r"""What a number's format shows around it: a unit, a percent sign, zeros (ECMA-376, part 1, 18.8.31).

Example:
    >>> shown('0.00" kg"'), shown("00000").digits, shown("0%").unit, shown("[$€-407] #,##0").dressed
    (Shown(unit='kg', digits=1, dressed=False), 5, '%', True)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

BUILT_IN = {9: "0%", 10: "0.00%"}
"""Formats that have no code in the file, as far as they show something besides digits."""
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BRACKETS = re.compile(r"\[[^\]]*\]")
_CONDITION = re.compile(r"\[[<>=]")
"""Where the value decides how it is shown, such as in kg below 1000 and in thousands of it above."""
_PARTS = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|(?P<digit>[0#?])|(?P<other>.)', re.DOTALL)
_OF_NUMBERS = frozenset(",. /Ee+-")


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands around a number.

    Attributes:
        unit: the text behind it, such as ``%`` or ``kg``.
        digits: the least that stand before the decimals; zeros fill them.
        dressed: whether it is shown as another number than it is: with text before it, or in thousands.
    """

    unit: str = ""
    digits: int = 1
    dressed: bool = False


@lru_cache(maxsize=1024)
def shown(code: str) -> Shown:
    """What a format shows of numbers that are not negative."""
    section = _BRACKETS.sub("", _CURRENCY.sub(r'"\1"', code.partition(";")[0]))
    if "general" in section.lower():
        section = re.sub("general", "#0", section, flags=re.IGNORECASE)
    before, behind, digits = "", "", ""
    for part in _PARTS.finditer(section):
        text = part["quoted"] or part["escaped"] or ""
        if part["digit"]:
            # Text between digits belongs to what is shown before the last of them.
            before, behind, digits = before + behind, "", digits + part["digit"]
        elif part["other"] in _OF_NUMBERS:
            digits += part["other"]
        elif part["other"]:
            text = part["other"]
        behind += text
    if not any(sign in digits for sign in "0#?"):
        # Nothing of the number is seen: ;;; hides it, and a text may say another one.
        return Shown(dressed=bool(code.strip()) and "@" not in section)
    whole = digits.split(".")[0]
    scaled = digits.split("E")[0].rstrip().endswith(",")
    return Shown(
        unit=behind.strip(),
        digits=max(1, whole.count("0")) if "E" not in digits else 1,
        dressed=bool(before.strip()) or scaled or "/" in digits or _CONDITION.search(code) is not None,
    )
