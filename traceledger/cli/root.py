"""The table of commands: one module for each noun, imported when it is called for."""

from __future__ import annotations

from importlib.util import find_spec

import rich_click as click

from traceledger import __version__
from traceledger.cli.lazy import Group
from traceledger.cli.options import root_options

EXIT_CODES = """\
Exit codes: 0 done; 1 defect of the program; 2 wrong input or usage; 3 stored evidence does not hold;
4 refused by your policy; 5 refused by the contracts; 6 key or passphrase; 7 network; 130 interrupted.

A page that a message names, such as docs/errors.md: traceledger docs errors"""

_NOUNS = (
    "init network contract key participant facility material batch submit outbox tx trace footprint"
    " disclosure declaration proof trust-root assurance finding audit emissions index node docs completion"
).split()

_MODULES = {noun: noun.replace("-", "_") for noun in _NOUNS}
_TABLE = {
    noun: f"traceledger.cli.{module}:{module}"
    for noun, module in _MODULES.items()
    if find_spec(f"traceledger.cli.{module}")
}
_ENVIRONMENT = {"network": "TRACELEDGER_NETWORK", "act_as": "TRACELEDGER_AS"}


@click.group(
    cls=Group, table=_TABLE, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, message="traceledger %(version)s")
def root() -> None:
    """Where the material in a product comes from, and its CO2e.

    Results go to stdout, everything else to stderr. Start in an empty folder with: traceledger init
    """


root.params.extend(root_options())
for _parameter in root.params:
    _parameter.envvar = _ENVIRONMENT.get(str(_parameter.name), _parameter.envvar)
