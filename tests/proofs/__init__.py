"""Proof files: exported, verified, refused."""
