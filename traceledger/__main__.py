"""``python -m traceledger``: the same as the ``traceledger`` command."""

import sys

from traceledger.cli import main

sys.exit(main())
