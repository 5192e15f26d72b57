"""``python -m traceledger``: the same as the ``traceledger`` command."""

import sys

from traceledger.cli import main

if __name__ == "__main__":
    sys.exit(main())
