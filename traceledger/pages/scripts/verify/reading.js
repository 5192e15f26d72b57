// Bytes, canonical JSON and the records of a proof file. Rules in brackets are those of docs/proof-format.md.
"use strict";
(P => {
  // E6: malformed is the file's fault; refused is what does not hold.
  class Malformed extends Error {}
  class Refused extends Error {}
  const malformed = what => { throw new Malformed(what); };
  const refused = what => { throw new Refused(what); };
  const { keccak_256, sha256, secp256k1 } = P.noble;

  const LIMITS = {  // L1, L2, L3; files smaller than the command line takes, as a browser holds what it reads
    file: 2 ** 26, plain: 2 ** 29, ratio: 64, free: 2 ** 22, line: 2 ** 23, containers: 200_000, signs: 1_500_000,
    levels: 200, header: 65_536, node: 2 ** 20, checkpoints: 1_000,
  };

  const DIGITS = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));
  const NIBBLE = new Int8Array(128).fill(-1);
  [..."0123456789abcdef"].forEach((digit, n) => { NIBBLE[digit.charCodeAt(0)] = n; });
  const hex = bytes => {
    let text = "0x";
    for (const each of bytes) text += DIGITS[each];
    return text;
  };
  /** The bytes of `0x` and lower-case digits (E5). */
  const unhex = (text, size) => {
    const count = typeof text === "string" && text.startsWith("0x") ? (text.length - 2) / 2 : 0.5;
    if (!Number.isInteger(count) || (size !== undefined && count !== size)) malformed("not hexadecimal bytes of the right size");
    const bytes = new Uint8Array(count);
    for (let n = 0; n < count; n++) {
      const high = NIBBLE[text.charCodeAt(2 * n + 2)] ?? -1, low = NIBBLE[text.charCodeAt(2 * n + 3)] ?? -1;
      if (high < 0 || low < 0) malformed("not hexadecimal bytes");
      bytes[n] = high * 16 + low;
    }
    return bytes;
  };
  const number = bytes => bytes.length ? BigInt(hex(bytes)) : 0n;
  const word = value => BigInt.asUintN(256, BigInt(value)).toString(16).padStart(64, "0");
  const keccak = bytes => hex(keccak_256(bytes));
  /** Keccak-256 of hexadecimal digits without `0x`. */
  const keccakOf = digits => keccak(unhex("0x" + digits));
  const utf8 = text => new TextEncoder().encode(text);

  const weight = unit => unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
  /** The order of code points, which is that of UTF-8 bytes. */
  const byText = (one, two) => {
    const end = Math.min(one.length, two.length);
    for (let n = 0; n < end; n++) {
      const a = one.charCodeAt(n), b = two.charCodeAt(n);
      if (a !== b) return weight(a) - weight(b);
    }
    return one.length - two.length;
  };

  /** The 20-byte address whose key signed 32 bytes; null if that is no signature (E7). */
  const signerOf = (digest, signature) => {
    if (signature.length !== 65) return null;
    const recovery = signature[64] === 27 || signature[64] === 28 ? signature[64] - 27 : signature[64];
    if (recovery > 1) return null;
    try {
      const found = secp256k1.Signature.fromCompact(signature.slice(0, 64));
      if (found.hasHighS()) return null;
      const key = found.addRecoveryBit(recovery).recoverPublicKey(digest).toRawBytes(false);
      return "0x" + keccak(key.subarray(1)).slice(26);
    } catch {
      return null;
    }
  };

  // Canonical JSON (E2): a value is written again and compared, so that a name that stands twice, a blank,
  // another order or spelling, and numbers that JavaScript would round, all show.
  const write = (value, level = 0) => {
    if (typeof value === "string") {
      if (/[\ud800-\udfff]/u.test(value)) malformed("half a character");
      return JSON.stringify(value);
    }
    if (level >= LIMITS.levels && value !== null && typeof value === "object") malformed("it nests too deeply");
    if (Array.isArray(value)) return `[${value.map(each => write(each, level + 1)).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const names = Object.keys(value).sort(byText);
    return `{${names.map(name => `${write(name)}:${write(value[name], level + 1)}`).join(",")}}`;
  };
  const requireModest = line => {
    if (line.length <= LIMITS.containers) return;
    let containers = 0, signs = 0;
    for (const each of line) {
      if (each === 0x5b || each === 0x7b) containers++;
      else if (each === 0x2c || each === 0x22) signs++;
    }
    if (containers > LIMITS.containers || signs > LIMITS.signs) malformed("a line holds too many values");
  };
  const parse = line => {
    requireModest(line);
    let text, value;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
      value = JSON.parse(text);
    } catch {
      malformed("a line is not JSON");
    }
    if (write(value) !== text) malformed("a line is not canonical JSON");
    return value;
  };

  const natural = value => Number.isSafeInteger(value) && value >= 0 ? value : malformed("not a whole number");  // E4
  const decimal = value =>
    typeof value === "string" && /^(0|[1-9][0-9]{0,77})$/.test(value) ? BigInt(value) : malformed("not a decimal number");
  const sized = size => value => hex(unhex(value, size));
  const bytes = value => unhex(value);
  const listOf = read => value => Array.isArray(value) ? value.map(each => read(each)) : malformed("not a list");
  const nodes = value => {
    const found = listOf(bytes)(value);
    if (!found.length) malformed("a record without trie nodes");
    found.forEach((node, n) => {
      if (node.length < 32) malformed("a trie node is too small to stand alone");
      if (n && value[n - 1] >= value[n]) malformed("trie nodes are out of order");
    });
    return found;
  };
  const version = value => natural(value) === 2 ? 2 : malformed("a version of the format that is not known");
  const plain = value => {  // E3, E4
    if (Array.isArray(value)) value.forEach(plain);
    else if (value !== null && typeof value === "object") {
      for (const name of Object.keys(value)) {
        if (/[^\0-\x7f]/.test(name)) malformed("a field's name is not ASCII");
        plain(value[name]);
      }
    } else if (typeof value !== "string" && typeof value !== "boolean") natural(value);
    return value;
  };
  const claimed = value =>
    value !== null && typeof value === "object" && !Array.isArray(value) ? plain(value) : malformed("claims are an object");

  const KINDS = [
    "participant_name", "facility", "facility_name", "batch", "shipment", "transformation", "emissions_record", "evidence",
  ];
  const opening = value => {  // R14
    const found = fieldsOf(value, { kind: x => x, owner: sized(20), salt: sized(32), text: x => x });
    const { kind, text } = found;
    const clean = typeof text === "string" && text !== "" && !/(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/u.test(text);
    if (!KINDS.includes(kind) || !clean || utf8(text).length > 4096) malformed("a disclosure is malformed");
    if (kind === "evidence" && !/^[0-9a-f]{64} .+$/u.test(text)) malformed("a disclosed document is malformed");
    return found;
  };

  /** The fields of an object that has exactly these, each read by its function (E3). */
  const fieldsOf = (value, readers) => {
    const names = Object.keys(readers);
    const own = value !== null && typeof value === "object" && !Array.isArray(value) ? Object.keys(value) : [];
    if (own.length !== names.length || !names.every(name => Object.hasOwn(value, name))) malformed("it has the wrong fields");
    return Object.fromEntries(names.map(name => [name, readers[name](value[name])]));
  };
  const type = value => value;
  const RECORDS = new Map(Object.entries({
    "traceledger-proof": {
      type, version, chain_id: decimal, genesis_hash: sized(32), ledger: sized(20), registry: sized(20), batch: sized(32),
      block: natural, block_hash: sized(32),
    },
    checkpoint: { type, chain_id: decimal, number: natural, hash: sized(32), signature: value => unhex(value, 65) },
    header: { type, rlp: bytes },
    receipts: { type, indexes: listOf(natural), nodes },
    state: { type, nodes },
    claims: { type, values: claimed },
    disclosures: { type, openings: listOf(opening) },
    end: { type, records: natural, sha256: sized(32) },
  }));
  const recordOf = value => {
    const readers = value !== null && typeof value === "object" && RECORDS.get(value.type);
    return readers ? fieldsOf(value, readers) : malformed("not a record of a proof file");
  };

  /** The lines of a gzip stream, as they come; `file` is a Blob. */
  async function* linesOf(file, progress) {
    if (file.size > LIMITS.file) malformed(`the file is larger than ${LIMITS.file} bytes; the command line reads larger ones`);
    let stored = 0, size = 0, rest = [], held = 0;
    const counted = new TransformStream({
      transform(chunk, to) {
        stored += chunk.length;
        to.enqueue(chunk);
      },
    });
    // E1: DecompressionStream refuses what follows the one member (Compression Standard, section 3).
    const reader = file.stream().pipeThrough(counted).pipeThrough(new DecompressionStream("gzip")).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch(() => malformed("not one whole gzip stream"));
        if (done) break;
        size += value.length;
        if (size > LIMITS.plain || size > LIMITS.free + LIMITS.ratio * file.size) malformed("it decompresses to too much");
        let from = 0;
        for (let to = value.indexOf(10); to >= 0; to = value.indexOf(10, from)) {
          const line = joined([...rest, value.subarray(from, to)], held + to - from);
          [rest, held, from] = [[], 0, to + 1];
          yield line;
        }
        if (from < value.length) rest.push(value.slice(from));
        held += value.length - from;
        if (held > LIMITS.line) malformed("a line is too long");
        progress(stored / file.size);
      }
      if (held) malformed("the last line is incomplete");
    } finally {
      reader.cancel().catch(() => {});
    }
  }
  const joined = (parts, size) => {
    if (size > LIMITS.line) malformed("a line is too long");
    if (parts.length === 1) return parts[0];
    const whole = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  /** The records in order; the last one is the end record, whose count and digest are right (R16). */
  async function* records(file, progress) {
    const digest = sha256.create(), feed = Uint8Array.of(10);
    let count = 0, end = null;
    for await (const line of linesOf(file, progress)) {
      if (end) malformed("something follows the end record");
      const record = recordOf(parse(line));
      if (record.type === "end") {
        if (record.records !== count || record.sha256 !== hex(digest.digest())) malformed("the end record does not fit");
        end = record;
      } else {
        digest.update(line).update(feed);
        count++;
        yield record;
      }
    }
    yield end ?? malformed("the file ends too early");
  }

  Object.assign(P, {
    Malformed, Refused, malformed, refused, LIMITS, hex, unhex, number, word, keccak, keccakOf, utf8, byText, signerOf, write,
    records,
  });
})(globalThis.TraceLedgerProof ??= {});
