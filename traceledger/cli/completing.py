"""What the shell completes: of every value that help names by a kind, the names and words of that kind.

Nothing that goes wrong while somebody types is said; there is nothing to complete then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from traceledger.cli.context import Session
from traceledger.model.text import fault_of

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_MARKS = "=:"
_ACTIVE = re.compile(r"[$`;&|<>()\\\"'*?\[!]")
"""What bash acts on where nothing quotes it."""
FACILITY_KINDS = ("mine", "recycler", "refinery", "plant", "warehouse")
"""Usual kinds of facilities."""
Complete = Callable[[Session, str], Iterable[str]]
"""What a value may be that begins so."""


class Named(click.types.StringParamType):
    """Text that is a name or a word of a kind, which the shell completes."""

    def __init__(self, complete: Complete) -> None:
        super().__init__()
        self._complete = complete

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What begins so; nothing where that cannot be told."""
        from click.shell_completion import CompletionItem

        try:
            found = list(self._complete(ctx.ensure_object(Session), incomplete))
        except Exception:  # noqa: BLE001  (whoever types must not read of faults)
            found = []
        return [CompletionItem(each) for each in found if each.startswith(incomplete) and not fault_of(each)]


class File(click.types.StringParamType):
    """The path of a file, or ``-``."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What the shell knows itself."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Free(click.types.StringParamType):
    """Text of which nothing is known: what is named here for the first time."""


def words(*known: str) -> Named:
    """One of a few words."""
    return Named(lambda _, __: known)


def kind(name: str) -> Named:
    """A value of a kind, as help names it: ``BATCH``, ``PARTICIPANT``."""
    return Named(lambda session, beginning: _values(session, name, beginning))


def with_completion(parameter: click.Parameter) -> click.Parameter:
    """The parameter, completed where its name says what it is; one that completes otherwise stays so."""
    from traceledger.cli.completed_values import KINDS

    if type(parameter.type) is not click.types.StringParamType:
        return parameter
    called = parameter.metavar or ""
    if isinstance(parameter, click.Argument):
        called = called or str(parameter.name).upper()
    called = called.removesuffix("...").strip("[]")
    if called == "FILE":
        parameter.type = File()
    elif called in _PAIRS:
        parameter.type = Named(_PAIRS[called])
    elif called in KINDS:
        parameter.type = kind(called)
    return parameter


_RECORDS: Mapping[str, str] = {
    "mint": "BATCH",
    "split": "BATCH",
    "transformation": "TRANSFORMATION",
    "shipment": "SHIPMENT",
    "record": "RECORD",
    "receive": "SHIPMENT",
    "retire": "BATCH",
    "take_back": "BATCH",
    "declare_error": "BATCH",
    "lot": "BATCH",
}
"""By the word for a record, what it is named by."""


def _values(session: Session, name: str, beginning: str) -> list[str]:
    from traceledger.cli.completed_values import values

    return values(session, name, beginning)


def _before(name: str, mark: str = "=") -> Complete:
    """What stands before an equals sign: after it, an amount, which nobody can complete."""

    def complete(session: Session, beginning: str) -> Iterable[str]:
        return () if "=" in beginning else (each + mark for each in _values(session, name, beginning))

    return complete


def losses(session: Session, beginning: str) -> Iterable[str]:
    """Losses by substance, or ``balance``."""
    return ["balance", *_before("SUBSTANCE")(session, beginning)]


def _answer(session: Session, beginning: str) -> Iterable[str]:
    lot, equals, said = beginning.rpartition("=")
    if not equals:
        return _before("BATCH")(session, beginning)
    first, comma, _ = said.rpartition(",")
    reasons = [f"difference={word}" for word in ("loss", "moisture", "measurement")]
    if lot.endswith("difference"):
        before = beginning.rpartition("difference=")[0]
        return [before + reason for reason in reasons]
    found = reasons if comma else ["received", "refused", *reasons]
    return [f"{lot}={first}{comma}{word}" for word in found]


def _record(session: Session, beginning: str) -> Iterable[str]:
    word, equals, name = beginning.partition("=")
    if not equals:
        return [f"{each}=" for each in _RECORDS]
    return [f"{word}={each}" for each in _values(session, _RECORDS[word], name)]


def _output(session: Session, beginning: str) -> Iterable[str]:
    before, comma, part = beginning.rpartition(",")
    if not comma:
        return ()
    word, equals, name = part.partition("=")
    if word == "material" and equals:
        return [f"{before},material={each}" for each in _values(session, "MATERIAL", name)]
    if equals:
        return ()
    symbols = _values(session, "SUBSTANCE", part) if part else []
    return [f"{before},{each}=" for each in ("material", "mass", "weight", *symbols)]


def _countries(session: Session, beginning: str) -> Iterable[str]:
    rule, equals, codes = beginning.partition("=")
    if not equals:
        return ("allow=", "deny=")
    before, comma, code = codes.rpartition(",")
    return [f"{rule}={before}{comma}{each}" for each in _values(session, "COUNTRY", code)]


def _schemes(_: Session, beginning: str) -> Iterable[str]:
    from traceledger.model.identifiers import SCHEMES

    return () if "=" in beginning else [f"{scheme}=" for scheme in SCHEMES]


def _codes(session: Session, beginning: str) -> Iterable[str]:
    before, comma, code = beginning.rpartition(",")
    return [f"{before}{comma}{each}" for each in _values(session, "CODE", code)]


def _groups(_: Session, beginning: str) -> Iterable[str]:
    from traceledger.model.commitments import GROUPS

    before, comma, _word = beginning.rpartition(",")
    return [f"{before}{comma}{each}" for each in GROUPS]


_PAIRS: Mapping[str, Complete] = {
    "SUBSTANCE=MASS": _before("SUBSTANCE"),
    "SUBSTANCE=PERCENT": _before("SUBSTANCE"),
    "SUBSTANCE=LEAST-HIGHEST": _before("SUBSTANCE"),
    "BATCH=MASS": _before("BATCH"),
    "BATCH[=MASS": _before("BATCH", ""),
    "BATCH=ANSWER": _answer,
    "KIND=NAME": _record,
    "NAME,WORD=VALUE,…": _output,
    "mass|substances=PERCENT": lambda _, __: ("mass=", "substances="),
    "WORD=VALUE": _schemes,
    "allow=CC,… | deny=CC,…": _countries,
    "CODE,…": _codes,
    "KIND,…": _groups,
    "KEY=]N": _before("KEY"),
}
"""By what help calls a value of several parts, what may stand where the cursor is."""


def in_bash() -> None:
    """Let bash complete what stands after an equals sign or a colon, at which it breaks words."""
    from click.shell_completion import BashComplete, add_completion_class

    class Joined(BashComplete):
        cut = 0

        def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
            # bash writes them into the line as they are: who presses Enter would run what a name says.
            found = super().get_completions(args, incomplete)
            return [item for item in found if not _ACTIVE.search(str(item.value))]

        def get_completion_args(self) -> tuple[list[str], str]:
            args, last = super().get_completion_args()
            *args, incomplete = _joined([*args, last])
            if incomplete != last:
                # bash puts it in the place of what stands after the last mark.
                self.cut = max(incomplete.rfind(mark) for mark in _MARKS) + 1
            return args, incomplete

        def format_completion(self, item: CompletionItem) -> str:
            item.value = str(item.value)[self.cut :]
            return super().format_completion(item)

    add_completion_class(Joined)


def _joined(typed: Sequence[Any]) -> list[str]:
    """The words of a command line, those put together again that were broken at a mark."""
    found: list[str] = []
    glue = False
    for word in typed:
        if found and (glue or word in tuple(_MARKS)):
            found[-1] += word
        else:
            found.append(word)
        glue = word in tuple(_MARKS)
    return found
