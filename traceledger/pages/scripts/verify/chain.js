// Headers, who made them final, and Merkle-Patricia tries. Rules in brackets are those of docs/proof-format.md.
"use strict";
(P => {
  const { malformed, refused, hex, unhex, number, keccak, keccakOf, word, utf8, signerOf, write } = P;

  const bad = () => { throw new RangeError("not RLP"); };
  const rlp = data => {
    const found = items(data, 0, data.length, 32);
    return found.length === 1 ? found[0] : bad();
  };
  const items = (data, from, end, depth) => {
    if (!depth) bad();
    const found = [];
    for (let at = from; at < end;) {
      const first = data[at];
      let start = at + 1, stop = start;
      if (first < 0x80) start = at;
      else if (first < 0xb8) stop += first - 0x80;
      else if (first >= 0xc0 && first < 0xf8) stop += first - 0xc0;
      else {
        start += first - (first < 0xc0 ? 0xb7 : 0xf7);
        if (start > end || data[at + 1] === 0) bad();
        let length = 0;
        for (let n = at + 1; n < start; n++) length = length * 256 + data[n];
        if (length < 56) bad();
        stop = start + length;
      }
      if (stop > end || (first === 0x81 && data[start] < 0x80)) bad();
      found.push(first < 0xc0 ? data.subarray(start, stop) : items(data, start, stop, depth - 1));
      at = stop;
    }
    return found;
  };
  const isBytes = item => item instanceof Uint8Array;
  const encoded = item => {
    if (isBytes(item) && item.length === 1 && item[0] < 0x80) return item;
    const body = isBytes(item) ? item : concatenated(item.map(encoded));
    const kind = isBytes(item) ? 0x80 : 0xc0, size = body.length;
    if (size < 56) return concatenated([Uint8Array.of(kind + size), body]);
    const digits = size.toString(16), length = unhex("0x" + digits.padStart(digits.length + digits.length % 2, "0"));
    return concatenated([Uint8Array.of(kind + 55 + length.length), length, body]);
  };
  const concatenated = parts => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  /** Trie nodes by their hashes (Yellow Paper, appendix D); every one must be needed. */
  class Nodes {
    known = new Map();
    used = new Map();

    add(nodes) {
      for (const node of nodes) {
        const digest = keccak(node);
        if (this.known.has(digest)) refused("a trie node stands in the file twice");
        this.known.set(digest, node);
      }
    }

    requireAllUsed() {
      if (this.used.size !== this.known.size) refused("the file holds trie nodes that prove nothing");
    }

    /** The value at a key (hexadecimal) in the trie of a root; null where it has none. */
    get(root, key) {
      let path = key.slice(2), node = root === EMPTY ? new Uint8Array() : unhex(root);
      for (;;) {
        if (isBytes(node)) {
          if (!node.length) return null;
          node = this.resolve(hex(node));
        }
        if (node.length === 17) {
          if (!path) return valued(node[16]);
          [node, path] = [node[parseInt(path[0], 16)], path.slice(1)];
          continue;
        }
        const [segment, leaf] = segmented(node[0]);
        if (leaf) return segment === path ? valued(node[1]) : null;
        if (!segment) broken();
        if (!path.startsWith(segment)) return null;
        [node, path] = [node[1], path.slice(segment.length)];
      }
    }

    resolve(digest) {
      let found = this.used.get(digest);
      if (!found) {
        const data = this.known.get(digest) ?? refused(`the trie node ${digest} is missing`);  // R8
        try {
          found = rlp(data);
        } catch {
          broken();
        }
        checked(found);
        this.used.set(digest, found);
      }
      return found;
    }
  }
  const EMPTY = keccak(Uint8Array.of(0x80));
  const broken = () => refused("a trie has a malformed node");
  const checked = node => {
    if (isBytes(node) || (node.length !== 17 && node.length !== 2)) broken();
    const branch = node.length === 17;
    for (const child of branch ? node.slice(0, 16) : node.slice(1)) {
      if (!isBytes(child)) checked(child);
      else if (branch && child.length !== 0 && child.length !== 32) broken();
    }
    if (!branch && !segmented(node[0])[1] && isBytes(node[1]) && node[1].length !== 32) broken();
  };
  const segmented = path => {
    if (!isBytes(path) || !path.length || path[0] >= 0x40) broken();
    const flag = path[0] >> 4, digits = hex(path);
    if (!(flag & 1) && path[0] & 15) broken();
    return [digits.slice(flag & 1 ? 3 : 4), flag >= 2];
  };
  const valued = item => isBytes(item) ? (item.length ? item : null) : broken();

  /** A block header from its RLP (R4); QBFT hashes it with round zero and without seals (S3). */
  const headerOf = (data, kind) => {
    let fields;
    try {
      fields = rlp(data);
    } catch {
      malformed("a block header is not RLP");
    }
    if (isBytes(fields) || fields.length < 15 || fields.length > 30 || !fields.every(isBytes)) malformed("not a block header");
    for (const [place, size] of [[0, 32], [2, 20], [3, 32], [5, 32]]) {
      if (fields[place].length !== size) malformed("not a block header: a field has another size");
    }
    const numbers = [fields[8], fields[11]].map(field =>
      field.length > 8 || field[0] === 0 ? malformed("not a block header: a number is malformed") : number(field));
    const header = {
      fields, number: numbers[0], time: numbers[1], parent: hex(fields[0]), beneficiary: hex(fields[2]), stateRoot: hex(fields[3]),
      receiptsRoot: hex(fields[5]), extra: fields[12],
    };
    if (kind === "qbft") {
      header.qbft = qbftOf(fields[12]);
      header.hash = keccak(withExtra(fields, qbftExtra(header.qbft, new Uint8Array())));
    } else {
      header.hash = keccak(data);
    }
    return header;
  };
  const withExtra = (fields, extra) => encoded([...fields.slice(0, 12), extra, ...fields.slice(13)]);
  const qbftOf = extra => {
    let parts;
    try {
      parts = rlp(extra);
    } catch {
      malformed("the extra data of a QBFT header is not RLP");
    }
    const flat = item => !isBytes(item) && item.every(isBytes);
    const sound = !isBytes(parts) && parts.length === 5 && isBytes(parts[0]) && isBytes(parts[3]) && flat(parts[1]) && flat(parts[4]);
    return sound ? parts : malformed("not the extra data of a QBFT header");  // S4
  };
  const qbftExtra = (parts, round) => encoded([parts[0], parts[1], parts[2], round, []]);

  const sealerOf = header => {
    if (header.sealer === undefined) {
      const { extra, fields } = header, cut = extra.length - 65;
      header.sealer = cut < 32 ? null : signerOf(unhex(keccak(withExtra(fields, extra.subarray(0, cut)))), extra.subarray(cut));
    }
    return header.sealer;
  };

  /** How headers become final by their seals under a trust root; `shortfall` says why one is not, or "". */
  const sealingOf = trusted => {
    const at = header => trusted.validators.find(
      each => each.first <= header.number && (each.last === null || header.number <= each.last),
    )?.addresses ?? new Set();
    const nobody = "the trust root names nobody who may seal it";
    const kinds = {
      authority: {
        followers: 0,
        shortfall(header) {  // S1
          const may = at(header);
          if (!may.size) return nobody;
          return may.has(header.beneficiary) && sealerOf(header) === header.beneficiary ? "" : "its seal is not the authority's";
        },
      },
      qbft: {
        followers: 0,
        shortfall(header) {  // S3, S4: of the seals the first 2n; S5: of the trust root's validators
          const may = at(header), parts = header.qbft, needed = Math.ceil(2 * may.size / 3);
          if (!may.size) return nobody;
          if (!header.seals) {
            const digest = unhex(keccak(withExtra(header.fields, qbftExtra(parts, parts[3]))));
            header.seals = new Set(parts[4].slice(0, 2 * may.size).map(seal => signerOf(digest, seal)));
          }
          const count = [...header.seals].filter(each => may.has(each)).length;
          return count < needed ? `${count} of ${may.size} validators sealed it, ${needed} are needed` : "";
        },
      },
      clique: {
        followers: Math.floor(Math.max(0, ...trusted.validators.map(each => each.addresses.size)) / 2) + 1,
        shortfall(header, following) {  // S2
          const may = at(header), needed = Math.floor(may.size / 2) + 1;
          if (!may.size) return nobody;
          const found = new Set(following.filter(each => may.has(sealerOf(each)) && at(each).has(sealerOf(each))).map(sealerOf));
          return found.size < needed ? `${found.size} of ${may.size} signers built on it, ${needed} are needed` : "";
        },
      },
      none: { followers: 0, shortfall: () => nobody },
    };
    const sealing = kinds[trusted.sealing];
    // F7: whether nobody who may seal the header did, which is known before what follows is read.
    const stranger = trusted.sealing === "clique"
      ? header => !at(header).has(sealerOf(header))
      : header => sealing.shortfall(header, []) !== "";
    return { ...sealing, foreign: header => at(header).size > 0 && stranger(header) };
  };

  /** Takes headers in order and requires that those that matter are final (F1 to F7). */
  class HeaderChain {
    last = [];
    length = 0;
    pin = null;
    signed = [];
    needed = null;
    finality = { blocks: 0, sealed: 0, witnessed: 0, pinned: 0, witnesses: 0 };

    constructor(trusted, checkpoints) {
      this.sealing = sealingOf(trusted);
      this.pinned = new Map([[0n, trusted.genesisHash], ...trusted.pinned]);
      this.threshold = trusted.witnesses?.threshold ?? 0;
      this.witnessed = witnessedOf(trusted, checkpoints);
      this.onlySeals = !this.witnessed.size && !trusted.pinned.some(([block]) => block);
    }

    add(header) {
      const before = this.last.at(-1);
      if (before) {  // R5
        if (header.number <= before.number) refused(`block ${header.number} stands after block ${before.number}`);
        if (header.number > before.number + 1n) this.close();
        else if (header.parent !== before.hash) refused(`block ${header.number} does not follow block ${before.number}`);
      }
      this.last.push(header);
      if (this.last.length > this.sealing.followers + 1) this.last.shift();
      this.length++;
      this.lookUp(header);
    }

    /** The newest header must turn out to be final. */
    need(block) {
      if (this.needed === block) return;
      this.needed = block;
      if (this.onlySeals && this.pin === null && this.sealing.foreign(this.last.at(-1))) this.notFinal();  // F7
    }

    close() {
      if (!this.last.length) return;
      const [final, how] = this.newestFinal(), newest = this.last.at(-1).number;
      const count = BigInt(this.length) - (newest - final);
      if (this.needed !== null && this.needed > final) this.notFinal();
      if (count <= 0n) refused(`block ${newest} is not final, and nothing is proved by it`);  // F6
      this.finality.blocks += Number(count);  // F4
      this.finality[how]++;
      Object.assign(this, { last: [], length: 0, pin: null, signed: [], needed: null });
    }

    lookUp(header) {
      const pinned = this.pinned.get(header.number);  // F1
      if (pinned !== undefined) {
        if (pinned !== header.hash) refused(`block ${header.number} is not the one that the trust root pins`);
        this.pin = header.number;
      }
      for (const [hash, witnesses] of this.witnessed.get(header.number) ?? []) {  // F2
        if (hash === header.hash) this.signed.push([header.number, witnesses]);
        else if (witnesses.size >= this.threshold) refused(`block ${header.number} is not the one that ${witnesses.size} witnesses saw`);
      }
    }

    /** The newest header of the run that is trusted by its hash, and why. */
    trusted() {
      const found = this.pin === null ? null : [this.pin, "pinned"], together = new Set();
      for (const [block, witnesses] of this.signed.toReversed()) {
        witnesses.forEach(each => together.add(each));
        if (together.size >= this.threshold) {
          this.finality.witnesses = Math.max(this.finality.witnesses, together.size);
          return found && found[0] > block ? found : [block, "witnessed"];
        }
      }
      return found;
    }

    newestFinal() {
      const trusted = this.trusted();
      for (let place = this.last.length - 1; place >= 0; place--) {  // F3, F5
        const header = this.last[place];
        if (trusted && trusted[0] >= header.number) break;
        if (!this.sealing.shortfall(header, this.last.slice(place + 1))) return [header.number, "sealed"];
      }
      return trusted ?? [this.last.at(-1).number - BigInt(this.length), "sealed"];
    }

    notFinal() {
      const place = Math.max(0, this.last.findIndex(each => each.number === this.needed));
      refused(`block ${this.needed} is not final: ${this.sealing.shortfall(this.last[place], this.last.slice(place + 1))}`);
    }
  }

  const textHash = text => keccak(utf8(text)).slice(2);
  const typed = (domain, struct) => unhex(keccakOf("1901" + keccakOf(domain).slice(2) + keccakOf(struct).slice(2)));
  const CHECKPOINT = textHash("EIP712Domain(string name,string version,uint256 chainId,bytes32 salt)")
    + textHash("TraceLedger Checkpoint") + textHash("2");
  /** What the witnesses of the trust root signed: by block number and hash, their addresses (R3). */
  const witnessedOf = (trusted, checkpoints) => {
    const found = new Map();
    for (const each of trusted.witnesses ? checkpoints : []) {
      if (each.chain_id !== trusted.chainId) continue;
      const domain = CHECKPOINT + word(trusted.chainId) + trusted.genesisHash.slice(2);
      const struct = textHash("Checkpoint(uint256 number,bytes32 hash)") + word(each.number) + each.hash.slice(2);
      const witness = signerOf(typed(domain, struct), each.signature), block = BigInt(each.number);
      if (!trusted.witnesses.addresses.has(witness)) continue;
      if (!found.has(block)) found.set(block, new Map());
      const hashes = found.get(block);
      if (!hashes.has(each.hash)) hashes.set(each.hash, new Set());
      hashes.get(each.hash).add(witness);
    }
    return found;
  };

  /** A trust root from its JSON, which the page brings along: who built the page has checked it (B1 to B3). */
  const trustRootOf = document => {
    if (document.format !== "traceledger-trust-root" || document.version !== 2) refused("the page's trust root is none");
    const contracts = Object.fromEntries(["ledger", "registry", "handling", "corrections", "assurance"].map(name => {
      const { address, code_hash } = document.contracts[name];
      unhex(address, 20), unhex(code_hash, 32);
      return [name, { name, address, codeHash: code_hash }];
    }));
    const several = parties => parties && { threshold: parties.threshold, addresses: new Set(parties.addresses) };
    if (!["authority", "clique", "qbft", "none"].includes(document.sealing.kind)) refused("the trust root names no way of sealing");
    return {
      ...contracts, chainId: BigInt(document.chain_id), genesisHash: hex(unhex(document.genesis_hash, 32)),
      sealing: document.sealing.kind, identity: keccak(utf8(write(document))),  // B4
      validators: document.sealing.validators.map(({ first, last, addresses }) =>
        ({ first: BigInt(first), last: last === null ? null : BigInt(last), addresses: new Set(addresses) })),
      witnesses: several(document.witnesses), pinned: document.pinned.map(each => [BigInt(each.number), each.hash]),
      expires: document.expires === null ? null : Date.parse(document.expires) / 1000,
    };
  };

  Object.assign(P, { rlp, isBytes, Nodes, headerOf, HeaderChain, trustRootOf });
})(globalThis.TraceLedgerProof ??= {});
