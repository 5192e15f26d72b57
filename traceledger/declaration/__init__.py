"""The Product Sustainability Declaration: what a buyer wants to know of one batch, and how to check it.

A declaration is computed from the index alone. It names the chain, the block and the contracts that it was
computed from, so that anyone with the chain gets the same numbers. docs/declaration.md explains each field.

==================  ======================================================================
``declared``        the declaration, and how it is made
``journeys``        where each substance has been on its way: places, runs, transports
``suppliers``       who took part, their standing, and what is on record about them
``corrections``     what was wrong on the way, or measured better, and by whom it was mended
``unknown``         what is not known
==================  ======================================================================

Example:
    >>> MARKS[0]
    'frozen'
"""

from traceledger.declaration.declared import (
    MARKS,
    ChainReference,
    Declaration,
    SubstanceStatement,
    declare,
)

__all__ = [
    "MARKS",
    "ChainReference",
    "Declaration",
    "SubstanceStatement",
    "declare",
]
