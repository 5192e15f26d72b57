"""The index as those read it who know what opens private texts: disclosed, each in its own field.

Only for reading by people. Operations are planned over the index itself: calls to the contracts repeat what
stands on chain.
"""

from __future__ import annotations

from collections.abc import Mapping

from traceledger.events.private import Openings
from traceledger.index.disclosure import Disclosure
from traceledger.index.reading import IndexReader
from traceledger.index.store import Index


class DisclosedIndex(IndexReader):
    """A view of an index, with the openings that are known. It follows no chain and closes nothing.

    Args:
        index: where to read.
        openings: what opens commitments.
    """

    def __init__(self, index: Index, openings: Openings) -> None:
        super().__init__(index.database, Disclosure(openings))

    @property
    def disclosed(self) -> Mapping[str, str]:
        """What was read disclosed so far: by its commitment, the text (of a document, its address)."""
        return self._disclosure.noted
