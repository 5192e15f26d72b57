"""The options that say what a reader accepts of a proof, and the policy that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from traceledger.cli.completing import File, Named
from traceledger.cli.context import Session
from traceledger.cli.parsing import block_number, countries, ids, parsed, percents

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from traceledger.proofs import Policy
    from traceledger.proofs.verdicts.judgement import Judge

F = TypeVar("F", bound=Callable[..., Any])


def _percents(name: str, help_: str) -> Callable[[F], F]:
    metavar = "SUBSTANCE=PERCENT"
    return click.option(f"--{name}", multiple=True, metavar=metavar, callback=parsed(percents), help=help_)


def _shipped(_: Session, __: str) -> list[str]:
    from traceledger.proofs.verdicts.policy_file import shipped

    return shipped()


class _PolicyName(File):
    """The name of a policy that is shipped, or a file."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that begin so; where none does, files."""
        named = Named(_shipped).shell_complete(ctx, param, incomplete)
        return named or super().shell_complete(ctx, param, incomplete)


_FILE = click.Path(path_type=Path, dir_okay=False)
_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--policy",
        "named",
        type=_PolicyName(),
        metavar="NAME | FILE",
        help="What else must hold: a policy that is shipped, or a TOML file.",
    ),
    click.option(
        "--listed-entities",
        type=_FILE,
        metavar="FILE",
        help="A CSV file of entities, none of which may have taken part.",
    ),
    click.option(
        "--costs", type=_FILE, metavar="FILE", help="Direct costs by component, for a policy of them."
    ),
    click.option(
        "--material", "materials", multiple=True, metavar="MATERIAL", help="What it must be; or of these."
    ),
    click.option("--custodian", metavar="PARTICIPANT", help="Who must hold it."),
    click.option(
        "--origin-country",
        "origins",
        multiple=True,
        metavar="allow=CC,… | deny=CC,…",
        callback=parsed(countries),
        help="Where material may, or may not, come from.",
    ),
    click.option(
        "--approved-origin",
        "approved",
        multiple=True,
        metavar="ID",
        callback=parsed(ids),
        help="A facility (0x…) that material may come from, and from no other. Repeat.",
    ),
    click.option("--max-co2e-per-kg", metavar="CO2E", help="Most CO2e a kg: '12.5 kg'."),
    _percents("min-recycled", "Least recycled content: Co=16%. Repeat."),
    _percents("min-traced", "Least traced share: Co=95%. Repeat."),
    _percents("max-untraced", "Greatest untraced share: Co=5%. Repeat."),
    click.option("--min-primary-share", metavar="PERCENT", help="Least share of CO2e from primary data."),
    click.option("--no-tainted", is_flag=True, help="No declared error, upstream neither."),
    click.option("--no-marks", is_flag=True, help="Not on hold, frozen, disputed, recalled or reversed."),
    click.option("--no-hold", is_flag=True, help="Neither it nor anything upstream on hold or recalled."),
    click.option("--no-suspended", is_flag=True, help="Nobody upstream suspended, terminated or blocked."),
    click.option(
        "--no-critical-findings",
        is_flag=True,
        help="No open critical finding upstream, and none about a lot.",
    ),
    click.option(
        "--as-of",
        metavar="BLOCK | TIME",
        help="It must state what is true after this block, or at this time, or later.",
    ),
    click.option("--max-age", metavar="DURATION", help="How old its block may be by now: '30 days'."),
)


def policy_options(function: F) -> F:
    """All conditions that a proof can be asked to meet."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def judge_of(conditions: Mapping[str, Any]) -> Judge:
    """What these options ask: conditions, a policy in a file, and a list of entities.

    Raises:
        InputError: one is not understood, or a file is.
    """
    given = dict(conditions)
    named, entities, costs = (given.pop(name) for name in ("named", "listed_entities", "costs"))
    from traceledger.errors import InputError
    from traceledger.proofs.verdicts.judgement import Judge

    if costs is not None and named is None:
        raise InputError(
            "no policy asks for costs", where="--costs", hint="name one with --policy, or leave it out"
        )
    if named is None and entities is None:
        return Judge(policy_of(given))
    from traceledger.proofs.verdicts.entity_list import load as load_list
    from traceledger.proofs.verdicts.listed import NobodyListed
    from traceledger.proofs.verdicts.policy_file import load
    from traceledger.proofs.verdicts.policy_questions import Supplied

    policy = None if named is None else load(named, Supplied(entities, costs))
    asked = () if policy is None else policy.questions
    if entities is None or any(isinstance(each, NobodyListed) for each in asked):
        return Judge(policy_of(given), policy)
    return Judge(policy_of(given), policy, (NobodyListed(load_list(entities)),))


def policy_of(conditions: Mapping[str, Any]) -> Policy:
    """The policy that these options make.

    Raises:
        InputError: one is not understood.
    """
    from traceledger.model.units import parse_co2e, parse_duration, parse_percent
    from traceledger.proofs import Policy

    given = dict(conditions)
    origins, approved = given.pop("origins"), given.pop("approved")
    block, time = _moment(given.pop("as_of"))
    co2e, primary, age = (given.pop(name) for name in ("max_co2e_per_kg", "min_primary_share", "max_age"))
    return Policy(
        materials=frozenset(given.pop("materials")),
        allowed_countries=origins.get("allow", frozenset()),
        denied_countries=origins.get("deny", frozenset()),
        approved_origins=approved,
        max_co2e_mg_per_kg=None if co2e is None else parse_co2e(co2e),
        min_primary_share=None if primary is None else parse_percent(primary),
        max_age=None if age is None else parse_duration(age, where="--max-age"),
        as_of_block=block,
        as_of_time=time,
        **given,
    )


def _moment(text: str | None) -> tuple[int | None, int | None]:
    """A block's number or a time, whichever the text is."""
    if text is None:
        return None, None
    if (number := block_number(text)) is not None:
        return number, None
    from traceledger.operations.readers import parse_time

    return None, parse_time(text)
