// The lineage of a batch from the events of a file, and what they say of it (V1, V2, V6, V7).
"use strict";
(P => {
  const { refused, word, stateWith } = P;
  const { ACTIVE, IN_TRANSIT, RETURNING, RETIRED, DELIVERED, REVERSED, LOSS, MEASUREMENT } = P;
  const idText = id => `0x${word(id)}`;
  const EMITTING = new Set(["BatchMinted", "Transformed", "ShipmentOffered", "EmissionsAdded"]);
  const REVERSING = new Set([
    "MintReversed", "SplitReversed", "TransformationReversed", "ReceiptReversed", "RetirementReversed", "TakeBackReversed", "ErrorReversed",
  ]);

  /** The events of a file. A recorded event is { n, block, time, parent, event }; `n` is its place in chain order. */
  class Source {
    events = [];
    histories = new Map();
    participants = new Map();
    facilities = new Map();
    materials = new Map();
    naming = new Map();
    registrations = [];

    add(event, header) {
      const recorded = { n: this.events.length, block: header.number, time: header.time, parent: header.parent, event };
      this.events.push(recorded);
      for (const batch of new Set(event.concerns.map(([each]) => each))) {
        if (!this.histories.has(batch)) this.histories.set(batch, []);
        this.histories.get(batch).push(recorded);
      }
    }

    /** V7: the last name and country count, and all identifiers; the registry counts the same events. */
    register(event) {
      const { type, facility, participant } = event;
      const once = (known, key, value) => known.has(key) ? refused("something was registered twice") : known.set(key, value);
      const whose = facility ? this.facilities.get(facility) : this.participants.get(participant);
      let subject = participant;
      if (type === "ParticipantRegistered") once(this.participants, participant, { ...event, address: participant, identifiers: [] });
      else if (type === "FacilityRegistered") once(this.facilities, subject = facility, { ...event, id: facility });
      else if (type === "MaterialDefined") once(this.materials, subject = event.material, event);
      else if (type === "ParticipantRenamed") {
        if (whose) whose.name = event.name;
      } else if (type === "CountryChanged") {
        subject = facility || participant;
        if (whose) whose.country = event.country;
      } else if (type === "Identified") {
        subject = facility || participant;
        if (whose && !facility) whose.identifiers.push(...event.identifiers);
      } else return;
      this.registrations.push(event);
      this.naming.set(subject, (this.naming.get(subject) ?? 0) + 1);
    }

    history(batch, takes) {
      const took = ({ event }) => event.concerns.some(([each, role]) => each === batch && role === "taken");
      return (this.histories.get(batch) ?? []).filter(each => takes || !took(each));
    }

    slug(address) {
      return this.participants.get(address)?.slug ?? address;
    }

    full(address, identifier) {
      return `${this.slug(address)}/${identifier}`;
    }

    facility(id) {
      const site = this.facilities.get(id);
      return site ? this.full(site.participant, site.identifier) : idText(id);
    }
  }

  /** A batch of a lineage: how it was made, and what happened to it later. */
  const nodeOf = (batch, history, source) => {
    const seq = history.length ? history[0].event.makes.findLastIndex(each => each.batch === batch) : -1;
    if (seq < 0) refused(`the event that made batch ${idText(batch)} is missing`);
    const made = history[0].event.makes[seq], node = { ...made, at: history[0], seq, later: history.slice(1), parents: [...made.taken.keys()] };
    node.name = source.full(node.creator, node.identifier);
    node.takeBack = null;
    const errors = new Set();
    for (const each of node.later) {
      const { type, byAuditor } = each.event;
      if (type === "BatchTakenBack") node.takeBack = each;
      else if (type === "TakeBackReversed") node.takeBack = null;
      else if (type === "ErrorDeclared") errors.add(byAuditor);
      else if (type === "ErrorReversed") errors.delete(byAuditor);
    }
    node.inError = errors.size > 0;
    return node;
  };

  const measures = ({ type, batches }) =>
    type === "BatchRemeasured" || (type === "ShipmentReceived" && batches.some(each => each.difference === MEASUREMENT));
  const tellsParts = ({ type, emissions }) => EMITTING.has(type) && emissions.slice(4).some(each => each);
  const ASK = new Set(["SplitReversed", "TransformationReversed", "TakeBackReversed", "EmissionsRestated", "RestatementConfirmed"]);
  const asksTakes = event => ASK.has(event.type) || measures(event) || tellsParts(event);

  const merged = (...maps) => new Map(maps.flatMap(each => [...each]));

  /** Everything that the asked batch was made of, level by level (V1). */
  const lineageOf = (source, asked) => {
    const all = source.history(asked, true);
    if (!all.length) refused(`the event that made batch ${idText(asked)} is missing`);
    const reversedBy = all.find(({ event: { type, batch, outputs } }) =>
      ((type === "MintReversed" || type === "SplitReversed") && batch === asked) ||
      (type === "TransformationReversed" && outputs.includes(asked))) ?? null;
    const read = (batches, takes = true) => new Map(batches.map(each =>
      [each, nodeOf(each, source.history(each, takes).filter(item => !reversedBy || item.n < reversedBy.n), source)]));
    let nodes = read([asked]);
    const take = (into, found) => found.forEach((node, batch) => into.set(batch, node));
    const oldest = new Map(), followed = new Set();
    let waiting = [asked];
    while (waiting.length) {
      const unread = [];
      while (waiting.length) {
        const each = waiting.pop(), node = nodes.get(each);
        const passes = each === asked || !node.takeBack || oldest.get(each) < node.takeBack.n;
        if (followed.has(each) || !passes) continue;
        followed.add(each);
        for (const parent of node.parents) {
          oldest.set(parent, Math.min(node.at.n, oldest.get(parent) ?? node.at.n));
          (nodes.has(parent) ? waiting : unread).push(parent);
        }
      }
      waiting = [...new Set(unread)];
      take(nodes, read(waiting, false));
    }
    if ([...nodes.values()].some(node => [node.at, ...node.later].some(each => asksTakes(each.event)))) {
      take(nodes, read([...nodes.keys()].filter(each => each !== asked)));
    }
    const beyond = (known, next) => {
      const found = new Map();
      let fresh = [...nodes.values()];
      while (fresh.length) {
        const wanted = [...new Set(fresh.flatMap(next))].filter(each => !nodes.has(each) && !known.has(each) && !found.has(each));
        const more = read(wanted);
        take(found, more);
        fresh = [...more.values()];
      }
      return found;
    };
    const returned = beyond(new Map(), node => node.later.flatMap(({ event }) =>
      event.type === "SplitReversed" && event.parent === node.batch ? [event.batch] : []));
    const divided = beyond(returned, node => node.at.event.type === "BatchSplit" ? node.parents : []);
    nodes = new Map([...nodes].sort(([, one], [, two]) => one.at.n - two.at.n || one.seq - two.seq));
    for (const node of nodes.values()) {
      if (node.parents.some(each => nodes.get(each)?.at.n >= node.at.n)) refused("a batch was made before its parent");
    }
    return finished({ asked, nodes, returned, divided, reversedBy, told: merged(nodes, returned) });
  };

  const BELONGS_NEVER = new Set(["BatchMinted", "BatchSplit", "Transformed", "SplitReversed", "TransformationReversed", "MintReversed"]);
  const BELONGS_ALWAYS = new Set(["ErrorDeclared", "ErrorReversed", "EmissionsRestated", "RestatementConfirmed"]);
  const distinct = recorded => [...new Set(recorded)].sort((one, two) => one.n - two.n);
  const finished = found => {
    const last = new Map();
    for (const node of found.nodes.values()) node.parents.forEach(each => last.set(each, node.at.n));
    const events = [...found.nodes.values()].flatMap(node => [node.at, ...node.later.filter(({ n, event: { type } }) =>
      node.batch === found.asked || BELONGS_ALWAYS.has(type) || (!BELONGS_NEVER.has(type) && n < last.get(node.batch)))]);
    return {
      ...found, events: distinct(events), recorded: distinct([...found.told.values()].flatMap(node => [node.at, ...node.later])),
      stops: [...found.nodes.values()].some(node => node.parents.some(each => !found.nodes.has(each))),
    };
  };

  const MAY_END = { BatchMinted: "mint", BatchSplit: "split", Transformed: "run", BatchRetired: "retirement", BatchTakenBack: "take-back" };
  const partsOf = ({ type, ...event }) => {
    if (type === "BatchSplit") return event.children.map(each => `split ${each.taken.batch}`);
    if (type === "ShipmentReceived") return event.batches.map(each => `receipt ${event.shipment} ${each.batch}`);
    if (type === "ErrorDeclared") return [`error ${event.batch} ${event.byAuditor}`];
    return MAY_END[type] ? [`${MAY_END[type]} ${event.batch ?? event.transformation}`] : [];
  };
  const partsReversed = ({ type, ...event }) => ({
    MintReversed: () => [`mint ${event.batch}`],
    SplitReversed: () => [`split ${event.batch}`],
    TransformationReversed: () => [`run ${event.transformation}`],
    ReceiptReversed: () => event.batches.map(each => `receipt ${event.shipment} ${each}`),
    RetirementReversed: () => [`retirement ${event.batch}`],
    TakeBackReversed: () => [`take-back ${event.batch}`],
    ErrorReversed: () => [`error ${event.batch} ${event.byAuditor}`],
  })[type]();
  /** How many operations were reversed, and which events count for nothing therefore. */
  const undoneAmong = events => {
    const done = new Map(), left = new Map(), undone = new Set();
    let operations = 0;
    for (const { n, event } of events) {
      for (const part of partsOf(event)) {
        done.set(part, n);
        left.set(n, (left.get(n) ?? new Set()).add(part));
      }
      if (!REVERSING.has(event.type)) continue;
      operations++;
      undone.add(n);
      for (const part of partsReversed(event)) {
        const at = done.get(part);
        done.delete(part);
        if (at !== undefined && left.get(at).delete(part) && !left.get(at).size) undone.add(at);
      }
    }
    return { operations, events: undone.size };
  };

  /** Custody of a batch after an event: { state, custodian, before } (Rule 3, Rule 8). */
  const custodyAfter = ({ type, ...event }, batch, custody) => {
    if (type === "ShipmentOffered") return { ...custody, state: event.returnOf ? RETURNING : IN_TRANSIT };
    if (type === "ShipmentReceived" || type === "BatchTakenBack") return { state: ACTIVE, custodian: event.by, before: custody };
    if (["ShipmentRejected", "ShipmentCancelled", "RetirementReversed"].includes(type)) return { ...custody, state: ACTIVE };
    if (type === "BatchRetired") return { ...custody, state: event.how === 2 ? DELIVERED : RETIRED };
    if (type === "StockAssigned") return { ...custody, custodian: event.custodian };
    if (type === "ReceiptReversed" || type === "TakeBackReversed") return custody.before ?? custody;
    const unmade = type === "TransformationReversed" ? event.outputs
      : type === "MintReversed" || type === "SplitReversed" ? [event.batch] : [];
    return unmade.includes(batch) ? { ...custody, state: REVERSED } : custody;
  };

  /** What left a batch at an event, or, with a sign of -1, came back. */
  const departed = ({ type, ...event }, batch) => {
    if (type === "BatchSplit") return event.parent === batch ? event.children.map(each => [each.taken, 1n]) : [];
    if (type === "SplitReversed") return event.parent === batch ? [[event.putBack, -1n]] : [];
    const sign = { Transformed: 1n, TransformationReversed: -1n }[type];
    return sign ? event.inputs.filter(each => each.batch === batch).map(each => [each, sign]) : [];
  };

  /** Who holds a batch, and what is left of it, by the events' own word. */
  const remainderOf = node => {
    let left = { custody: { state: ACTIVE, custodian: node.creator }, mass: node.mass, substances: node.substances, sent: null };
    for (const { event } of node.later) {
      const custody = custodyAfter(event, node.batch, left.custody), before = left;
      left = { ...left, custody, substances: new Map(left.substances) };
      if (event.type === "BatchRemeasured") Object.assign(left, { mass: event.mass, substances: event.substances });
      else if (event.type === "ShipmentReceived") {
        left.sent = before;
        for (const lot of event.batches.filter(each => each.batch === node.batch)) {
          left.mass = lot.mass;
          if (lot.difference === LOSS) for (const [each, mg] of left.substances) left.substances.set(each, mg - (lot.substances.get(each) ?? 0n));
          if (lot.difference === MEASUREMENT && lot.substances.size) left.substances = lot.substances;
        }
      } else if (event.type === "ReceiptReversed" && left.sent) {
        const { mass, substances, sent } = left.sent;
        Object.assign(left, { mass, substances, sent });
      } else {
        for (const [taken, sign] of departed(event, node.batch)) {
          left.mass -= sign * taken.mass;
          for (const [each, mg] of left.substances) left.substances.set(each, mg - sign * (taken.substances.get(each) ?? 0n));
        }
      }
      left.custody = { ...custody, state: stateWith(left.mass, custody.state) };
    }
    return left;
  };

  /** Who owns the asked batch; null where nothing was said (V6). */
  const ownerOf = ({ asked, nodes }) => {
    const stages = [];
    for (let node = nodes.get(asked), until = Infinity; node;) {
      stages.unshift([node, until]);
      [until, node] = [node.at.n, node.at.event.type === "BatchSplit" ? nodes.get(node.at.event.parent) : null];
    }
    let owner = null;
    for (const [node, until] of stages) {
      let custody = { state: ACTIVE, custodian: node.creator };
      for (const { event } of node.later.filter(each => each.n < until)) {
        const said = { ShipmentOffered: event.owner, TitleTransferred: event.newOwner }[event.type];
        if (said && BigInt(said) && event.by === (owner ?? custody.custodian)) owner = said;
        custody = custodyAfter(event, node.batch, custody);
      }
    }
    return owner;
  };

  /** What marks a batch after its events: disputed, frozen, held, recalled (Rules 8 and 10). */
  const marksOf = later => {
    const errors = new Set(), holds = new Set();
    let byMaker = false, returning = false;
    for (const { event: { type, byAuditor, freezes, kind, returnOf } } of later) {
      if (type === "ErrorDeclared") {
        errors.add(byAuditor);
        byMaker ||= freezes && !byAuditor;
      } else if (type === "ErrorReversed") {
        errors.delete(byAuditor);
        byMaker &&= byAuditor;
      } else if (type === "BatchHeld") holds.add(kind);
      else if (type === "BatchReleased") holds.delete(kind);
      else if (type === "ShipmentOffered") returning = returnOf !== 0n;
      else if (["StockAssigned", "TakeBackReversed", "ReceiptReversed"].includes(type)) {
        holds.delete(0);
        byMaker &&= type === "TakeBackReversed" || (type === "ReceiptReversed" && returning);
      }
    }
    return { disputed: errors.has(false), frozen: errors.has(true) || byMaker, held: holds.has(0) || holds.has(1), recalled: holds.has(2) };
  };

  Object.assign(P, {
    Source, lineageOf, undoneAmong, remainderOf, ownerOf, marksOf, measures, tellsParts, EMITTING, idText,
  });
})(globalThis.TraceLedgerProof ??= {});
