"""The referee: what is wrong with documents of the industry, whoever wrote them.

Schemas say which members a document has; they add nothing up. The referee reads a document exactly,
recognises what it is, and says of each value that does not hold where it stands, what it should be, and by
which rule of which standard. It needs no ledger. Read in this order:

``checking.py``
    the front: recognises a document and has it checked.
``rules.py``
    the one table of rules, each with its source.
``hearing.py``, ``figures.py``, ``shapes.py``, ``sums.py``, ``times.py``, ``identifiers.py``
    what families share: findings and places, exact figures and their rounding, shapes of documents in our own
    words, sums, times in their order, check digits.
``pact.py``, ``epcis.py``, ``catenax_*.py``, ``batterypass.py``, ``idta.py``
    a module for each family of documents; ``pact_figures.py`` and ``battery.py`` hold parts of them.
``across.py``
    what several documents say of one battery.
"""
