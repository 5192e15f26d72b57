"""What can be recorded on the ledger: fields, calls, and what each operation touches, makes and hides."""
