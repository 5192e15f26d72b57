"""Planned operations onto a chain, exactly once: one, a file, or signed offline; through the outbox."""
