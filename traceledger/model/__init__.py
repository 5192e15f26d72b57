"""Plain values, units, substances, ids, commitments, and the two arithmetic rules. No chain, no I/O."""
