"""Why the contracts refuse: one exception for each of their errors, saying what, and how to mend it.

Class names are those of the Solidity errors; ``contracts/interfaces`` defines them. The placeholders of
``what_template`` and ``mend`` are the errors' arguments, shown by name and with units. A new one is a class
in the module of its theme, and nothing else.

Example:
    >>> BatchIsFrozen({"batch": 7}, {"batch": "katanga/KOL-1"}).what
    'batch katanga/KOL-1 is frozen: it was declared in error'
"""

from traceledger.refusals.access import *  # noqa: F403
from traceledger.refusals.assurance import *  # noqa: F403
from traceledger.refusals.base import Refusal as Refusal
from traceledger.refusals.base import UnknownRefusal as UnknownRefusal
from traceledger.refusals.ledger import *  # noqa: F403
from traceledger.refusals.registry import *  # noqa: F403


def by_name() -> dict[str, type[Refusal]]:
    """All refusals by the name of their Solidity error."""
    return {kind.__name__: kind for kind in Refusal.__subclasses__()}
