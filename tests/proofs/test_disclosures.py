"""Private texts in proofs: disclosed and checked, withheld and still proved, forged and refused."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.clients import client_of, new_client, write
from tests.private_chain import SECRETS, Operation, operations
from tests.proofs.support import Lines, about, canonical, changed, check, file_of, lines_of, raw_file_of
from traceledger.errors import InputError, TraceLedgerError, VerificationError
from traceledger.model.commitments import GROUPS, FieldKind, is_commitment
from traceledger.model.hexadecimal import id_text
from traceledger.proofs import Policy, TrustRoot, verify
from traceledger.proofs.build.redaction import redact
from traceledger.proofs.canonical import dumps
from traceledger.proofs.records import End

BATCH = "kokkola/COS-88"
AT = "2026-04-01T00:00:00Z"
#: What the supplier did besides, for other customers. It is on chain, yet nobody's business.
FOR_OTHERS: list[Operation] = [
    {
        "op": "split",
        "as": "s-1",
        "batch": "KOL-2026-0117",
        "into": [{"batch": "FOR-ANOTHER", "mass": "1 t"}],
        "at": AT,
        "evidence": [{"uri": "https://documents.example/another.pdf", "sha256": "ef" * 32}],
        "private": True,
    },
    {
        "op": "ship",
        "as": "s-1",
        "shipment": "TO-ANOTHER",
        "batches": ["KOL-2026-0117"],
        "to": "kokkola",
        "at": AT,
        "private": True,
    },
]
OF_OTHERS = ("FOR-ANOTHER", "TO-ANOTHER", "another.pdf")


@dataclass(frozen=True)
class Private:
    """A network with private texts, what is believed of it, and a proof that discloses them."""

    folder: Path
    trusted: TrustRoot
    proof: Path


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Private:
    folder = tmp_path_factory.mktemp("private")
    with new_client(folder / "net") as client:
        client.submit(write(folder / "ops.jsonl", operations() + FOR_OTHERS), create_keys=True)
        client.export_proof(BATCH, folder / "full.tlproof", disclose=GROUPS)
        return Private(folder / "net", client.trust_root(), folder / "full.tlproof")


def texts(path: Path) -> str:
    return "\n".join(str(line) for line in lines_of(path))


def disclosures(lines: Lines) -> list[dict[str, Any]]:
    return next(line["openings"] for line in lines if line["type"] == "disclosures")


def test_what_is_disclosed_is_checked_and_named(private: Private) -> None:
    verified = about(private.proof, private.trusted)
    found = {(opening.kind.value, opening.text) for opening in verified.disclosed}
    assert found == {
        ("participant_name", "Katanga Example Mining"),
        ("facility", "kolwezi-pit-4"),
        ("facility_name", "Kolwezi pit four"),
        ("batch", "KOL-2026-0117"),
        ("batch", "KOL-2026-0117-A"),
        ("batch", "COH-7"),
        ("transformation", "RUN-7"),
        ("shipment", "SEA-9001"),
        ("evidence", "ab" * 32 + " https://documents.example/weighing.pdf"),
    }
    assert verified.named(verified.trace.origins[0].facility) == "s-1/kolwezi-pit-4"
    assert verified.named("kokkola/refinery") == "kokkola/refinery"
    stranger = "kokkola/" + verified.trace.origins[0].facility.partition("/")[2]
    assert verified.named(stranger) == stranger, "a commitment in another's hands says nothing"
    assert "9 private texts disclosed" in " ".join(verified.proved)


def test_a_private_name_is_no_name_of_one_batch_alone(private: Private, tmp_path: Path) -> None:
    """The ledger cannot refuse a second batch of the same private name: a verdict on the name says so."""
    with client_of(private.folder) as client:
        client.export_proof("s-1/KOL-2026-0117", tmp_path / "mine", disclose=GROUPS)
    verified = verify(tmp_path / "mine", "s-1/KOL-2026-0117", private.trusted)
    assert "another batch the same private name" in verified.unknowable
    assert id_text(verified.preamble.batch) in verified.unknowable
    assert "private name" not in about(private.proof, private.trusted).unknowable


def test_what_was_made_for_others_is_not_disclosed(private: Private) -> None:
    assert not [secret for secret in OF_OTHERS if secret in texts(private.proof)]
    verified = about(private.proof, private.trusted)
    assert verified.undisclosed >= 2, "the events are there, and say that there is something"


def test_a_redacted_proof_proves_the_same(private: Private, tmp_path: Path) -> None:
    done = redact(private.proof, tmp_path / "public.tlproof", GROUPS)
    content = texts(tmp_path / "public.tlproof")
    assert not [secret for secret in SECRETS if secret in content]
    full, public = (
        about(private.proof, private.trusted),
        about(tmp_path / "public.tlproof", private.trusted),
    )
    assert public.claims == full.claims
    assert public.trace == full.trace
    assert (public.disclosed, public.undisclosed) == ((), full.undisclosed + 9)
    assert "private texts say" in public.not_proved[-1]
    assert sum(done.hidden.values()) == 9
    assert done.public == {
        FieldKind.PARTICIPANT_NAME: ["Kokkola Example"],
        FieldKind.FACILITY: ["refinery"],
        FieldKind.BATCH: ["COS-88"],
        FieldKind.TRANSFORMATION: ["RUN-88"],
    }
    with client_of(private.folder) as client:
        public_again = client.export_proof(BATCH, tmp_path / "hidden.tlproof", block=full.preamble.block)
    assert public_again.disclosures == 0
    assert (tmp_path / "hidden.tlproof").read_bytes() == (tmp_path / "public.tlproof").read_bytes()


def test_the_withheld_origin_belongs_to_an_allowed_set(private: Private, tmp_path: Path) -> None:
    redact(private.proof, tmp_path / "public.tlproof", GROUPS)
    public = about(tmp_path / "public.tlproof", private.trusted)
    origin = public.trace.origins[0]
    assert is_commitment(origin.facility.partition("/")[2])
    with client_of(private.folder) as client:
        client.sync()
        site = client.names().facility("s-1/kolwezi-pit-4", None)
        approved = {each.facility for each in client.index.approvals()}
    assert site in approved
    for accepted in (
        Policy(allowed_countries=frozenset({"CD"})),
        Policy(approved_origins=frozenset(approved)),
        Policy(approved_origins=frozenset({site, 7})),
    ):
        assert accepted.violations(public) == []
    assert "comes from CD" in Policy(denied_countries=frozenset({"CD"})).violations(public)[0]
    assert f"0x{site:064x}" in Policy(approved_origins=frozenset({7})).violations(public)[0]


@pytest.mark.parametrize("group", GROUPS)
def test_each_kind_is_withheld_alone(private: Private, tmp_path: Path, group: str) -> None:
    done = redact(private.proof, tmp_path / "some.tlproof", [group])
    verified = about(tmp_path / "some.tlproof", private.trusted)
    kinds = {opening.kind for opening in verified.disclosed}
    assert kinds == set(FieldKind) - GROUPS[group] - {FieldKind.EMISSIONS_RECORD}  # always readable
    assert set(done.hidden) == GROUPS[group] - {FieldKind.EMISSIONS_RECORD}
    assert set(done.public) <= GROUPS[group]


def test_redacting_twice_and_in_place(private: Private, tmp_path: Path) -> None:
    path = tmp_path / "it.tlproof"
    shutil.copy(private.proof, path)
    redact(path, path, ["lots"])
    redact(path, path, ["lots", "names"])
    kinds = {opening.kind for opening in about(path, private.trusted).disclosed}
    assert kinds == GROUPS["facilities"] | GROUPS["evidence"]
    with pytest.raises(InputError, match="cannot be hidden"):
        redact(path, path, ["colours"])
    with pytest.raises(InputError):
        redact(tmp_path / "nowhere", path, ["lots"])
    with pytest.raises(InputError, match=re.escape(f"{tmp_path / 'no' / 'folder'}: cannot be")):
        redact(path, tmp_path / "no" / "folder", ["lots"])


def _flip(text: str) -> str:
    return text[:-1] + ("1" if text[-1] == "0" else "0")


def _moved(lines: Lines) -> Lines:
    place = next(number for number, line in enumerate(lines) if line["type"] == "disclosures")
    lines.insert(1, lines.pop(place))
    return lines


CHANGES: dict[str, tuple[Callable[[Lines], Any], type[TraceLedgerError]]] = {
    "text": (lambda lines: disclosures(lines)[0].update(text="other"), VerificationError),
    "salt": (
        lambda lines: disclosures(lines)[0].update(salt=_flip(disclosures(lines)[0]["salt"])),
        VerificationError,
    ),
    "owner": (
        lambda lines: disclosures(lines)[0].update(owner=_flip(disclosures(lines)[0]["owner"])),
        VerificationError,
    ),
    "kind": (lambda lines: disclosures(lines)[0].update(kind="shipment"), VerificationError),
    "twice": (lambda lines: disclosures(lines).append(disclosures(lines)[0]), VerificationError),
    "unknown kind": (lambda lines: disclosures(lines)[0].update(kind="colour"), InputError),
    "one field more": (lambda lines: disclosures(lines)[0].update(more="x"), InputError),
    "no text": (lambda lines: disclosures(lines)[0].pop("text"), InputError),
    "control characters": (lambda lines: disclosures(lines)[0].update(text="a\x1b[31m"), InputError),
    "too long": (lambda lines: disclosures(lines)[0].update(text="a" * 5000), InputError),
    "no list": (lambda lines: lines[-1].update(openings=7), InputError),
    "an item that is no object": (lambda lines: disclosures(lines).append(7), InputError),  # type: ignore[arg-type]
    "before the header": (_moved, InputError),
}


@pytest.mark.parametrize("change", CHANGES)
def test_forged_disclosures_are_refused(private: Private, change: str) -> None:
    apply, error = CHANGES[change]

    def forge(lines: Lines) -> Lines | None:
        made = apply(lines)
        return made if change == "before the header" else None

    with pytest.raises(error):
        check(changed(private.proof, forge), private.trusted)


def test_the_proof_of_a_public_chain_discloses_nothing(tmp_path: Path) -> None:
    with new_client(tmp_path / "net") as client:
        client.submit(write(tmp_path / "ops.jsonl", operations(private=False)), create_keys=True)
        exported = client.export_proof(BATCH, tmp_path / "it.tlproof", disclose=GROUPS)
        verified = about(tmp_path / "it.tlproof", client.trust_root())
    assert exported.disclosures == 0
    assert (verified.disclosed, verified.undisclosed) == ((), 0)
    assert "disclosures" not in {line["type"] for line in lines_of(tmp_path / "it.tlproof")}
    done = redact(tmp_path / "it.tlproof", tmp_path / "same.tlproof", GROUPS)
    assert (tmp_path / "same.tlproof").read_bytes() == (tmp_path / "it.tlproof").read_bytes()
    assert "https://documents.example/weighing.pdf" in done.public[FieldKind.EVIDENCE]
    assert "kolwezi-pit-4" in done.public[FieldKind.FACILITY]


def test_without_the_openings_nothing_is_disclosed_yet_all_is_proved(
    private: Private, tmp_path: Path
) -> None:
    shutil.copytree(private.folder, tmp_path / "net")
    with client_of(tmp_path / "net") as client:
        client.network.disclosures_file.unlink()
        assert client.export_proof(BATCH, tmp_path / "it.tlproof", disclose=GROUPS).disclosures == 0
    verified = about(tmp_path / "it.tlproof", private.trusted)
    assert verified.claims == about(private.proof, private.trusted).claims
    assert file_of(lines_of(tmp_path / "it.tlproof")) == (tmp_path / "it.tlproof").read_bytes()


def test_no_byte_of_a_disclosure_can_be_changed(private: Private) -> None:
    """Whatever is changed in the record, with a checksum that fits, is refused, and nothing else happens."""
    lines = canonical(lines_of(private.proof))
    place = next(number for number, line in enumerate(lines) if b'"disclosures"' in line)
    rng = random.Random(7)
    for _ in range(250):
        record = bytearray(lines[place])
        match rng.randrange(3):
            case 0:
                record[rng.randrange(len(record))] ^= 1 << rng.randrange(8)
            case 1:
                del record[rng.randrange(len(record)) :][: rng.randrange(1, 40)]
            case _:
                record.insert(rng.randrange(len(record)), rng.randrange(256))
        if bytes(record) == lines[place] or b"\n" in record:
            continue
        changed_lines = [*lines[:place], bytes(record), *lines[place + 1 :]]
        digest = hashlib.sha256(b"".join(line + b"\n" for line in changed_lines)).digest()
        end = dumps(End(len(changed_lines), digest).to_dict())
        with pytest.raises((InputError, VerificationError)):
            check(raw_file_of([*changed_lines, end]), private.trusted)
