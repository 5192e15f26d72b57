"""Verifying a proof file with nothing but the file and a trust root."""
