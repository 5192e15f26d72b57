"""Queries of EPCIS 2.0 over what the ledger recorded: the standard's parameters, what they match, and pages.

``asked`` reads the parameters of a SimpleEventQuery, ``matching`` says whether an event is meant,
``searching`` finds the events of a page, of the index where a parameter allows it, and looks at so many at
most. GS1 EPCIS 2.0, 8.2.7.1 (SimpleEventQuery) and 12.7 (REST).
"""
