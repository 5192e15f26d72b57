"""TraceLedger: where the material in a product comes from, and its CO2e, on a permissioned EVM chain.

Example:
    >>> import traceledger
    >>> traceledger.connect.__name__
    'connect'

:mod:`traceledger.client.client` opens with a longer one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from traceledger.model.version import VERSION

if TYPE_CHECKING:
    from traceledger.client.client import Client, connect

__version__ = VERSION
__all__ = ["Client", "__version__", "connect"]


def __getattr__(name: str) -> object:
    """Import the client only when it is used: the command's help must not wait for it."""
    if name in ("Client", "connect"):
        from traceledger.client import client

        return getattr(client, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
