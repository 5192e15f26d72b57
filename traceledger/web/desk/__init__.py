"""The desk: pages on this machine on which a participant's clerks see what is due, prepare, sign and follow.

An application of its own, apart from the explorer, which only reads (docs/desk.md).
"""
