// The least that provenance needs: batches, what was taken of which for which, and every event as it came.
import { index, onchainTable, primaryKey } from "ponder";

export const batch = onchainTable("batch", (t) => ({
  id: t.bigint().primaryKey(),
  creator: t.hex(),
  identifier: t.text(),
  mass: t.bigint(),
  own: t.bigint(),
  inherited: t.bigint(),
  block: t.bigint(),
}));

export const edge = onchainTable(
  "edge",
  (t) => ({ made: t.bigint().notNull(), taken: t.bigint().notNull(), mass: t.bigint() }),
  (table) => ({ pk: primaryKey({ columns: [table.made, table.taken] }), back: index().on(table.taken) }),
);

export const event = onchainTable("event", (t) => ({
  id: t.text().primaryKey(),
  name: t.text(),
  block: t.bigint(),
  log: t.integer(),
  data: t.text(),
}));
