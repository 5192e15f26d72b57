"""How values are written in help: one word for one kind of value, in every command.

A value is named by what it names (``BATCH``, ``FILE``), by its unit (``MASS``), or, where it is free
or one of a list that the help has, as ``TEXT`` or ``WORD``.
"""

from __future__ import annotations

import click

NUMBERS = (
    "N",
    "NUMBER",
    "SECONDS",
    "MINUTES",
    "DEGREES",
    "PERCENT",
    "MASS",
    "CO2E",
    "DURATION",
    "TIME",
    "BLOCK",
    "PORT",
)
"""Amounts. ``N`` is a whole number of things, ``NUMBER`` any other."""
NAMES = (
    "ACCOUNT",
    "ADDRESS",
    "ASSESSMENT",
    "BATCH",
    "COUNTRY",
    "ENODE",
    "FACILITY",
    "FILE",
    "FINDING",
    "FOLDER",
    "HOST",
    "ID",
    "KEY",
    "MATERIAL",
    "NAME",
    "NETWORK",
    "NODE",
    "NONCE",
    "OPERATION",
    "PARTICIPANT",
    "RIGHT",
    "ROLE",
    "SHIPMENT",
    "SUBSTANCE",
    "TOPIC",
    "TRANSFORMATION",
    "URL",
)
"""What names a thing. ``NAME`` is one that the command gives."""
WORDS = ("CODE", "CONSENT", "HEX", "KIND", "TARGET", "TEXT", "WORD")
"""What is written out. ``WORD`` is one of a few, which the help lists."""
_OF_OPTIONS = {
    "address": "ADDRESS",
    "allocation": "WORD",
    "batch": "BATCH",
    "category": "WORD",
    "consent": "CONSENT",
    "corrective": "BATCH",
    "country": "COUNTRY",
    "data": "HEX",
    "facility": "FACILITY",
    "grant": "ROLE",
    "how": "WORD",
    "host": "HOST",
    "kind": "WORD",
    "lot": "BATCH",
    "material": "MATERIAL",
    "name": "NAME",
    "origin": "WORD",
    "owner": "PARTICIPANT",
    "participant": "PARTICIPANT",
    "process": "WORD",
    "record": "NAME",
    "return-of": "SHIPMENT",
    "revoke": "ROLE",
    "role": "ROLE",
    "scheme": "WORD",
    "severity": "WORD",
    "state": "WORD",
    "substance": "SUBSTANCE",
    "to": "PARTICIPANT",
}
"""By option, what its value is called where nothing else says so."""


def with_metavar(parameter: click.Parameter) -> click.Parameter:
    """The parameter, its value called as everywhere; what has a word of its own keeps it."""
    if not isinstance(parameter, click.Option) or parameter.metavar is not None:
        return parameter
    if not (parameter.is_flag or parameter.count or isinstance(parameter.type, click.Choice)):
        parameter.metavar = _metavar(parameter)
    return parameter


def _metavar(option: click.Option) -> str:
    kind = option.type
    # A range of floats is a float, one of integers an integer.
    if isinstance(kind, click.types.FloatParamType):
        return "NUMBER"
    if isinstance(kind, click.types.IntParamType):
        return "N"
    if isinstance(kind, click.Path):
        return "FILE" if kind.file_okay else "FOLDER"
    return _OF_OPTIONS.get(max(option.opts, key=len).lstrip("-"), "TEXT")
