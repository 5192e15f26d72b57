"""What was probably meant by a command, an option or a word that there is not, at every level.

Only who mistyped waits for it: looking for a verb under other nouns loads all commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import click

from traceledger.model.spelling import meant, nearest
from traceledger.model.suggestions import MOST

_VERBS: Mapping[str, Sequence[str]] = {
    "create": ("create", "mint", "register", "define", "found"),
    "new": ("create", "mint", "register", "define"),
    "make": ("create", "mint", "build"),
    "add": ("add", "register", "create", "mint", "admit"),
    "delete": ("remove", "retire", "revoke", "terminate", "discard"),
    "del": ("remove", "retire", "revoke"),
    "rm": ("remove", "retire", "revoke"),
    "destroy": ("retire", "remove"),
    "burn": ("retire",),
    "ls": ("list",),
    "all": ("list",),
    "get": ("show", "list"),
    "info": ("show", "status"),
    "view": ("show",),
    "describe": ("show",),
    "inspect": ("show",),
    "cat": ("show",),
    "find": ("list", "show"),
    "send": ("ship", "send"),
    "transfer": ("ship", "transfer", "transfer-title"),
    "accept": ("receive", "accept"),
    "refuse": ("reject",),
    "undo": ("reverse", "cancel"),
    "revert": ("reverse",),
    "correct": ("reverse", "remeasure", "restate-emissions", "declare-error"),
    "edit": ("amend", "remeasure", "restate-emissions"),
    "update": ("amend", "sync"),
    "check": ("verify", "check", "status"),
    "validate": ("verify",),
    "start": ("up", "serve"),
    "stop": ("down",),
    "run": ("submit", "serve"),
    "apply": ("submit",),
    "upload": ("submit",),
    "import": ("submit", "import"),
    "history": ("trace",),
    "origin": ("trace",),
    "lots": ("batch",),
    "company": ("participant",),
    "companies": ("participant",),
    "site": ("facility",),
    "sites": ("facility",),
    "products": ("batch", "material"),
    "wallet": ("key",),
    "account": ("key", "role"),
    "server": ("serve",),
}
"""What others call what we do, and by which of our words it may be meant."""
_OPTIONS: Mapping[str, Sequence[str]] = {
    "--force": ("--yes",),
    "--assume-yes": ("--yes",),
    "-f": ("--yes", "--from-json"),
    "-y": ("--yes",),
    "--out": ("--output",),
    "--file": ("--output", "--from-json"),
    "--dry-run": ("--check",),
    "--account": ("--as",),
    "--sender": ("--as",),
    "--actor": ("--as",),
    "--from": ("--as", "--custodian"),
    "--date": ("--at", "--as-of"),
    "--time": ("--at",),
    "--when": ("--at",),
    "--weight": ("--mass",),
    "--quantity": ("--mass",),
    "--amount": ("--mass",),
    "--recipient": ("--to",),
    "--receiver": ("--to",),
    "--holder": ("--custodian",),
    "--owner": ("--custodian", "--participant"),
    "--custodian": ("--participant",),
    "--site": ("--facility",),
    "--block": ("--as-of",),
    "--password-file": ("--passphrase-file",),
    "--debug": ("--verbose",),
    "--count": ("--limit",),
    "--last": ("--limit",),
}
"""The same for options; only those count that the command has."""
_HERE = 0.15
"""By so much a verb of the noun that was typed is likelier than one of another noun."""
_CLOSE = 0.14
"""What is less likely than the likeliest by more than that is not named."""
_ALIKE = 0.7
_SLIP = 0.85
_DASHES = 3
_RENAMED = re.compile(r"(--[a-z-]+) was spelled so")
_GIVEN = re.compile(r"^(?:Invalid value[^:]*: )?'(.*?)' is not one of ", re.DOTALL)


def suggested(error: click.ClickException, arguments: Sequence[str]) -> list[str]:
    """What was probably meant, the likeliest first; nothing where that cannot be told.

    Args:
        error: what click says of the arguments.
        arguments: all of them.
    """
    match error:
        case click.exceptions.NoSuchCommand():
            return _commands(error, arguments)
        case click.exceptions.NoSuchOption():
            return _options(error)
        case click.BadParameter():
            return _words(error)
        case _:
            return []


def _commands(error: click.exceptions.NoSuchCommand, arguments: Sequence[str]) -> list[str]:
    """Whole commands: of the same noun, or of others that have such a verb; the likeliest first."""
    ctx, typed = error.ctx, error.command_name.casefold()
    if ctx is None or not isinstance(ctx.command, click.Group):
        return []
    others = _VERBS.get(typed, ())
    # What stands beside it may be the noun: list batch.
    beside = {word for word in arguments if word != error.command_name}
    found: dict[str, float] = {}
    for word in _named(ctx.command, ctx):
        found[f"{ctx.command_path} {word}"] = _HERE + _likeness(typed, word, others)
    root = ctx.find_root()
    for path in _paths(root.command, root):
        name = " ".join((str(root.info_name), *path))
        if len(path) > 1 and name not in found:
            found[name] = _likeness(typed, path[-1], others) + _HERE * bool(beside & set(path[:-1]))
    likely = (name for name in found if found[name] >= _ALIKE)
    ranked = sorted(likely, key=lambda name: (-found[name], name.count(" ")))
    best = found[ranked[0]] if ranked else 0
    return [name for name in ranked if found[name] > best - _CLOSE][:MOST]


def _likeness(typed: str, word: str, others: Sequence[str]) -> float:
    """How likely a word was meant, from 0: it was written so, is what others call so, or is alike."""
    if word in others:
        return 1 - others.index(word) / 100
    from difflib import SequenceMatcher

    return SequenceMatcher(None, typed, word).ratio()


def _named(group: click.Group, ctx: click.Context) -> list[str]:
    found = ((name, group.get_command(ctx, name)) for name in group.list_commands(ctx))
    return [name for name, command in found if command is not None and not command.hidden]


def _paths(
    group: click.Command, ctx: click.Context, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    """Every command that help shows, by the words that lead to it."""
    if not isinstance(group, click.Group):
        return
    for name in _named(group, ctx):
        command = group.get_command(ctx, name)
        yield (*above, name)
        if command is not None:
            yield from _paths(command, ctx, (*above, name))


def _options(error: click.exceptions.NoSuchOption) -> list[str]:
    if error.ctx is None:
        return []
    known: dict[str, str] = {}
    for option in error.ctx.command.get_params(error.ctx):
        for name in (*option.opts, *option.secondary_opts):
            if isinstance(option, click.Option) and name.startswith("--"):
                # Of an earlier spelling, that of today.
                renamed = _RENAMED.match(option.help or "") if option.hidden else None
                known[name] = renamed[1] if renamed else name
    typed = error.option_name
    found = [name for name in _OPTIONS.get(typed, ()) if name in known]
    found += [name for name in known if len(typed) > _DASHES and name.startswith(typed)]
    found += [name for name in nearest(typed, known) if _likeness(typed, name, ()) >= _ALIKE]
    if not found:
        slips = [name for name in _OPTIONS if _likeness(typed, name, ()) >= _SLIP]
        found = [name for slip in slips for name in _OPTIONS[slip] if name in known]
    return list(dict.fromkeys(known[name] for name in found))[:MOST]


def _words(error: click.BadParameter) -> list[str]:
    kind = error.param.type if error.param is not None else None
    given = _GIVEN.match(error.message)
    if not isinstance(kind, click.Choice) or given is None:
        return []
    words = [str(word) for word in kind.choices]
    found = meant(given[1], words)
    return list(dict.fromkeys([*([found] if found else []), *nearest(given[1], words)]))[:MOST]
