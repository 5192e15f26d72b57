"""What is answered: one module for each kind of things, functions from a snapshot to a document."""
