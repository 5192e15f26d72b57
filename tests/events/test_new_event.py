"""A new event does not type-check until every part of the package has decided what to do about it."""

from __future__ import annotations

import pytest

from tests.additions import complaints
from tests.typing_support import Complaint
from traceledger.events.fields import codec_of

PLACES = {
    "who acted, whom and what it concerns, what it makes, what may be private": "events/ledger:_says_all",
    "the same of the registry's events": "events/registry:_says_all",
    "the same of the assurance registry's events": "events/assurance:_says_all",
    "what happens to pools, batches and shipments": "replay/ledger:_change",
    "who holds the batch, and its state": "replay/custody:custody_after",
    "what left the batch": "replay/custody:departed",
    "whether it has emissions": "replay/emissions:emitting",
    "how these are shared": "replay/emissions:shares",
    "where they arose": "replay/emissions:occurred_where",
    "which pool they entered": "replay/emissions:pool_after",
    "under which id they can be restated": "replay/records:record_of",
    "who may act, as a proof is verified": "proofs/verify/completeness:_require_allowed",
    "who may answer a shipment so, as a proof is verified": "proofs/verify/completeness:_answers",
    "whether what it makes is an origin, for policies, countries and traces": "provenance/origins:origin_of",
    "whose registrations a proof holds": "proofs/concerned:concerned",
    "what a proof holds of the registry": "proofs/source:register",
    "which texts a proof may disclose": "proofs/disclosed:fields_of",
    "which batches the index lists it for": "index/edges:edges_of",
    "what the index lists of it besides": "index/ledger_writer:_list",
    "what the index makes of the registry": "index/registry_writer:write",
    "what the index makes of the assurance registry": "index/assurance_writer:write",
    "whether it belongs to what was made of the batch": "provenance/lineage:belongs",
    "how shares and CO2e walk through it": "replay/telling:step_of",
    "which texts belong to a lineage": "provenance/disclosable:disclosable_of",
    "what is recalled by itself": "provenance/recall:_counts",
    "when an audit takes the batch to have been where": "audit/kinds:step",
    "how an audit takes the batch to have been made": "audit/collecting:_marks_of",
    "what an audit knows it again by": "audit/collecting:_key_of",
    "how it is shown": "documents/batches:_particulars",
    "how the making of a batch is shown": "documents/lineage:made_by",
    "what was taken for it, as it is shown": "documents/lineage:_taken",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Complaint]:
    return complaints(tmp_path_factory)["events"]


def test_the_type_checker_names_every_place_that_must_decide(found: list[Complaint]) -> None:
    named = {complaint.place for complaint in found}
    assert {question: place for question, place in PLACES.items() if place not in named} == {}


def test_it_says_what_an_event_leaves_unsaid(found: list[Complaint]) -> None:
    said = [each.message for each in found if each.place == "events/ledger:_says_all"]
    for member in ("author", "concerns", "evidence", "makes", "occurred_at", "parties", "texts", "word"):
        assert any('"BatchWeighed" of' in each and f'has no attribute "{member}"' in each for each in said)


def test_a_parameter_must_say_how_it_is_read() -> None:
    with pytest.raises(TypeError, match="does not say how it is read"):
        codec_of(str)
