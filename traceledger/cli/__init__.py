"""The ``traceledger`` command: nouns and verbs over the client. The only part that prints.

Results go to stdout and everything else to stderr; docs/cli.md lists the commands and the exit codes.

Example:
    >>> main(["--version"])
    traceledger 0.1.0
    0
"""

from traceledger.cli.app import main

__all__ = ["main"]
