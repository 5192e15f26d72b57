"""A second, independent implementation of the ledger's rules and figures, to compare the real one with.

Nothing here imports TraceLedger. docs/rules.md states the rules; exact integers and fractions follow.
"""
