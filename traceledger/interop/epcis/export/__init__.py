"""EPCIS 2.0 out: what the ledger recorded, as documents of events.

Read in this order: ``chosen`` says which events a document has, ``events`` what each becomes (``corrections``
those that take something back), of parts in ``saying``, with names and URIs of ``things``; ``masterdata`` and
``history`` give what must be there before; ``documents`` puts them together. docs/epcis.md has the tables.

Standards: GS1 EPCIS 2.0.1 and Core Business Vocabulary 2.0.
"""

from traceledger.interop.epcis.export.documents import company, lineage

__all__ = ["company", "lineage"]
