"""The JSON of a verdict by a policy, and the files of a packet for an authority."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from traceledger.documents import flat
from traceledger.documents.proofs import judged as _proof
from traceledger.model.hexadecimal import hexed
from traceledger.model.text import Surface, escaped
from traceledger.model.units import format_mass, format_time

if TYPE_CHECKING:
    from traceledger.proofs.verdicts.judgement import Judgement
    from traceledger.proofs.verdicts.packet import Papers


def judged(made: Judgement) -> dict[str, Any]:
    """What a proof file proves, and the verdict on it: why it is refused, and what that does not prove."""
    document = _proof(made.found, made.reasons)
    if made.policy is None and not made.answers:
        return document
    first = {name: document.pop(name) for name in ("verdict", "reasons")}
    return first | {"does_not_prove": made.does_not_prove, "judged_by": _policy(made)} | document


def _policy(made: Judgement) -> dict[str, Any]:
    policy = made.policy
    named = {} if policy is None else {"name": policy.name, "title": policy.title, "sha256": policy.sha256}
    return named | {"answers": {answer.question: dict(answer.figures) for answer in made.answers}}


def first_line(made: Judgement) -> str:
    """The verdict in one line: nothing that fails, or is wrong, begins with the word for what is right."""
    found = made.found
    name = found.named(found.trace.batch)
    what = f"{name} as of block {found.preamble.block}, {format_time(found.time)}"
    faults = ", ".join(found.faults)
    if made.reasons:
        return f"Refused: {what}" + (f" ({faults})" if faults else "")
    if faults:
        return f"Faulty ({faults}): {what}. What the file says is proved"
    return f"Verified: {what}"


def packet(made: Judgement, papers: Papers) -> dict[str, bytes]:
    """The files of a packet beside proof and papers, by name.

    Args:
        made: the verdict, with an answer about the chain of custody.
        papers: which documents are in it.
    """
    region, listed = made.figures("region"), made.figures("listed_entities")
    handovers = [_with_files(each, papers) for each in made.figures("chain").get("handovers", ())]
    files: dict[str, bytes] = {
        "verdict.json": _json(judged(made)),
        "handovers.json": _json({"handovers": handovers}),
        "handovers.csv": flat.csv([_flat(number, each) for number, each in enumerate(handovers, 1)]).encode(),
        "contents.txt": _contents(made, handovers, papers, bool(listed)).encode(),
    }
    if region:
        files["sites.csv"] = flat.csv(region["sites"]).encode()
    if made.policy is not None:
        files["policy.toml"] = made.policy.content
    return files


def _json(document: Mapping[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return (escaped(text, Surface.JSON) + "\n").encode()


def _with_files(handover: Mapping[str, Any], papers: Papers) -> dict[str, Any]:
    named = [each | {"file": papers.file_of(each["sha256"]) or None} for each in handover["papers"]]
    return dict(handover) | {"papers": named}


def _flat(number: int, handover: Mapping[str, Any]) -> dict[str, Any]:
    lots = handover["lots"]
    return {
        "number": number,
        "kind": handover["kind"],
        "name": handover["name"],
        "from": handover["from"],
        "to": handover["to"],
        "sent_at": _time(handover["sent_at"]),
        "received_at": _time(handover["received_at"]),
        "lots": [each["batch"] for each in lots],
        "sent": [_mass(each["sent_mg"]) for each in lots],
        "arrived": [_mass(each["arrived_mg"]) for each in lots],
        "papers": [each["uri"] for each in handover["papers"]],
        "sha256": [each["sha256"] for each in handover["papers"]],
        "files": [each["file"] or "not in this packet" for each in handover["papers"]],
        "events": handover["events"],
    }


def _time(seconds: int | None) -> str:
    return "" if seconds is None else format_time(seconds)


def _mass(milligrams: str | None) -> str:
    return "" if milligrams is None else format_mass(int(milligrams))


def _contents(made: Judgement, handovers: list[dict[str, Any]], papers: Papers, listed: bool) -> str:
    """What an official reads first: the verdict, what it does not prove, and what is in the folder."""
    from traceledger.proofs.succession import identity

    found, policy = made.found, made.policy
    told = [
        first_line(made),
        *([] if policy is None else [f"Policy: {policy.title} ({policy.name}, SHA-256 {policy.sha256})"]),
        f"Judged under the trust root with the identity {hexed(identity(made.found.trusted))}",
        "",
        "What this verdict does not prove",
        *(f"- {sentence}" for sentence in (found.unknowable, *made.does_not_prove)),
        "",
        "What was found",
        *(f"- {line}" for answer in made.answers for line in answer.shown),
        "",
        "Hand-overs, in their order",
        *(_handover(number, each) for number, each in enumerate(handovers, 1)),
        "",
        f"Documents that the ledger names, and that are not in here: {', '.join(papers.missing) or 'none'}",
        "",
        "Files",
        "- proof.tlproof: the batch's history; traceledger proof verify checks it offline, with a trust root"
        " that comes from the consortium or an auditor, never from where this folder comes from",
        "- verdict.json: all that the verdict follows from, for programs",
        "- handovers.csv, handovers.json: each change of custody with documents and hashes",
        "- sites.csv: where everything was made",
        "- policy.toml: what was asked",
        *(["- listed-entities.csv: the list that companies and sites were compared with"] if listed else []),
        "- papers: documents whose hashes the ledger has",
        "- SHA256SUMS: the hash of each file; sha256sum -c SHA256SUMS checks them",
    ]
    return "\n".join(escaped(line) for line in told) + "\n"


def _handover(number: int, handover: Mapping[str, Any]) -> str:
    named = [f"{each['uri']} (SHA-256 {each['sha256']})" for each in handover["papers"]]
    when = _time(handover["received_at"]) or "not received"
    parties = f"{handover['from'] or 'its owner'} to {handover['to']}, {when}"
    documents = "; ".join(named) or "no document"
    return f"{number}. {handover['kind']} {handover['name']}: {parties}; {documents}"
