"""PACT footprints (Technical Specifications 3.0.3 of the Partnership for Carbon Transparency), out and in.

A footprint is a JSON object ``ProductFootprint`` whose ``pcf`` says, as decimal text, kg CO2e for a *declared
unit*: an amount of kilograms, pieces, kilowatt hours and so on. Read in this order:

``rules.py``
    the standard's table: members, units, signs, which of them add up to which.
``subjects.py``, ``states.py``
    what a footprint is of, a batch or what was produced in a period; which states its figures went through.
    ``memory.py`` keeps those that were found before.
``footprint.py``
    one state as a document: each member, and who says it. ``sheet.py``, ``period.py``, ``decimals.py`` help.
``issues.py``, ``identity.py``
    the documents of all states: which is active, which follows which, and their ids.
``catalogue.py``
    all that a ledger and a company's master data give.
``choosing.py``, ``regions.py``, ``cloudevents.py``
    which of them a question asks for, and events between systems; ``traceledger/web/pact`` answers them.
``incoming.py``
    a supplier's footprint as an operation: material of untraced origin that brings its emissions along.

What a document has wrong is found by the package ``referee`` beside this one.
"""
