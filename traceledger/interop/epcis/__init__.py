"""EPCIS 2.0: events of the supply chain as GS1's standard writes them, in and out.

Reading, in this order: ``documents`` takes the bytes and parts a document into events; ``schema`` judges
the shape of each, in our own words of the standard's JSON schema; ``reading`` makes a typed event of it
(``events``), with ``contexts`` for JSON-LD, ``vocabulary`` for the words of the Core Business Vocabulary,
``times``, ``identifiers`` for GS1 keys, and ``extension`` for what EPCIS has no words for.

Standards: GS1 EPCIS 2.0 and Core Business Vocabulary 2.0 (2022), JSON-LD 1.1.
"""
