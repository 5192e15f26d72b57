"""What operations declare: complete, decided, and the source of commands, methods and docs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from traceledger.cli.record_commands import PARSERS
from traceledger.client.client import Client
from traceledger.client.methods import OperationMethods, Recorded
from traceledger.errors import InputError
from traceledger.model.commitments import FieldKind
from traceledger.operations.base import Base
from traceledger.operations.catalogue import OPERATIONS, Operation, name_of, parse_operation
from traceledger.operations.declared import Declared, declared
from traceledger.operations.fields import Form
from traceledger.operations.private import hidden_fields
from traceledger.operations.readers import integer, weight

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {Form.TEXT, Form.DIGEST, Form.EVIDENCE, Form.BATCH_MASSES, Form.DEGREES}
SPOKEN = {Form.ANSWERS, Form.RECORD, Form.TOLERANCE, Form.PAIRS}
"""Values whose texts are names of what is there already, or words."""
HIDDEN: dict[str, set[str]] = {
    "register_participant": {"name", "evidence"},
    "register_facility": {"facility", "name", "evidence"},
    "rename_participant": {"name", "evidence"},
    "mint": {"batch", "evidence"},
    "split": {"into", "evidence"},
    "ship": {"shipment", "evidence"},
    "transform": {"transformation", "outputs", "evidence"},
    "declare_error": {"corrective", "evidence"},
    "record_evidence": {"uri", "sha256"},
    "add_operator": set(),
    "revoke_operator": set(),
    "rotate_operator": set(),
    "propose_requirement": set(),
    "enact_requirement": set(),
    "grant_right": set(),
    "revoke_right": set(),
    "pause_ledger": set(),
    "resume_ledger": set(),
    "cancel_announced": set(),
    "remove_account": set(),
    "recover_operator": set(),
}
"""What may be private; of all other operations the evidence only."""


def leaves(fields: tuple[Declared, ...]) -> list[Declared]:
    return [leaf for field in fields for leaf in (leaves(field.parts) if field.parts else [field])]


def rows(kind: type[Base]) -> list[type[Base]]:
    """The operations among a class and those below it."""
    own = [kind] if "op" in kind.__dataclass_fields__ else []
    return [*own, *(row for below in kind.__subclasses__() for row in rows(below))]


def test_every_row_is_in_the_union_and_final() -> None:
    ours = {kind for kind in rows(Base) if kind.__module__.startswith("traceledger.")}
    assert {kind.__qualname__ for kind in ours} == {kind.__qualname__ for kind in OPERATIONS}
    assert [kind.__name__ for kind in OPERATIONS if not getattr(kind, "__final__", False)] == []


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_of_each_text_it_is_decided_whether_it_can_be_private(kind: type[Base]) -> None:
    undecided = [
        field.name
        for field in leaves(declared(kind))
        if field.value.form in TEXTS and field.value.privacy is None
    ]
    assert undecided == []
    assert set(hidden_fields(kind)) == HIDDEN.get(name_of(kind), {"evidence"})


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_what_is_made_by_a_name_that_can_be_hidden_is_hidden(kind: type[Base]) -> None:
    may = {kind.value for kind in FieldKind}
    for field in leaves(declared(kind)):
        if field.value.new and field.value.names in may:
            assert field.value.privacy is FieldKind(field.value.names)


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_fields_read_as_text_are_declared_as_text(kind: type[Base]) -> None:
    """A text in the guise of something else would escape the question whether it can be private."""
    hints = get_type_hints(kind)
    for field in declared(kind):
        if "str" in str(hints[field.name]) and field.value.choices is None and not field.parts:
            assert field.value.form in TEXTS | SPOKEN | {Form.LOSSES, Form.WORD}, field.name


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_what_a_command_is_given_is_understood(kind: type[Base]) -> None:
    """Options are text: it is read as it is written, or one of its parts has a parser."""
    for field in declared(kind):
        value = field.value
        if field.about.file_only or value.form in {*PARSERS, Form.FLAG, Form.EMISSIONS}:
            continue
        example = field.about.example or value.example or "24 t"
        written = [*map(str, example)] if isinstance(example, list | tuple) else str(example)
        if value.read is None:
            assert value.form is Form.TEXT, field.name
        elif field.many and not isinstance(written, str):
            assert [value.read(each) for each in written]
        else:
            value.read(written)


def test_integers_are_read_from_digits_too() -> None:
    count = integer("a count", 1)
    assert [count("3"), count(3), count(2**64 - 1), weight(3)] == [3, 3, 2**64 - 1, 3]
    assert [integer("a count", 0)("0"), integer("a count", -7)("-7")] == [0, -7]
    for wrong in ("0", 0, -1, 2**64, True, 1.0, "", "1.5", " 3", "3\n", "\u0663", "9" * 5000, None):
        with pytest.raises(InputError, match="is not a count"):
            count(wrong)
    with pytest.raises(InputError, match="'3' is not a weight"):
        weight("3")


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_each_has_words_for_people(kind: type[Base]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
    for field in declared(kind):
        assert field.about.help[:1].islower() or field.about.help[:1] in "'0"
        assert not field.about.help.endswith(".")


class Kept(OperationMethods):
    """Performs nothing, and keeps what it was asked to perform."""

    def perform(self, operation: Operation) -> Recorded:
        self.operation = operation
        return Recorded(operation.op, b"", 0, 0, 0)


@pytest.mark.parametrize("kind", OPERATIONS, ids=name_of)
def test_the_example_of_each_method_is_an_operation(kind: type[Base]) -> None:
    """It is read from the help that people see."""
    op = name_of(kind)
    text = getattr(Client, op).__doc__ or ""
    example = text.split("Example::")[1].split("Args:")[0].strip()
    call = ast.parse(example, mode="eval").body
    assert isinstance(call, ast.Call)
    arguments: list[Any] = [ast.literal_eval(argument) for argument in call.args]
    named = {str(keyword.arg): ast.literal_eval(keyword.value) for keyword in call.keywords}
    kept = Kept()
    assert getattr(kept, op)(*arguments, **named).operation == op
    assert type(kept.operation) is kind


def test_methods_and_tables_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "generate-operations", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("earlier", "today"),
    [
        (
            {"op": "submit_plan", "plan": "Soon"},
            {"op": "submit_corrective_action", "corrective_action": "Soon"},
        ),
        ({"op": "accept_plan"}, {"op": "accept_corrective_action"}),
        ({"op": "refuse_plan", "reason": "late"}, {"op": "refuse_corrective_action", "reason": "late"}),
    ],
)
def test_earlier_names_of_operations_are_understood(earlier: dict[str, Any], today: dict[str, Any]) -> None:
    more = {"as": "katanga", "finding": "argus/F-1", "at": 1768629600}
    assert parse_operation(earlier | more) == parse_operation(today | more)


def test_earlier_names_of_requirements_are_understood() -> None:
    for earlier, today in (("propose_policy", "propose_requirement"), ("enact_policy", "enact_requirement")):
        fields = {"role": "carrier", "kinds": ["saq"]}
        assert parse_operation({"op": earlier, **fields}) == parse_operation({"op": today, **fields})
