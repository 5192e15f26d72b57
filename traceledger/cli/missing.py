"""What a command line must have and has not: named all at once, or asked for at a terminal, one by one.

Nobody is asked where a program reads the answer (``--json``, ``--quiet``), or where there is no terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from traceledger.cli.context import Session
from traceledger.cli.options import GIVEN, FieldOption


def completed(missing: Sequence[click.Parameter], ctx: click.Context, args: list[str]) -> list[str]:
    """The arguments, with what was asked for where something was missing.

    Raises:
        UsageError: something is missing, and nobody can be asked.
        Abort: whoever was asked ended it.
    """
    if _asks(ctx):
        return [*args, *_answers(missing, ctx)]
    if len(missing) > 1:
        raise click.UsageError(_named(missing, ctx), ctx)
    return args  # click says it of one


def _asks(ctx: click.Context) -> bool:
    from traceledger.cli.questions import can_ask

    session = ctx.ensure_object(Session)
    silent = session.json or session.quiet or {"as_json", "quiet"} & ctx.meta[GIVEN]
    return not silent and can_ask()


def _named(missing: Sequence[click.Parameter], ctx: click.Context) -> str:
    """All that is missing in one sentence."""
    arguments = [each.make_metavar(ctx) for each in missing if isinstance(each, click.Argument)]
    options = [repr(max(each.opts, key=len)) for each in missing if isinstance(each, click.Option)]
    parts = []
    if arguments:
        parts.append(f"argument{'s' if len(arguments) > 1 else ''} {_listed([*map(repr, arguments)])}")
    if options:
        parts.append(f"option{'s' if len(options) > 1 else ''} {_listed(options)}")
    return f"Missing {' and '.join(parts)}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _answers(missing: Sequence[click.Parameter], ctx: click.Context) -> Iterator[str]:
    """What was typed for each, as arguments; those without an option last."""
    click.echo("Some things are missing; Ctrl-C ends it, and nothing is done.", err=True)
    for each in sorted(missing, key=lambda each: isinstance(each, click.Argument)):
        many = each.multiple or each.nargs != 1
        typed = [_asked(each, ctx)]
        while many and (more := _asked(each, ctx, more=True)):
            typed.append(more)
        for text in typed:
            yield from [f"{max(each.opts, key=len)}={text}"] if isinstance(each, click.Option) else [text]


def _asked(each: click.Parameter, ctx: click.Context, *, more: bool = False) -> str:
    """One value, asked for until it can be understood; empty: no more."""
    from traceledger.cli.output import plain

    if not more and isinstance(each, click.Option) and each.help:
        click.echo(plain(each.help), err=True)
    label = max(each.opts, key=len).lstrip("-").replace("-", " ") if each.opts else "value"
    if isinstance(each.type, click.Choice):
        label += f" ({', '.join(map(str, each.type.choices))})"
    while True:
        typed = str(
            click.prompt(
                f"another {label} (empty: no more)" if more else label,
                err=True,
                default="" if more else None,
                show_default=False,
            )
        ).strip()
        if more and not typed:
            return ""
        fault = "nothing was typed" if not typed else _fault(each, ctx, typed)
        if fault is None:
            return typed
        click.echo(plain(fault), err=True)


def _fault(each: click.Parameter, ctx: click.Context, typed: str) -> str | None:
    """What is wrong with it, in the words that a command line would get; ``None``: nothing."""
    from traceledger.errors import InputError

    many = each.multiple or each.nargs != 1
    try:
        value = each.type_cast_value(ctx, (typed,) if many else typed)
        if each.callback is not None and isinstance(each, FieldOption):
            value = each.callback(ctx, each, value)
    except InputError as error:
        return error.sentence
    except click.UsageError as error:
        return error.format_message()
    check = each.fault if isinstance(each, FieldOption) else None
    return check(value) if check is not None else None
