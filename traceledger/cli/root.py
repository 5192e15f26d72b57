"""The table of commands: one module for each noun, imported when it is called for."""

from __future__ import annotations

import click

from traceledger import __version__
from traceledger.cli.commands import Group
from traceledger.cli.metavars import with_metavar
from traceledger.cli.options import root_options

EXIT_CODES = """\
Exit codes: 0 done; 1 defect of the program; 2 wrong input or usage; 3 stored evidence does not hold;
4 not accepted by your policy or an audit's settings; 5 refused by the contracts; 6 key or passphrase;
7 network; 8 too large for a block; 130 interrupted; 143 ended by SIGTERM.

A page that a message names, such as docs/errors.md: traceledger help errors. Topics: traceledger help"""

NOUNS = {
    "init": 'Write a networks.toml with the embedded network "local" into FOLDER (default: here).',
    "network": "Found and run a consortium's network; the networks of networks.toml.",
    "contract": "The contracts of a network.",
    "key": "Keys that sign: in encrypted files (Web3 Secret Storage), or in a token (PKCS#11).",
    "participant": "Companies on the ledger.",
    "facility": "Sites of companies: mines, recyclers, refineries, plants.",
    "material": "Kinds of material.",
    "batch": "Physical lots of material.",
    "shipment": "Lots on their way between companies: from whom, to whom, and what is open.",
    "submit": "Run the operations of FILE, in order, each once: JSON Lines, a workbook (.xlsx) or CSV.",
    "template": "Write a workbook (.xlsx) to fill in, with a sheet for each OPERATION.",
    "outbox": "The transactions that were signed here for a network, and what became of them.",
    "tx": "Transactions that were signed with --offline on a machine without a network.",
    "trace": "Trace BATCH: its origins, CO2e, recycled content and traced share; or what was made from it.",
    "footprint": "Show the CO2e of BATCH: own, inherited, from primary data; by scope, stage, facility and"
    " process.",
    "check": "Check documents: PACT footprints, EPCIS events, Catena-X models, battery passports.",
    "disclosure": "What opens private texts: names, identifiers and evidence of which the chain holds"
    " commitments only.",
    "declaration": "What a buyer wants to know of a batch: footprint, origins, recycled content.",
    "passport": "Battery passports in the models of Catena-X, Battery Pass and IDTA.",
    "proof": "Proof files: a batch's history, verified offline with nothing but a trust root.",
    "trust-root": "What a verifier of proof files believes: which chain, which contracts, and who makes"
    " blocks final.",
    "assurance": "What auditors state of companies and facilities, and what must have been stated.",
    "finding": "Non-compliances: raised and closed by auditors, corrected by those they are about.",
    "audit": "Audit BATCH with all upstream of it, a company, or everything.",
    "emissions": "Emissions by year: absolute, per tonne of output, per vehicle, and against a target.",
    "recycled": "Recycled content of battery models by year and plant, as EU Battery Regulation,"
    " Article 8 counts.",
    "masterdata": "What a company says of itself, its sites and materials that the ledger does not know.",
    "epcis": "Events as GS1's standard EPCIS 2.0 writes them: taken from others, and written for them.",
    "schema": "Official JSON schemas of formats of the industry, asked besides this program's own rules.",
    "pact": "PACT footprints of suppliers, taken in; traceledger footprint --format pact writes one.",
    "role": "Rights of the consortium: which accounts hold them, and whether they are as deployed.",
    "index": "The index: the chain's events in SQLite.",
    "chain": "The file of an embedded chain: copied, and put back.",
    "node": "The embedded chain of a network.",
    "token": "By which programs are known to traceledger serve, and read what is not for everybody.",
    "serve": "Serve what the ledger says, for browsers and programs, until interrupted.",
    "desk": "Open the desk of a company: pages on this machine on which its clerks prepare and sign.",
    "help": "Explain TOPIC: a page, section, word, refusal or command; or list the pages and sections.",
    "completion": "Print the completion script of SHELL.",
}
"""By noun, what the help says of it: the first sentence of its own help, word for word."""

_MODULES = {noun: noun.replace("-", "_") for noun in NOUNS}
_TABLE = {noun: f"traceledger.cli.{module}:{module}" for noun, module in _MODULES.items()}
_TABLE["help"] = "traceledger.cli.help:help_"
_ENVIRONMENT = {"network": "TRACELEDGER_NETWORK", "act_as": "TRACELEDGER_AS"}


@click.group(
    cls=Group,
    table=_TABLE,
    lines=NOUNS,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="traceledger %(version)s")
def root() -> None:
    """Where the material in a product comes from, and its CO2e.

    Results go to stdout, everything else to stderr. Start in an empty folder with: traceledger init
    """


root.params.extend(map(with_metavar, root_options()))
for _parameter in root.params:
    _parameter.envvar = _ENVIRONMENT.get(str(_parameter.name), _parameter.envvar)
