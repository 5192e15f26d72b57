"""The table of routes: pages, their twins, the API and its description come from it.

A row with a template is a page at its path, with a twin of the same document at the path with ``.json``; a
row that is part of the API answers with that document under ``/api/v1``.
"""

from __future__ import annotations

from traceledger.web.paging import Paged
from traceledger.web.route import Route
from traceledger.web.views import (
    assurance,
    audits,
    batches,
    blocks,
    declarations,
    emissions,
    graphs,
    proofs,
    registry,
    shipments,
    traces,
)

PROOF = "application/vnd.traceledger.proof"
_BATCH = "/batches/{creator}/{identifier}"

ROUTES: tuple[Route, ...] = (
    Route(
        "/batches",
        "batches",
        batches.batches,
        "Batches as they are now.",
        template="batches.html",
        query=batches.BatchesQuery,
    ),
    Route(
        _BATCH,
        "batch",
        batches.batch,
        "A batch as it is now, what is wrong with it, and everything recorded of it.",
        template="batch.html",
    ),
    Route(
        f"{_BATCH}/trace",
        "trace",
        traces.trace,
        "A batch's origins, CO2e, recycled content and traced share, and what is wrong.",
        query=traces.TraceQuery,
    ),
    Route(
        f"{_BATCH}/declaration",
        "declaration",
        declarations.declaration,
        "The Product Sustainability Declaration of a batch.",
    ),
    Route(
        f"{_BATCH}/footprint",
        "footprint",
        traces.footprint,
        "The CO2e of a batch: own, inherited, from primary data, and broken down.",
        query=traces.TraceQuery,
    ),
    Route(
        f"{_BATCH}/origins",
        "origins",
        traces.origins,
        "Where the material of a batch comes from, and how much of it is traced.",
        query=traces.TraceQuery,
    ),
    Route(
        f"{_BATCH}/events",
        "events",
        batches.events,
        "Everything recorded of a batch, in the chain's order.",
    ),
    Route(
        f"{_BATCH}/lineage",
        "lineage",
        traces.lineage,
        "All batches and steps upstream of a batch, or downstream.",
        query=traces.LineageQuery,
    ),
    Route(
        f"{_BATCH}/graph",
        "graph",
        graphs.graph,
        "The lineage of a batch as it is drawn: boxes and lines, in slices.",
        template="graph.html",
        query=graphs.GraphQuery,
        api=False,
        scripts=("graph-picture.js", "graph.js"),
    ),
    Route(
        f"{_BATCH}/impact",
        "impact",
        traces.impact,
        "What came of a batch, and who holds it.",
        query=traces.TraceQuery,
    ),
    Route(
        f"{_BATCH}/proof",
        "proof",
        proofs.proof,
        "The proof file of a batch, which `traceledger proof verify` verifies offline.",
        media=PROOF,
    ),
    Route(
        "/participants",
        "participants",
        registry.participants,
        "Companies as they are now.",
        query=registry.ParticipantsQuery,
    ),
    Route(
        "/participants/{participant}",
        "participant",
        registry.participant,
        "A company, its sites, whether it may act, and all that changed that.",
        timed=True,
    ),
    Route(
        "/facilities",
        "facilities",
        registry.facilities,
        "Sites, and what the consortium expects from each.",
        query=registry.FacilitiesQuery,
    ),
    Route(
        "/facilities/{participant}/{identifier}",
        "facility",
        registry.facility,
        "A site, and what the consortium expects from it.",
    ),
    Route(
        "/materials",
        "materials",
        registry.materials,
        "Kinds of material, and the substances tracked in them.",
        query=Paged,
    ),
    Route("/materials/{material}", "material", registry.material, "A kind of material."),
    Route(
        "/shipments",
        "shipments",
        shipments.shipments,
        "Shipments as their handshakes stand now.",
        query=shipments.ShipmentsQuery,
    ),
    Route(
        "/shipments/{sender}/{identifier}",
        "shipment",
        shipments.shipment,
        "A shipment as its handshake stands now.",
    ),
    Route(
        "/assessments",
        "assessments",
        assurance.assessments,
        "Assessments, and whether each is valid now.",
        query=assurance.AssessmentsQuery,
        timed=True,
    ),
    Route(
        "/assessments/{assessor}/{identifier}",
        "assessment",
        assurance.assessment,
        "An assessment with its documents.",
        timed=True,
    ),
    Route(
        "/evidence",
        "evidence",
        assurance.evidence,
        "Documents that are held elsewhere, and who put them on record.",
        query=assurance.EvidenceQuery,
    ),
    Route(
        "/requirements",
        "requirements",
        assurance.requirements,
        "Which assessments are mandatory for which role, and what is announced.",
    ),
    Route(
        "/findings",
        "findings",
        assurance.findings,
        "Findings as they stand now, and whether each is overdue.",
        query=assurance.FindingsQuery,
        timed=True,
    ),
    Route(
        "/findings/{auditor}/{identifier}",
        "finding",
        assurance.finding,
        "A finding and all that was done about it.",
        timed=True,
    ),
    Route(
        "/audit",
        "audit",
        audits.audit,
        "What rules found that contracts cannot forbid, with the evidence.",
        query=audits.AuditQuery,
        timed=True,
    ),
    Route(
        "/differences",
        "differences",
        audits.differences,
        "What better measurements booked, beside what was minted and what went through.",
        query=audits.AuditQuery,
        timed=True,
    ),
    Route(
        "/emissions",
        "emissions",
        emissions.emissions,
        "The emissions of a year beside the year before, and against a target.",
        query=emissions.EmissionsQuery,
    ),
    Route("/blocks", "blocks", blocks.blocks, "Blocks that changed anything.", query=Paged),
    Route(
        "/blocks/{block}",
        "block",
        blocks.block,
        "A block, by number or hash, with every event of the contracts in it, raw and decoded.",
    ),
    Route(
        "/status",
        "status",
        blocks.status,
        "What the server follows, how far its index is, and whether the chain can be reached.",
        live=True,
    ),
)
