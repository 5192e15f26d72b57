"""Reads a policy: what must hold of a proof, as a TOML file that can be named, shared and hashed.

``[conditions]`` has the conditions of :class:`traceledger.proofs.verify.policy.Policy`, by the words of the
options of ``proof verify``; each other table is a question. docs/policies.md has all keys. What is not
understood is refused, by line and key: a condition that was misspelled would otherwise hold of everything.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from traceledger.errors import InputError
from traceledger.model.hexadecimal import parsed_id
from traceledger.model.spelling import hint
from traceledger.model.substances import number
from traceledger.model.units import parse_co2e, parse_duration
from traceledger.proofs.verdicts.answer import Question
from traceledger.proofs.verdicts.policy_questions import READERS, Supplied, country_codes, percent
from traceledger.proofs.verdicts.toml_fields import Fields, flag, text, texts
from traceledger.proofs.verify.policy import CHANGING, Policy
from traceledger.storage.files import content_of, explained

MOST_BYTES = 2**20
"""Of a policy: people write it by hand."""
_FOLDER = Path(__file__).parent.parent / "policies"
_CONDITIONS = (
    "material custodian origin_country approved_origin max_co2e_per_kg min_recycled min_traced max_untraced"
    " min_primary_share as_of max_age"
).split()
_TABLES = ("conditions", *READERS)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A policy as it was read.

    Attributes:
        name: of the file, or of the policy that is shipped.
        title: what it says it is.
        sha256: of its file.
        content: its bytes.
        policy: its conditions.
        questions: what it asks besides.
    """

    name: str
    title: str
    sha256: str
    content: bytes
    policy: Policy
    questions: tuple[Question, ...]


def shipped() -> list[str]:
    """Names of the policies that come with the program."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def load(named: str, supplied: Supplied | None = None) -> PolicyFile:
    """A policy by its file, or by the name of one that is shipped.

    Args:
        named: a path, or a name. What has a folder in it, or ends in ``.toml``, is a path.
        supplied: files that it may ask for.

    Raises:
        InputError: there is none, or something in it is not understood; with file, line and key.
    """
    path = Path(named)
    if path.suffix != ".toml" and len(path.parts) == 1:
        if named not in shipped():
            there = f"there are {', '.join(shipped())}; or name a file that ends in .toml"
            raise InputError(
                f"there is no policy {named!r}",
                where="--policy",
                hint=hint(named, shipped(), otherwise=there),
            )
        path = _FOLDER / f"{named}.toml"
    with explained(path, verb="read"):
        content = content_of(path, MOST_BYTES)
    return read(content, named if path.parent == _FOLDER else str(path), path.parent, supplied)


def read(content: bytes, name: str, folder: Path, supplied: Supplied | None = None) -> PolicyFile:
    """A policy of the bytes of its file; files that it names are sought in ``folder``.

    Raises:
        InputError: something in it is not understood; with line and key.
    """
    supplied = supplied or Supplied()
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not valid UTF-8: {error}", where=name) from None
    document = Fields.of(decoded, name)
    title = document.take("title", text) or name
    policy = _conditions(document.table("conditions"))
    # What is not asked has no table; an empty one is a mistake, which its reader finds.
    questions = tuple(
        reader(document.table(table), folder, supplied)
        for table, reader in READERS.items()
        if table in document
    )
    document.end(("title", *_TABLES))
    if policy == Policy() and not questions:
        there = f"write one of the tables {', '.join(_TABLES)}"
        raise InputError(
            "it asks for nothing, so that everything would do", where=document.places(), hint=there
        )
    return PolicyFile(name, title, hashlib.sha256(content).hexdigest(), content, policy, questions)


# --- conditions ---------------------------------------------------------------------------------------------


def _conditions(fields: Fields) -> Policy:
    origins = fields.table("origin_country")
    allowed, denied = (origins.take(word, country_codes) or frozenset() for word in ("allow", "deny"))
    if both := sorted(allowed & denied):
        raise InputError(
            f"{both[0]} is allowed and denied", where=origins.places("deny"), hint="leave it in one of both"
        )
    origins.end(("allow", "deny"))
    block, time = fields.take("as_of", _moment) or (None, None)
    policy = Policy(
        materials=frozenset(fields.take("material", texts) or ()),
        allowed_countries=allowed,
        denied_countries=denied,
        approved_origins=fields.take("approved_origin", _ids) or frozenset(),
        max_co2e_mg_per_kg=fields.take("max_co2e_per_kg", lambda value: parse_co2e(text(value))),
        min_recycled=_percents(fields, "min_recycled"),
        min_primary_share=fields.take("min_primary_share", percent),
        custodian=fields.take("custodian", text),
        min_traced=_percents(fields, "min_traced"),
        max_untraced=_percents(fields, "max_untraced"),
        **{name: fields.take(name, flag) or False for name in CHANGING},
        as_of_block=block,
        as_of_time=time,
        max_age=fields.take("max_age", lambda value: parse_duration(text(value))),
    )
    _require_possible(policy, fields)
    fields.end((*_CONDITIONS, *CHANGING))
    return policy


def _require_possible(policy: Policy, fields: Fields) -> None:
    """That a batch could meet traced and untraced shares together: both are parts of one whole."""
    for substance, most in policy.max_untraced.items():
        least = policy.min_traced.get(substance, 0)
        if least == 10_000 and most > 0:
            raise InputError(
                "all of it must be traced, and some may be untraced: one of both says nothing",
                where=fields.places("max_untraced"),
                hint="leave max_untraced out, or ask for a smaller traced share",
            )


def _percents(fields: Fields, key: str) -> dict[int, int]:
    table = fields.table(key)
    found: dict[int, int] = {}
    for name in table.keys:
        points = table.take(name, percent) or 0
        try:
            substance = number(name)
        except InputError as error:
            raise InputError(error.what, where=table.places(name), hint=error.hint) from None
        if substance in found:
            raise InputError(f"{name!r} is there twice", where=table.places(name))
        found[substance] = points
    return found


def _ids(value: Any) -> frozenset[int]:
    found = {each: parsed_id(each) for each in texts(value)}
    if wrong := next((each for each, known in found.items() if known is None), ""):
        raise InputError(f"{wrong!r} is not an id", hint="0x and 64 hexadecimal digits")
    return frozenset(each for each in found.values() if each is not None)


def _moment(value: Any) -> tuple[int | None, int | None]:
    from traceledger.operations.readers import parse_time

    if isinstance(value, int) and not isinstance(value, bool):
        if value < 1:
            raise InputError(f"{value} is no block that says of when", hint="the number of a block, from 1")
        return value, None
    # TOML has times of its own, which need no quotation marks.
    return None, parse_time(value.isoformat() if isinstance(value, datetime) else text(value))
