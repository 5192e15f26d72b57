"""Tracked substances and their numbers: elements by atomic number, minerals from 1000 up.

Example:
    >>> number("Co"), number("cobalt"), number("mica")
    (27, 27, 1000)
    >>> symbol(27)
    'Co'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from traceledger.errors import InputError

Value = TypeVar("Value")

_ELEMENTS = (
    "H hydrogen He helium Li lithium Be beryllium B boron C carbon N nitrogen O oxygen F fluorine Ne neon "
    "Na sodium Mg magnesium Al aluminium Si silicon P phosphorus S sulfur Cl chlorine Ar argon K potassium "
    "Ca calcium Sc scandium Ti titanium V vanadium Cr chromium Mn manganese Fe iron Co cobalt Ni nickel "
    "Cu copper Zn zinc Ga gallium Ge germanium As arsenic Se selenium Br bromine Kr krypton Rb rubidium "
    "Sr strontium Y yttrium Zr zirconium Nb niobium Mo molybdenum Tc technetium Ru ruthenium Rh rhodium "
    "Pd palladium Ag silver Cd cadmium In indium Sn tin Sb antimony Te tellurium I iodine Xe xenon "
    "Cs caesium Ba barium La lanthanum Ce cerium Pr praseodymium Nd neodymium Pm promethium Sm samarium "
    "Eu europium Gd gadolinium Tb terbium Dy dysprosium Ho holmium Er erbium Tm thulium Yb ytterbium "
    "Lu lutetium Hf hafnium Ta tantalum W tungsten Re rhenium Os osmium Ir iridium Pt platinum Au gold "
    "Hg mercury Tl thallium Pb lead Bi bismuth Po polonium At astatine Rn radon Fr francium Ra radium "
    "Ac actinium Th thorium Pa protactinium U uranium Np neptunium Pu plutonium Am americium Cm curium "
    "Bk berkelium Cf californium Es einsteinium Fm fermium Md mendelevium No nobelium Lr lawrencium "
    "Rf rutherfordium Db dubnium Sg seaborgium Bh bohrium Hs hassium Mt meitnerium Ds darmstadtium "
    "Rg roentgenium Cn copernicium Nh nihonium Fl flerovium Mc moscovium Lv livermorium Ts tennessine "
    "Og oganesson"
).split()

MINERALS = {1000: "mica"}
"""Minerals that are tracked as such, not by element."""

ENGLISH_NAMES: Mapping[str, str] = dict(zip(_ELEMENTS[0::2], _ELEMENTS[1::2], strict=True)) | {
    name: name for name in MINERALS.values()
}
"""What substances are called in English, by symbol; minerals by themselves."""

_SYMBOLS = dict(enumerate(_ELEMENTS[0::2], start=1)) | MINERALS
_NUMBERS = (
    {name.lower(): n for n, name in enumerate(_ELEMENTS[1::2], start=1)}
    | {name.lower(): n for n, name in _SYMBOLS.items()}
    | {"aluminum": 13, "sulphur": 16, "cesium": 55}
)


def number(name: str) -> int:
    """Number of a substance given by symbol (``Co``) or name (``cobalt``, ``mica``), in any case.

    Raises:
        InputError: no such substance is tracked.
    """
    try:
        return _NUMBERS[name.strip().lower()]
    except KeyError:
        from difflib import get_close_matches

        close = get_close_matches(name.strip().lower(), list(_NUMBERS), n=1)
        hint = (
            f"did you mean {_SYMBOLS[_NUMBERS[close[0]]]}?" if close else "use a symbol such as Co, or mica"
        )
        raise InputError(f"unknown substance {name!r}", hint=hint) from None


def named(by_substance: Mapping[int, Value]) -> dict[str, Value]:
    """By name what is known by number, in the same order.

    Example:
        >>> named({27: 5, 1000: 7})
        {'Co': 5, 'mica': 7}
    """
    return {symbol(substance): value for substance, value in by_substance.items()}


class BySubstance(dict[int, Value]):
    """Values by substance number; what people read of it names the substances.

    Example:
        >>> held = BySubstance({27: 5, 1000: 7})
        >>> held, held[27], held.named
        ({Co: 5, mica: 7}, 5, {'Co': 5, 'mica': 7})
    """

    @property
    def named(self) -> dict[str, Value]:
        """The same by name."""
        return named(self)

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{name}: {value!r}" for name, value in self.named.items()) + "}"


def symbol(substance: int) -> str:
    """Symbol of an element, or name of a mineral; ``#1234`` for a number without a name here."""
    return _SYMBOLS.get(substance, f"#{substance}")
