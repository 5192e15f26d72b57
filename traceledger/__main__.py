"""``python -m traceledger``: the same as the ``traceledger`` command."""

from traceledger.cli import main

main()
