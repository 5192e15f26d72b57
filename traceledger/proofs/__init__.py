"""Proof files: provenance that verifies offline."""
