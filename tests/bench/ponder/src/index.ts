// Handlers as ponder's documentation shows them: a row for each thing, and each event as it came.
import { ponder } from "ponder:registry";
import { batch, edge, event } from "ponder:schema";

const said = (value: unknown) =>
  JSON.stringify(value, (_, each) => (typeof each === "bigint" ? each.toString() : each));

async function kept(context: any, name: string, it: any) {
  await context.db.insert(event).values({
    id: it.id, name, block: it.block.number, log: it.log.logIndex, data: said(it.args),
  });
}

ponder.on("Ledger:BatchMinted", async ({ event: it, context }) => {
  await kept(context, "BatchMinted", it);
  const { batch: id, creator, identifier, mass, emissions } = it.args as any;
  const lane = (1n << 64n) - 1n;
  const scopes = [0n, 64n, 128n].map((at) => (emissions.amounts >> at) & lane);
  const own = scopes[0] + scopes[1] + scopes[2];
  await context.db.insert(batch).values({
    id, creator, identifier, mass, own, inherited: 0n, block: it.block.number,
  });
});

ponder.on("Ledger:BatchSplit", async ({ event: it, context }) => {
  await kept(context, "BatchSplit", it);
  const { parent, custodian, children } = it.args as any;
  for (const { identifier, taken } of children) {
    await context.db.insert(batch).values({
      id: taken.batch, creator: custodian, identifier, mass: taken.mass, own: taken.ownCo2e,
      inherited: taken.inheritedCo2e, block: it.block.number,
    });
    await context.db.insert(edge).values({ made: taken.batch, taken: parent, mass: taken.mass }).onConflictDoNothing();
  }
});

ponder.on("Ledger:Transformed", async ({ event: it, context }) => {
  await kept(context, "Transformed", it);
  const { participant, inputs, outputs } = it.args as any;
  for (const made of outputs) {
    await context.db.insert(batch).values({
      id: made.batch, creator: participant, identifier: made.identifier, mass: made.mass, own: made.ownCo2e,
      inherited: made.inheritedCo2e, block: it.block.number,
    });
    for (const taken of inputs) {
      await context.db.insert(edge).values({ made: made.batch, taken: taken.batch, mass: taken.mass }).onConflictDoNothing();
    }
  }
});

ponder.on("Ledger:EmissionsAdded", ({ event: it, context }) => kept(context, "EmissionsAdded", it));
ponder.on("Registry:ParticipantRegistered", ({ event: it, context }) => kept(context, "ParticipantRegistered", it));
ponder.on("Registry:FacilityRegistered", ({ event: it, context }) => kept(context, "FacilityRegistered", it));
ponder.on("Registry:MaterialDefined", ({ event: it, context }) => kept(context, "MaterialDefined", it));
ponder.on("Registry:OriginApproved", ({ event: it, context }) => kept(context, "OriginApproved", it));
