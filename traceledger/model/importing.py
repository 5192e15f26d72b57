"""What imports modules of a package when something in them is first used.

Example:
    >>> importing("traceledger.model", "emissions", "units")("parse_mass").__name__
    'parse_mass'
"""

from __future__ import annotations

from collections.abc import Callable


def importing(package: str, *modules: str) -> Callable[[str], object]:
    """The ``__getattr__`` of a package that gives the public names of modules as its own.

    Args:
        package: its name.
        modules: names of modules in it; the first one that has what is asked for gives it.
    """

    def found(name: str) -> object:
        from importlib import import_module

        for module in () if name.startswith("_") else modules:
            home = import_module(f"{package}.{module}")
            if hasattr(home, name):
                result: object = getattr(home, name)
                return result
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return found
