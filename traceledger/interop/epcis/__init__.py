"""EPCIS 2.0: events of the supply chain as GS1's standard writes them, in and out.

Reading, in this order:

1. ``documents`` takes the bytes, says what they are, and parts a document into events.
2. ``contexts`` says what names stand for, as JSON-LD has it, without a network.
3. ``reading`` makes a typed value of each event (``events``), or says why it is refused (``faults``): its
   shape by ``schema``, the standard's JSON schema in our own words; the ``rules`` that no schema states; then
   its fields, with ``vocabulary`` for the words of the Core Business Vocabulary, ``times``, ``identifiers``
   for GS1 keys, and ``extension`` and ``terms`` for what EPCIS has no words for.
4. ``event_hash`` gives each the hash by which it can be named as evidence.

``units`` turns quantities into milligrams.

Standards: GS1 EPCIS 2.0 and Core Business Vocabulary 2.0 (2022), JSON-LD 1.1.

Example:
    >>> from traceledger.interop.epcis import documents
    >>> event = b'''{"@context": "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    ...     "type": "ObjectEvent", "action": "ADD", "bizStep": "commissioning",
    ...     "eventTime": "2026-07-22T06:45:00.5+02:00", "eventTimeZoneOffset": "+02:00",
    ...     "quantityList": [
    ...         {"epcClass": "urn:epc:class:lgtin:4012345.012345.LOT1", "quantity": 12.5, "uom": "KGM"}]
    ... }'''
    >>> (read,) = documents.read(event, "event.json").events
    >>> read.at, read.biz_step, read.quantities[0]
    (1784695500, 'commissioning', Quantity(epc_class='https://id.gs1.org/01/04012345123456/10/LOT1', \
amount=Decimal('12.5'), uom='KGM'))
    >>> (refused,) = documents.read(event.replace(b"commissioning", b"comissioning"), "event.json").events
    >>> print(refused.sentence)
    event 1: /bizStep: 'comissioning' is no business step of CBV 2.0 (use a word of it, such as \
'commissioning', or a URI of your own)
"""
