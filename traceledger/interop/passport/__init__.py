"""Battery passports and footprints of components, in models of Catena-X, Battery Pass and IDTA.

The law is Regulation (EU) 2023/1542, Article 77 and Annex XIII; the models are JSON structures generated from
aspect models (SAMM). To read on, in this order:

* ``making.py``: from a batch to the documents for each reader, with their sidecars
* ``batteries.py``: which battery is meant, and of which batteries its figures are the average; ``lots.py``
* ``members.py``: how a table of members becomes a document, with the source of each value; ``told.py``,
  ``access.py`` (who may see what), ``numbers.py`` (exact numbers)
* ``formats.py``: the models; a module each, with a table *member, point of Annex XIII, where it comes from*:
  ``catenax_*.py``, ``batterypass_*.py``, ``idta_*.py``
* what members come from: ``footprint.py`` (Article 7), ``circular.py`` (Article 8), ``materials.py``,
  ``diligence.py`` (Article 52), ``lives.py`` (Article 77(6)), ``identity.py``, ``declared_unit.py``, and of
  master data ``said.py``, filled by ``speaking.py``
* ``writing.py``: the files

docs/passport.md explains the same to those who use it.
"""
