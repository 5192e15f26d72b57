// What happened in a lineage as steps of the walk (docs/proof-format.md, W1 to W12): the events forward, with what the
// batches hold as they go by.
"use strict";
(P => {
  const { word, keccakOf, utf8, hex, sharesOf, usedAfter, largest, LOSS, MEASUREMENT } = P;

  const recordId = (owner, identifier) => {
    const bytes = utf8(identifier), digits = hex(bytes).slice(2);
    const text = digits.padEnd(Math.ceil(digits.length / 64) * 64, "0");
    return BigInt(keccakOf(owner.slice(2).padStart(64, "0") + word(64) + word(bytes.length) + text));
  };

  /** The steps of a walk, in chain order. */
  class Steps {
    held = new Map();
    places = new Map();
    takenBack = new Map();
    found = new Map();
    confirmed = new Set();
    errors = new Map();
    arrived = new Map();

    constructor(lineage) {
      this.nodes = lineage.told;
      this.authors = new Map(lineage.recorded.map(({ n, event }) => [n, event.by]));
      for (const { n, event } of lineage.recorded) {
        const step = this[event.type]?.(n, event);
        if (step) this.found.set(n, { n, ...step });
      }
      this.list = [...this.found.values()];
    }

    of(batch) {
      return this.held.get(batch) ?? { mass: 0n, own: 0n, inherited: 0n, substances: new Map(), used: new Map() };
    }

    make(event) {
      for (const made of event.makes.filter(each => this.nodes.has(each.batch))) {
        const used = [...made.taken.keys()].map(each => this.of(each).used).filter(each => each.size);
        const { mass, own, inherited } = made;
        this.held.set(made.batch, {
          mass, own, inherited, substances: new Map(made.substances),
          used: used.length ? largest([0, ...made.substances.keys()], used) : new Map(),
        });
      }
    }

    move(batch, taken, sign) {
      const held = this.held.get(batch);
      if (!held) return;
      for (const pool of ["mass", "own", "inherited"]) held[pool] += sign * taken[pool];
      for (const [each, mg] of taken.substances) held.substances.set(each, (held.substances.get(each) ?? 0n) + sign * mg);
    }

    BatchMinted(n, event) {
      this.make(event);
      this.places.set(`0 ${event.batch}`, n);
      return { kind: "minted", batch: event.batch, emissions: event.emissions, untraced: event.origin === 3 };
    }

    BatchSplit(_, event) {
      this.make(event);
      const children = event.children.map(({ taken }) => {
        const before = this.of(event.parent).mass;
        this.move(event.parent, taken, -1n);
        return { batch: taken.batch, mass: taken.mass, before };
      });
      return { kind: "split", parent: event.parent, children };
    }

    Transformed(n, event) {
      this.make(event);
      this.places.set(`1 ${event.transformation}`, n);
      const inputs = event.inputs.map(each => {
        const before = this.of(each.batch).mass;
        this.move(each.batch, each, -1n);
        return { ...each, before };
      });
      const outputs = sharesOf(event).map(([batch, weight, emissions]) => ({ batch, weight, emissions }));
      return { kind: "run", run: event.transformation, recycling: event.recycling, inputs, outputs };
    }

    ShipmentOffered(n, event) {
      this.places.set(`2 ${event.shipment}`, n);
      return this.added(event, event.batches);
    }

    EmissionsAdded(n, event) {
      if (event.record) this.places.set(`3 ${recordId(event.by, event.record)}`, n);
      return this.added(event, [event]);
    }

    added(event, lots) {
      const entries = sharesOf(event).map(([batch, weight, emissions], n) => ({ batch, weight, emissions, after: lots[n].own }));
      for (const { batch, after } of entries) if (this.held.has(batch)) this.held.get(batch).own = after;
      return { kind: "added", entries };
    }

    ShipmentReceived(n, event) {
      const lots = [];
      for (const lot of event.batches) {
        const held = this.held.get(lot.batch);
        if (!held) continue;
        const { mass, substances, used } = held;
        this.arrived.set(`${event.shipment} ${lot.batch}`, { n, mass, substances: new Map(substances), used });
        if (lot.difference === MEASUREMENT) lots.push(this.measured(lot, held, false));
        else {
          held.mass = lot.mass;
          if (lot.difference === LOSS) for (const [each, mg] of lot.substances) held.substances.set(each, (held.substances.get(each) ?? 0n) - mg);
        }
      }
      return booked(lots);
    }

    BatchRemeasured(_, event) {
      const held = this.held.get(event.batch);
      return held && booked([this.measured(event, held, event.byAuditor)]);
    }

    measured({ batch, mass, substances }, held, byAuditor) {
      const was = new Map([[0, held.mass], ...held.substances]), now = new Map([[0, mass], ...substances]);
      const used = [...was].map(([each, mg]) => [each, usedAfter(held.used.get(each) ?? 0n, now.get(each) ?? 0n, mg)]);
      const numbers = [...new Set([...held.substances.keys(), ...substances.keys()])].sort((one, two) => one - two);
      const differences = new Map(numbers.map(each =>
        [each, (substances.get(each) ?? 0n) - (held.substances.get(each) ?? 0n)]).filter(([, mg]) => mg));
      const bookedMass = mass - held.mass, made = this.nodes.get(batch).substances;
      Object.assign(held, {
        mass, used: byAuditor ? new Map() : new Map(used),
        substances: new Map([...[...held.substances.keys()].map(each => [each, 0n]), ...substances]),
      });
      const raised = new Set([...differences].filter(([each, mg]) => mg > 0n && !made.get(each)).map(([each]) => each));
      return { batch, booked: differences, bookedMass, raised };
    }

    EmissionsRestated(_, event) {
      return this.restated(event, event.counts);
    }

    RestatementConfirmed(_, event) {
      return this.restated(event, true);
    }

    restated(event, used) {
      const of = this.places.get(`${event.kind} ${event.record}`);
      if (of === undefined) return null;
      if (event.type === "RestatementConfirmed" || event.by !== this.authors.get(of)) this.confirmed.add(of);
      else if (used) this.confirmed.delete(of);
      return { kind: "restated", of, emissions: event.emissions, used };
    }

    BatchTakenBack(n, event) {
      this.takenBack.set(event.batch, [n, event]);
      const held = this.held.get(event.batch);
      if (held) held.own = held.inherited = 0n;
      return { kind: "takenBack", batch: event.batch };
    }

    entry(batch, back, child = null) {
      this.move(batch, back, 1n);
      const held = this.of(batch);
      return { batch, own: back.own, inherited: back.inherited, ownAfter: held.own, inheritedAfter: held.inherited, child };
    }

    SplitReversed(n, event) {
      const of = this.nodes.get(event.batch)?.at.n ?? n;
      return { kind: "reversed", of, entries: [this.entry(event.parent, event.putBack, event.batch)] };
    }

    TransformationReversed(_, event) {
      const of = this.places.get(`1 ${event.transformation}`), entries = event.inputs.map(each => this.entry(each.batch, each));
      return of === undefined ? null : { kind: "reversed", of, entries };
    }

    TakeBackReversed(_, event) {
      const [of, life] = this.takenBack.get(event.batch) ?? [];
      this.takenBack.delete(event.batch);
      const back = life && { mass: 0n, own: life.own, inherited: life.inherited, substances: new Map() };
      return life ? { kind: "reversed", of, entries: [this.entry(event.batch, back)] } : null;
    }

    ErrorDeclared(n, event) {
      this.errors.set(`${event.batch} ${event.byAuditor}`, n);
      return { kind: "inError", batch: event.batch, confirmed: event.byAuditor };
    }

    ErrorReversed(_, event) {
      const key = `${event.batch} ${event.byAuditor}`;
      this.found.delete(this.errors.get(key));
      this.errors.delete(key);
    }

    ReceiptReversed(_, event) {
      for (const batch of event.batches) {
        const held = this.held.get(batch), key = `${event.shipment} ${batch}`, before = this.arrived.get(key);
        this.arrived.delete(key);
        if (!held || !before) continue;
        const { n, mass, substances, used } = before, step = this.found.get(n);
        Object.assign(held, { mass, substances, used });
        if (step?.kind === "remeasured") this.found.set(n, { ...step, lots: step.lots.filter(lot => lot.batch !== batch) });
      }
    }
  }
  const booked = lots => {
    const found = lots.filter(lot => lot.booked.size || lot.bookedMass);
    return found.length ? { kind: "remeasured", lots: found } : null;
  };

  Object.assign(P, { Steps });
})(globalThis.TraceLedgerProof ??= {});
