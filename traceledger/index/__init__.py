"""The chain's events in SQLite: follow them with :meth:`Index.sync`, read them back as plain values.

Reading needs neither web3 nor py-evm.
"""

from traceledger.index.followed import Contracts, Followed, ReadableChain
from traceledger.index.ledger_reader import Edge
from traceledger.index.reading import IndexReader, IndexStatus
from traceledger.index.store import Index

__all__ = [
    "Contracts",
    "Edge",
    "Followed",
    "Index",
    "IndexReader",
    "IndexStatus",
    "ReadableChain",
]
