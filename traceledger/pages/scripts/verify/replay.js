// What events imply for the batches of a lineage (docs/rules.md), and the words in which the contracts keep them
// (docs/proof-format.md, T1 to T4, V3, V4).
"use strict";
(P => {
  const { refused, hex, number, word, keccakOf, rlp, isBytes, total } = P;
  const ACTIVE = 1, IN_TRANSIT = 2, RETURNING = 3, CONSUMED = 4, RETIRED = 5, DELIVERED = 6, REVERSED = 7;
  const STATES = ["", "active", "in_transit", "returning", "consumed", "retired", "delivered", "reversed"];
  const LOSS = 1, MOISTURE = 2, MEASUREMENT = 3;
  const mismatch = what => refused(`an event states ${what} otherwise than the events before it: one is missing, or it is forged`);
  const equal = (one, two, what) => one === two || mismatch(what);
  const sum = values => values.reduce((all, each) => all + each, 0n);

  const take = (pool, part, whole) => pool * part / whole;
  const allocate = (amount, weights) => {
    const whole = sum(weights);
    let running = 0n, before = 0n;
    return weights.map(weight => {
      running += weight;
      const upto = amount * running / whole, part = upto - before;
      before = upto;
      return part;
    });
  };

  const present = substances => new Map([...substances].filter(([, mg]) => mg).sort(([one], [two]) => one - two));
  const sameMasses = (one, two) => one.size === two.size && [...one].every(([number, mg]) => two.get(number) === mg);
  const added = (...lists) => {
    const found = new Map();
    for (const masses of lists) for (const [number, mg] of masses) found.set(number, (found.get(number) ?? 0n) + mg);
    return present(found);
  };
  const minus = (masses, gone) => added(masses, [...gone].map(([number, mg]) => [number, -mg]));
  const listed = batch => batch.tracked.map(number => [number, batch.substances.get(number) ?? 0n]);
  const stateWith = (mass, state) => state === REVERSED ? state : !mass ? CONSUMED : state === CONSUMED ? ACTIVE : state;
  const POOLS = ["mass", "own", "inherited", "primary"];

  /** What an event emitted, shared over its batches in their order; [batch, weight, emissions] of each. */
  const sharesOf = event => {
    if (event.emissions && event.batch !== undefined) return [[event.batch, 1n, event.emissions]];
    const over = event.outputs ? event.outputs.map(each => each.weight) : event.batches.map(each => each.mass);
    if (!sum(over)) refused("emissions are allocated over nothing");
    const parts = event.emissions.map(amount => allocate(amount, over));
    return (event.outputs ?? event.batches).map((each, n) => [each.batch, over[n], parts.map(part => part[n])]);
  };

  // Rule 5: basis points of tolerance used, rounded away from zero as a sum.
  const usedAfter = (soFar, now, before) => {
    if (!before) return soFar;
    const all = soFar * before + (now - before) * 10_000n, size = all < 0n ? -all : all;
    const points = (size + before - 1n) / before;
    return all > 0n ? points : -points;
  };
  const largest = (quantities, used) => {
    const found = new Map(quantities.map(each => [each, 0n]));
    const size = value => value < 0n ? -value : value;
    for (const each of used) {
      for (const [number, points] of each) if (found.has(number) && size(points) > size(found.get(number))) found.set(number, points);
    }
    return found;
  };
  const kept = points => points.some(each => each) ? points : [];
  const toleranceOf = batch => batch.differences.length ? batch.differences : [0n, ...batch.tracked.map(() => 0n)];
  const measured = (batch, mass, substances, byAuditor) => {
    const after = { ...batch, mass, substances: substances.size ? present(substances) : batch.substances };
    const changes = [[mass, batch.mass], ...listed(batch).map(([number, mg]) => [substances.size ? substances.get(number) ?? 0n : mg, mg])];
    after.differences = byAuditor ? [] : kept(toleranceOf(batch).map((used, n) => usedAfter(used, ...changes[n])));
    return after;
  };
  const differencesWord = points => sum(points.map((each, n) => BigInt.asUintN(16, each) << BigInt(16 * n)));
  const differencesOf = (lanes, count) =>
    lanes ? Array.from({ length: count }, (_, n) => BigInt.asIntN(16, lanes >> BigInt(16 * n))) : [];

  // The trail of a batch: a running hash of what made it and what it came by, as the ledger keeps it.
  const digits = text => text.slice(2).padStart(64, "0");
  const lanesOf = emissions => [0, 4].map(from => word(sum(emissions.slice(from, from + 4).map((mg, n) => mg << BigInt(64 * n)))));
  const trailOf = (entry, before = "0x" + "00".repeat(12)) =>
    keccakOf(before.slice(2).padEnd(64, "0") + keccakOf(entry).slice(2)).slice(0, 26);
  const receiptEntry = ({ shipment, before, after, changed, within }) => {
    const lists = [before, after].map(batch => changed ? listed(batch).map(pair => pair.map(word).join("")) : []);
    const tails = lists.map(each => word(each.length) + each.join(""));
    const head = 12 * 32;
    return [
      word(32), word(shipment), digits(before.custodian), word(before.state === RETURNING), word(used(before).uses), word(before.mass),
      word(after.mass), word(differencesWord(before.differences)), word(differencesWord(after.differences)), word(head),
      word(head + tails[0].length / 2), word(within.time), within.parent.slice(2), ...tails,
    ].join("");
  };

  const used = batch => ({ ...batch, uses: Math.min(batch.uses + 1, 31) });
  const unused = batch => batch.uses === 31 ? batch : { ...batch, uses: batch.uses - 1 };
  const putBack = (batch, given) => {
    const after = { ...batch, substances: added(batch.substances, given.substances) };
    for (const pool of POOLS) after[pool] += given[pool];
    return { ...after, state: stateWith(after.mass, batch.state) };
  };
  const emptied = batch => ({ ...batch, state: REVERSED, mass: 0n, own: 0n, inherited: 0n, primary: 0n, substances: new Map() });

  /** Replays all events of a file on the batches of a lineage; others that they name are left aside (V3). */
  class Replay {
    batches = new Map();
    shipments = new Map();
    arrivals = new Map();
    runs = new Map();

    constructor(lineage) {
      this.lineage = lineage;
    }

    follows(batch) {
      return this.lineage.has(batch);
    }

    followed(batches) {
      return [...new Set(batches)].filter(each => this.follows(each));
    }

    get(batch) {
      return this.batches.get(batch) ?? mismatch("something of a batch that was not made");
    }

    put(batch) {
      this.batches.set(batch.id, batch);
    }

    change(batch, changes) {
      if (this.follows(batch)) this.put({ ...this.get(batch), ...changes });
    }

    shipment(id) {
      return this.shipments.get(id) ?? refused("a shipment is answered that was not offered");
    }

    apply(event, within) {
      this.require(event);
      this[event.type]?.(event, within);
      for (const each of this.followed(event.concerns.map(([batch]) => batch))) {  // Rule 14
        const batch = this.get(each);
        this.put({ ...batch, events: Math.min(batch.events + 1, 2 ** 20 - 1) });
      }
    }

    /** V3: every event is by somebody who may act, on a batch in a state that allows it. */
    require(event) {
      const { type, by } = event;
      if (type === "BatchSplit") this.requireUsable(by, [event.parent]);
      else if (type === "Transformed") {
        this.requireUsable(by, event.inputs.map(each => each.batch));
        this.runs.set(event.transformation, event);
      } else if (type === "ShipmentOffered") this.requireUsable(by, event.batches.map(each => each.batch), event.returnOf !== 0n);
      else if (type === "EmissionsAdded") this.requireUsable(by, [event.batch]);
      else if (type === "BatchRetired") this.requireUsable(by, [event.batch], event.how === 1);
      else if (type === "ShipmentReceived") this.requireOffered(event, event.batches.map(each => each.batch), "receiver");
      else if (type === "ShipmentRejected") this.requireOffered(event, event.batches, "receiver");
      else if (type === "ShipmentCancelled") this.requireOffered(event, event.batches, "sender");
      else if (type === "ErrorDeclared") {
        if (this.follows(event.batch) && this.get(event.batch)[event.byAuditor ? "errorByAuditor" : "disputed"]) mismatch("an error");
      } else if (type === "BatchRemeasured") {
        if (!event.byAuditor) this.requireUsable(by, [event.batch]);
      } else if (type === "BatchTakenBack") {
        if (this.follows(event.batch) && this.get(event.batch).state !== DELIVERED) mismatch("a take-back");
      } else if (type === "BatchHeld" || type === "BatchReleased") {
        if (event.kind === 0) this.requireCustodian(by, event.batch);
      } else if (type === "TransformationReversed") this.requireRun(event);
    }

    requireCustodian(actor, batch) {
      if (this.follows(batch) && this.get(batch).custodian !== actor) mismatch("who acts on a batch");
    }

    requireUsable(actor, batches, frozenToo = false) {
      for (const each of batches) {
        if (!this.follows(each)) continue;
        this.requireCustodian(actor, each);
        const batch = this.get(each), frozen = batch.errorByAuditor || batch.frozenByMaker;
        if (batch.state !== ACTIVE || batch.heldByCustodian || batch.heldByAuditor || (frozen && !frozenToo)) {
          mismatch("that something is done with a batch");
        }
      }
    }

    requireOffered(event, batches, who) {
      if (!this.followed(batches).length) return;
      const shipment = this.shipment(event.shipment);
      if (event.by !== shipment[who] || !batches.every(each => shipment.open.includes(each))) mismatch("the answer to a shipment");  // Rule 3
    }

    requireRun(event) {
      const run = this.runs.get(event.transformation);
      this.runs.delete(event.transformation);
      if (!this.followed([...event.outputs, ...event.inputs.map(each => each.batch)]).length) return;
      const same = (one, two) => POOLS.every(pool => one[pool] === two[pool]) && one.batch === two.batch
        && sameMasses(one.substances, two.substances);
      const fits = run && run.inputs.length === event.inputs.length && run.inputs.every((each, n) => same(each, event.inputs[n]))
        && run.outputs.map(each => each.batch).join() === event.outputs.join();
      if (!fits) mismatch("the reversal of a transformation");
    }

    create(made, entry, parent = null) {
      if (!this.follows(made.batch)) return;
      if (this.batches.has(made.batch)) mismatch("that a batch is made");  // Rule 7
      const waste = parent ? parent.waste : made.waste, facility = parent ? parent.facility : made.facility;
      this.put({
        id: made.batch, creator: made.creator, custodian: made.creator, material: parent ? parent.material : made.material, facility,
        state: ACTIVE, mass: made.mass, own: made.own, inherited: made.inherited, primary: made.primary,
        substances: present(made.substances), tracked: [...made.substances.keys()].sort((one, two) => one - two),
        differences: parent ? parent.differences : made.differences ?? [], waste, arose: parent ? parent.arose : waste ? facility : 0n,
        takenBack: parent ? parent.takenBack : false, disputed: false, errorByAuditor: false, frozenByMaker: false,
        heldByCustodian: false, heldByAuditor: false, uses: 0, events: 0, trail: trailOf(entry),
      });
    }

    BatchMinted(event, { parent }) {
      const entry = [word(event.facility), word(event.material), word(event.origin), word(event.at), ...lanesOf(event.emissions)];
      this.create(event.makes[0], entry.join("") + parent.slice(2));
    }

    BatchSplit(event, { parent }) {
      if (!this.follows(event.parent)) return;
      event.makes.forEach((made, n) => {
        const before = this.takeOf(event.parent, event.children[n].taken);
        this.put(used(this.get(event.parent)));
        this.create(made, word(event.parent) + parent.slice(2), before);
      });
    }

    Transformed(event, { parent }) {
      const inputs = this.followed(event.inputs.map(each => each.batch)).map(each => this.get(each));
      for (const each of event.inputs) if (this.follows(each.batch)) this.takeOf(each.batch, each);
      inputs.forEach(each => this.put(used(this.get(each.id))));
      checkOutputs(event);
      const entry = word(event.transformation) + parent.slice(2);
      const points = inputs.map(each => [0, ...each.tracked].map((number, n) => [number, toleranceOf(each)[n]]));
      for (const made of event.makes) {
        const tracked = [...made.substances.keys()].sort((one, two) => one - two);
        this.create({ ...made, differences: kept([...largest([0, ...tracked], points).values()]) }, entry);
      }
    }

    /** Take of a batch what an event states; returns the batch before. */
    takeOf(id, stated) {
      const before = this.get(id), { mass } = stated;
      if (mass <= 0n || mass > before.mass) mismatch("what was taken of a batch");  // Rule 7
      const part = pool => take(pool, mass, before.mass);
      const masses = present([...before.substances].map(([number, mg]) => [number, part(mg)]));
      const right = POOLS.slice(1).every(pool => stated[pool] === part(before[pool])) && sameMasses(present(stated.substances), masses);
      if (!right) mismatch("what was taken of a batch");
      const after = { ...before, substances: minus(before.substances, masses) };
      for (const pool of POOLS) after[pool] -= stated[pool];
      this.put({ ...after, state: stateWith(after.mass, before.state) });
      return before;
    }

    ShipmentOffered(event) {
      const shares = sharesOf(event);
      event.batches.forEach((lot, n) => {
        if (!this.follows(lot.batch)) return;
        const batch = this.addOwn(lot.batch, shares[n][2]);
        equal(lot.mass, batch.mass, "a shipped mass");
        equal(lot.own, batch.own, "own CO2e");
        this.put({ ...batch, state: event.returnOf ? RETURNING : IN_TRANSIT });
      });
      const { by, receiver } = event;
      this.shipments.set(event.shipment, { sender: by, receiver, open: event.batches.map(each => each.batch) });
    }

    addOwn(id, emissions) {
      const batch = this.get(id);
      return { ...batch, own: batch.own + total(emissions), primary: batch.primary + emissions[3] };
    }

    closed(event, answered) {
      const shipment = this.shipment(event.shipment);
      if (!answered.every(each => shipment.open.includes(each))) mismatch("the answer to a shipment");
      shipment.open = shipment.open.filter(each => !answered.includes(each));
    }

    ShipmentReceived(event, within) {
      const arrived = event.batches.filter(each => this.follows(each.batch));
      if (!arrived.length) return;
      this.closed(event, event.batches.map(each => each.batch));
      for (const lot of arrived) {
        const before = this.get(lot.batch), after = { ...arrivedAs(before, lot), custodian: event.by, state: ACTIVE };
        const changed = lot.difference === LOSS || !sameMasses(before.substances, after.substances);
        const entry = receiptEntry({ shipment: event.shipment, before, after, changed, within });
        this.arrive(used(after), entry, { kind: event.shipment, before, after, changed });
      }
    }

    arrive(batch, entry, arrival) {
      if (!this.arrivals.has(batch.id)) this.arrivals.set(batch.id, []);
      this.arrivals.get(batch.id).push(arrival);
      this.put({ ...batch, trail: trailOf(entry, batch.trail) });
    }

    /** Take back by what a batch's custodian came by it: a shipment's id, or "taken back". */
    leave(id, kind) {
      const arrival = this.arrivals.get(id)?.pop();
      return arrival?.kind === kind ? arrival : mismatch("that a receipt or take-back is reversed");
    }

    giveBack(event) {
      const followed = this.followed(event.batches);
      if (!followed.length) return;
      this.closed(event, event.batches);
      for (const each of followed) this.change(each, { state: ACTIVE });
    }

    ShipmentRejected(event) {
      this.giveBack(event);
    }

    ShipmentCancelled(event) {
      this.giveBack(event);
    }

    ReceiptReversed(event) {
      const followed = this.followed(event.batches);
      for (const each of followed) {
        const { before, changed } = this.leave(each, event.shipment), batch = this.get(each), returning = before.state === RETURNING;
        this.put({
          ...unused(batch), state: returning ? RETURNING : IN_TRANSIT, custodian: before.custodian, mass: before.mass,
          substances: changed && before.tracked.length ? before.substances : batch.substances,
          differences: differencesOf(differencesWord(before.differences), 1 + batch.tracked.length), heldByCustodian: false,
          frozenByMaker: batch.frozenByMaker && returning, trail: before.trail,
        });
      }
      if (followed.length) this.shipment(event.shipment).open.push(...event.batches);
    }

    EmissionsAdded(event) {
      if (!this.follows(event.batch)) return;
      const batch = this.addOwn(event.batch, event.emissions);
      equal(event.own, batch.own, "own CO2e");
      this.put(batch);
    }

    BatchRetired(event) {
      this.change(event.batch, { state: event.how === 2 ? DELIVERED : RETIRED });
    }

    RetirementReversed(event) {
      this.change(event.batch, { state: ACTIVE });
    }

    BatchTakenBack(event, { parent }) {
      if (!this.follows(event.batch)) return;
      const batch = this.get(event.batch);
      for (const pool of POOLS) equal(event[pool], batch[pool], "what was taken back");
      const back = { ...used(batch), custodian: event.by, state: ACTIVE, own: 0n, inherited: 0n, primary: 0n, takenBack: true };
      const words = [back.uses, event.facility, event.material, event.at, ...POOLS.map(pool => event[pool])].map(word);
      this.arrive(back, digits(batch.custodian) + words.join("") + parent.slice(2), { kind: "taken back", before: batch });
    }

    TakeBackReversed(event) {
      if (!this.follows(event.batch)) return;
      const { before } = this.leave(event.batch, "taken back"), batch = unused(this.get(event.batch));
      for (const pool of POOLS.slice(1)) batch[pool] += before[pool];
      const { custodian, trail } = before;
      this.put({ ...batch, state: DELIVERED, custodian, takenBack: false, heldByCustodian: false, trail });
    }

    BatchRemeasured(event) {
      if (!this.follows(event.batch)) return;
      const batch = this.get(event.batch), tracked = [...new Set([...batch.tracked, ...event.substances.keys()])];
      tracked.sort((one, two) => one - two);
      this.put(used(measured({ ...batch, tracked }, event.mass, event.substances, event.byAuditor)));
    }

    StockAssigned(event) {
      if (!this.follows(event.batch)) return;
      this.put({ ...used(this.get(event.batch)), custodian: event.custodian, heldByCustodian: false, frozenByMaker: false });
    }

    ErrorDeclared(event) {
      this.change(event.batch, event.byAuditor ? { errorByAuditor: true } : { disputed: true, frozenByMaker: event.freezes });
    }

    ErrorReversed(event) {
      this.change(event.batch, event.byAuditor ? { errorByAuditor: false } : { disputed: false, frozenByMaker: false });
    }

    held(event, held) {
      if (event.kind === 0) this.change(event.batch, { heldByCustodian: held });
      if (event.kind === 1) this.change(event.batch, { heldByAuditor: held });
    }

    BatchHeld(event) {
      this.held(event, true);
    }

    BatchReleased(event) {
      this.held(event, false);
    }

    MintReversed(event) {
      if (this.follows(event.batch)) this.put(emptied(this.get(event.batch)));
    }

    SplitReversed(event) {
      if (this.follows(event.batch)) {
        const child = this.get(event.batch), given = event.putBack;
        const all = POOLS.every(pool => given[pool] === child[pool]) && sameMasses(present(given.substances), child.substances);
        if (!all || given.batch !== child.id) mismatch("what a split gave back");
        this.put(emptied(child));
      }
      if (this.follows(event.parent)) this.put(unused(putBack(this.get(event.parent), event.putBack)));
    }

    TransformationReversed(event) {
      for (const each of this.followed(event.outputs)) this.put(emptied(this.get(each)));
      for (const each of event.inputs) if (this.follows(each.batch)) this.put(putBack(this.get(each.batch), each));
      for (const each of this.followed(event.inputs.map(taken => taken.batch))) this.put(unused(this.get(each)));
    }
  }

  /** A batch as it was sent, once it arrived (Rule 3). */
  const arrivedAs = (batch, { mass, difference, substances }) => {
    const least = sum([...batch.substances.values()]) - BigInt(batch.tracked.length);
    if (difference === MEASUREMENT) return measured(batch, mass, substances, false);
    if (difference === MOISTURE) return mass >= 1n && mass >= least && mass <= batch.mass ? { ...batch, mass } : mismatch("an arrival");
    if (difference !== LOSS) return equal(mass, batch.mass, "an arrival") && batch;
    if (mass <= 0n || mass > batch.mass) mismatch("an arrival");
    const lost = present([...batch.substances].map(([number, mg]) => [number, take(mg, batch.mass - mass, batch.mass)]));
    if (!sameMasses(present(substances), lost)) mismatch("losses on arrival");
    return { ...batch, mass, substances: minus(batch.substances, lost) };
  };

  /** Rules 4 and 6: outputs have what was taken, and what the process emitted, to the milligram. */
  const checkOutputs = event => {
    const shares = sharesOf(event), over = event.outputs.map(each => each.weight);
    const inherited = allocate(sum(event.inputs.map(each => each.own + each.inherited)), over);
    const primary = allocate(sum(event.inputs.map(each => each.primary)), over);
    event.outputs.forEach((made, n) => {
      const own = shares[n][2];
      equal(made.own, total(own), "own CO2e");
      equal(made.inherited, inherited[n], "inherited CO2e");
      equal(made.primary, primary[n] + own[3], "primary CO2e");
    });
    const taken = added(...event.inputs.map(each => each.substances));
    if (!sameMasses(taken, added(...event.outputs.map(each => each.substances), event.losses))) mismatch("what became of a substance");
  };

  // The contracts' storage.
  const mapped = (slot, key) => BigInt(keccakOf(word(key) + word(slot)));
  const arrayed = (slot, place) => BigInt(keccakOf(word(slot))) + BigInt(place);

  /** Reads the state under a state root that is final (T1), through the nodes of a file. */
  class State {
    constructor(nodes, root) {
      Object.assign(this, { nodes, root });
    }

    storageRoot({ name, address, codeHash }) {
      const value = this.nodes.get(this.root, keccakOf(address.slice(2))) ?? refused(`there is no ${name} at its trusted address`);
      let fields;
      try {
        fields = rlp(value);
      } catch {
        fields = value;
      }
      const sound = !isBytes(fields) && fields.length === 4 && [2, 3].every(n => isBytes(fields[n]) && fields[n].length === 32);
      if (!sound) refused("an account in the state trie is malformed");
      if (hex(fields[3]) !== codeHash) refused(`the ${name} has another code than the trust root says`);
      return hex(fields[2]);
    }

    word(root, slot) {
      const value = this.nodes.get(root, keccakOf(word(slot)));
      if (value === null) return 0n;  // T2
      let found;
      try {
        found = rlp(value);
      } catch {
        found = null;
      }
      return found && isBytes(found) && found.length && found.length <= 32 ? number(found) : refused("a word in a storage trie is malformed");
    }

    /** V4: a replayed batch is what the ledger has, in every bit of its words (T3). */
    requireBatch(ledger, batch, tolerance) {
      const first = mapped(1, batch.id), state = this.word(ledger, first);
      if (!state) refused(`batch 0x${word(batch.id)} is not on the ledger at the stated block`);
      const count = Number(state >> 219n & 15n), places = [1, ...Array.from({ length: Math.max(1, Math.ceil(count / 3)) }, (_, n) => 2 + n)];
      if (state >> 230n & 1n) places.push(7);
      if (state >> 228n & 1n) places.push(8);
      const words = new Map([[0, state], ...places.map(place => [place, this.word(ledger, first + BigInt(place))])]);
      for (const [what, place, from, bits, value] of partsOf(batch, tolerance)) {
        if (BigInt.asUintN(bits, (words.get(place) ?? 0n) >> BigInt(from)) !== BigInt(value)) {
          refused(`batch 0x${word(batch.id)}: the events give other than the proved state (${what}); one is missing from the file`);
        }
      }
    }
  }
  const FLAGS = ["disputed", "errorByAuditor", "frozenByMaker", "heldByCustodian", "heldByAuditor", "waste", "takenBack"];
  const partsOf = (batch, tolerance) => [
    ...POOLS.map((pool, n) => [pool, 0, 54 * n, 54, batch[pool]]), ["status", 0, 216, 3, batch.state],
    ["number of substances", 0, 219, 4, batch.tracked.length], ["marks", 0, 223, 7, FLAGS.reduce((bits, name, n) => bits | batch[name] << n, 0)],
    ...(batch.differences.length ? [["mark of differences", 0, 230, 1, 1]] : []), ["uses", 0, 231, 5, batch.uses],
    ["number of events", 0, 236, 20, batch.events], ["custodian", 1, 0, 160, batch.custodian], ["trail", 1, 160, 96, batch.trail],
    ...listed(batch).map(([number, mg], n) => ["substances", 2 + Math.floor(n / 3), 70 * (n % 3), 70, BigInt(number) << 54n | mg]),
    ["material", 2, 216, 40, batch.material], ...(tolerance ? [["used tolerance", 7, 0, 256, differencesWord(batch.differences)]] : []),
    ...(batch.waste ? [["where it arose", 8, 0, 256, batch.arose]] : []),
  ];

  Object.assign(P, {
    STATES, ACTIVE, IN_TRANSIT, RETURNING, RETIRED, DELIVERED, REVERSED, LOSS, MEASUREMENT, sum, allocate, stateWith, sharesOf, usedAfter,
    largest, Replay, State, mapped, arrayed,
  });
})(globalThis.TraceLedgerProof ??= {});
