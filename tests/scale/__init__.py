"""Chains of any size, made fast: what a ledger of so many events looks like, and what must be computed of it.

``python -m tests.scale SHAPE EVENTS FILE`` makes one; :mod:`tests.scale.stored` reads it as an index does.
"""
