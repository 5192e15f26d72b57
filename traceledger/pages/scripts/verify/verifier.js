// Verifies a proof file about a batch under a trust root: a second implementation of docs/proof-format.md, for browsers.
"use strict";
(P => {
  const { malformed, refused, LIMITS, hex, utf8, rlp, isBytes, write, word, mapped } = P;
  const RANK = { "traceledger-proof": 0, checkpoint: 1, header: 2, receipts: 2, state: 3, claims: 4, disclosures: 5, end: 6 };
  const PRIVATE = "urn:traceledger:private:1:";
  const isPrivate = text => /^urn:traceledger:private:1:[0-9a-f]{64}$/.test(text);

  /** Lets the page breathe: a long file must not stop it. Not by a timer, which browsers hold up in the background. */
  const paused = () => new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

  /** Takes the records of one file in order, and checks each as it comes. */
  class Verification {
    checkpoints = [];
    rank = -1;
    nodes = new P.Nodes();
    stateNodes = new P.Nodes();
    source = new P.Source();
    header = null;
    stated = null;
    chain = null;
    claims = null;
    openings = [];
    index = -1;

    constructor(trusted, batch) {
      Object.assign(this, { trusted, batch });
    }

    async take(record) {
      const rank = RANK[record.type];  // R1
      if (rank < this.rank || (rank === this.rank && (rank === 0 || rank === 4)) || (this.rank < 0 && rank)) malformed("records are out of order");
      this.rank = rank;
      await TAKE[record.type](this, record);
    }

    begin(record) {
      const { trusted } = this;
      const same = record.chain_id === trusted.chainId && record.genesis_hash === trusted.genesisHash
        && record.ledger === trusted.ledger.address && record.registry === trusted.registry.address;
      if (!same) refused("the file is about another network than the trust root");  // R2
      if (record.batch !== this.batch) refused("the file is about another batch");  // V8
      if (trusted.pinned.some(([block]) => BigInt(record.block) < block)) refused("the trust root pins a later block");  // B7
      this.asked = record;
    }

    addCheckpoint(record) {
      this.checkpoints.push(record);
      if (this.checkpoints.length > LIMITS.checkpoints) malformed("too many checkpoints");  // L3
    }

    headers() {
      return this.chain ??= new P.HeaderChain(this.trusted, this.checkpoints);
    }

    addHeader(record) {
      if (record.rlp.length > LIMITS.header) malformed("a header is too large");  // L3
      const header = P.headerOf(record.rlp, this.trusted.sealing);  // E6: before what the block before it lacks
      this.endBlock();
      this.headers().add(header);
      this.header = header;
      if (header.number !== BigInt(this.asked.block)) return;
      if (header.hash !== this.asked.block_hash) refused("the stated block has another hash than the file states");  // R6
      this.stated = header;
      this.headers().need(header.number);
    }

    endBlock() {
      this.nodes.requireAllUsed();  // R9
      this.nodes = new P.Nodes();
      this.index = -1;
    }

    bounded(nodes) {
      if (nodes.some(node => node.length > LIMITS.node)) malformed("a trie node is too large");  // L3
      return nodes;
    }

    addReceipts({ indexes, nodes }) {
      if (!this.header) malformed("receipts stand before any header");
      for (const index of indexes) {  // R7
        if (index <= this.index) malformed("receipts are out of order");
        this.index = index;
      }
      if (this.header.number > BigInt(this.asked.block)) refused("a block after the stated one has receipts");  // R6
      this.headers().need(this.header.number);  // F7
      this.nodes.add(this.bounded(nodes));
      indexes.forEach(index => this.receipt(index));
    }

    /** R9, R10: the trie alone says what a receipt is, and who emitted an event that it counts. */
    receipt(index) {
      const value = this.nodes.get(this.header.receiptsRoot, keyOf(index)) ?? refused("a block has not that transaction");
      let counted = 0;
      for (const [address, topics, data] of logsOf(value)) {
        const contract = ["ledger", "registry"].find(name => hex(address) === this.trusted[name].address);
        const event = contract && P.eventOf(contract, topics, data);
        if (!event) continue;
        counted++;
        if (contract === "ledger") this.source.add(event, this.header);
        else this.source.register(event);
      }
      if (!counted) refused("a receipt holds no event of the trusted contracts");
    }

    addState({ nodes }) {
      this.stateNodes.add(this.bounded(nodes));
    }

    async conclude({ values }) {
      this.endBlock();
      if (!this.chain) malformed("the file has no headers");
      this.chain.close();
      if (!this.stated) refused("the header of the stated block is missing");  // R6
      const { claims, lineage } = await this.concluded();
      this.stateNodes.requireAllUsed();  // R12
      const wrong = [...new Set([...Object.keys(values), ...Object.keys(claims)])].sort().find(name =>
        !Object.hasOwn(values, name) || !Object.hasOwn(claims, name) || write(values[name]) !== write(claims[name]));
      if (wrong !== undefined) refused(`the claim "${wrong}" does not follow from the file's events`);  // R13, V5
      Object.assign(this, { claims, batches: lineage.nodes.size });
    }

    async concluded() {
      const { source, trusted, stated } = this, lineage = P.lineageOf(source, BigInt(this.batch));  // V1
      const state = new P.State(this.stateNodes, stated.stateRoot);
      const { ledger, registry } = Object.fromEntries(["ledger", "registry"].map(name => [name, state.storageRoot(trusted[name])]));
      state.storageRoot(trusted.handling);  // T4
      state.storageRoot(trusted.corrections);
      const assurance = state.storageRoot(trusted.assurance);
      const followed = new Set([...lineage.told.keys(), ...lineage.divided.keys()]), replay = new P.Replay(followed);
      for (const recorded of source.events) {  // V3
        replay.apply(recorded.event, recorded);
        if (recorded.n % 500 === 499) await paused();
      }
      let count = 0;
      for (const each of replay.batches.values()) {  // V4
        state.requireBatch(ledger, each, !lineage.stops);
        if (++count % 100 === 0) await paused();
      }
      const whom = P.concernedBy(lineage, source);
      const ask = root => slot => state.word(root, slot);
      const standing = P.standingsOf(ask(registry), ask(assurance), trusted.assurance.address, whom, [...lineage.nodes.keys()], stated.time);
      for (const each of whom.people) this.requireNamed(each, standing.states.get(each).events);  // V7
      for (const each of whom.facilities) this.requireNamed(each, Number(state.word(registry, mapped(8, each)) >> 192n & 0xffffffffn));
      await paused();
      return { lineage, claims: P.claimsOf(lineage, source, whom, standing) };
    }

    requireNamed(whom, counted) {
      if (counted !== (this.source.naming.get(whom) ?? 0)) refused("an event that names a company or site is missing from the file");
    }

    /** R15: each opens a commitment in the file, once. */
    disclose({ openings }) {
      if (!this.claims) malformed("disclosures stand before the claims");
      this.fields ??= fieldsOf(this.source);
      for (const opening of openings) {
        const { kind, owner, salt, text } = opening;
        const said = [utf8(`${PRIVATE}${kind}:`), P.unhex(owner), P.unhex(salt), utf8(text)];
        const digest = said.reduce((hash, part) => hash.update(part), P.noble.sha256.create()).digest();
        const commitment = PRIVATE + hex(digest).slice(2);
        const fields = this.fields.get(commitment) ?? [];
        if (!fields.some(field => field.kind === kind && (field.owner ?? owner) === owner)) refused("a disclosed text is not what the events commit to");
        if (this.openings.some(each => each.commitment === commitment)) refused("a text is disclosed twice");
        this.openings.push({ ...opening, commitment });
      }
    }

    end() {
      if (!this.claims) malformed("the file ends too early: it has no claims");
    }
  }
  const TAKE = {
    "traceledger-proof": (work, record) => work.begin(record), checkpoint: (work, record) => work.addCheckpoint(record),
    header: (work, record) => work.addHeader(record), receipts: (work, record) => work.addReceipts(record),
    state: (work, record) => work.addState(record), claims: (work, record) => work.conclude(record),
    disclosures: (work, record) => work.disclose(record), end: work => work.end(),
  };

  const keyOf = index => {
    if (!index) return "0x80";
    const digits = index.toString(16), even = digits.padStart(digits.length + digits.length % 2, "0");
    return index < 0x80 ? `0x${even}` : `0x${(0x80 + even.length / 2).toString(16)}${even}`;
  };
  const logsOf = receipt => {
    const broken = () => refused("a receipt is malformed");
    let fields;
    try {
      fields = rlp(receipt[0] < 0x80 ? receipt.subarray(1) : receipt);
    } catch {
      broken();
    }
    if (isBytes(fields) || fields.length !== 4 || isBytes(fields[3])) broken();
    const topic = item => isBytes(item) && item.length === 32;
    const sound = log => !isBytes(log) && log.length === 3 && isBytes(log[0]) && log[0].length === 20 && !isBytes(log[1])
      && log[1].length <= 4 && log[1].every(topic) && isBytes(log[2]);
    return fields[3].every(sound) ? fields[3] : broken();
  };

  /** Every commitment in the events and registrations of a file: by its text, the fields that hold it. */
  const fieldsOf = source => {
    const found = new Map();
    const note = (kind, owner, text) => isPrivate(text) && found.set(text, [...(found.get(text) ?? []), { kind, owner }]);
    for (const { event } of source.events) {
      const { type, by, identifier } = event;
      if (type === "ShipmentOffered") note("shipment", by, identifier);
      if (type === "Transformed") note("transformation", by, identifier);
      if (type === "EmissionsAdded") note("emissions_record", by, event.record);
      for (const made of event.makes) note("batch", by, made.identifier);
      for (const { uri, sha256 } of event.evidence) if (uri === PRIVATE + sha256.slice(2)) note("evidence", by ?? null, uri);
    }
    for (const { type, participant, name, identifier } of source.registrations) {
      if (type === "ParticipantRegistered" || type === "ParticipantRenamed") note("participant_name", participant, name);
      if (type !== "FacilityRegistered") continue;
      note("facility", participant, identifier);
      if (name !== identifier) note("facility_name", participant, name);
    }
    return found;
  };

  /**
   * Verify a proof file.
   * @param {Blob} file
   * @param {object} trustRoot JSON of a trust root's file, with all its fields
   * @param {{batch: string, now?: number, progress?: (part: number) => void}} asked `batch`: its id; `now`: UTC seconds
   * @returns what was proved: claims, block, time, who made it final, openings.
   *   Throws Malformed or Refused; whatever else is thrown is a file that could not be read either.
   */
  const verify = async (file, trustRoot, { batch, now = Date.now() / 1000, progress = () => {} }) => {
    const trusted = P.trustRootOf(trustRoot);
    if (trusted.expires !== null && now >= trusted.expires) refused("the trust root has expired");  // B6
    const work = new Verification(trusted, batch);
    let since = Date.now();
    for await (const record of P.records(file, progress)) {
      await work.take(record);
      if (Date.now() - since > 40) {
        await paused();
        since = Date.now();
      }
    }
    const { claims, asked, stated, chain, openings, source, batches } = work;
    return {
      claims, block: asked.block, time: Number(stated.time), finality: chain.finality, sealing: trusted.sealing, openings, batches,
      events: source.events.length, identity: trusted.identity, batch: `0x${word(batch)}`,
    };
  };

  Object.assign(P, { verify });
})(globalThis.TraceLedgerProof ??= {});
