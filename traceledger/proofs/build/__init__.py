"""Making proof files, trust roots and redactions, from a chain and its index."""
