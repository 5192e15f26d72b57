// Runs the verifier of pages on files: one request a line on stdin, one answer a line on stdout.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { crc32, inflateRawSync } from "node:zlib";

// Node's DecompressionStream takes what follows a stream, and several members, against the Compression Standard that
// browsers keep: so this one stands in its place.
const inflated = data => {
  let at = 10;
  const flags = data[3];
  if (data[0] !== 31 || data[1] !== 139 || data[2] !== 8 || flags & 0xe0) throw new TypeError("no gzip stream");
  if (flags & 4) at += 2 + data.readUInt16LE(at);
  for (const flag of [8, 16]) if (flags & flag) at = data.indexOf(0, at) + 1 || Infinity;
  if (flags & 2) at += 2;
  const { buffer, engine } = inflateRawSync(data.subarray(at), { info: true, maxOutputLength: 2 ** 28 });
  const end = at + engine.bytesWritten;
  const ends = end + 8 === data.length && data.readUInt32LE(end) === crc32(buffer) && data.readUInt32LE(end + 4) === buffer.length % 2 ** 32;
  if (!ends) throw new TypeError("not one gzip stream");
  return buffer;
};
globalThis.DecompressionStream = class {
  constructor() {
    const parts = [];
    const { readable, writable } = new TransformStream({
      transform(chunk) {
        parts.push(chunk);
      },
      flush(to) {
        const buffer = inflated(Buffer.concat(parts));
        for (let at = 0; at < buffer.length; at += 65_536) to.enqueue(new Uint8Array(buffer.subarray(at, at + 65_536)));
      },
    });
    Object.assign(this, { readable, writable });
  }
};

const [, , ...scripts] = process.argv;
for (const each of scripts) (0, eval)(readFileSync(each, "utf-8"));
const verifier = globalThis.TraceLedgerProof;

const checked = async ({ file, root, batch, now }) => {
  const found = await verifier.verify(new Blob([readFileSync(file)]), root, { batch, now });
  return { verdict: "verified", claims: verifier.write(found.claims), said: { ...found, claims: null } };
};
const finality = ({ headers, root }) => {
  const trusted = verifier.trustRootOf(root), chain = new verifier.HeaderChain(trusted, []);
  for (const each of headers) {
    const header = verifier.headerOf(Buffer.from(each, "hex"), trusted.sealing);
    chain.add(header);
    chain.need(header.number);
  }
  chain.close();
  return { verdict: "verified", said: chain.finality };
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  const since = performance.now();
  try {
    if (request.memory) answer = { bytes: process.resourceUsage().maxRSS * 1024 };
    else if (request.topics) answer = { topics: verifier.topics(request.topics) };
    else answer = request.headers ? finality(request) : await checked(request);
  } catch (error) {
    const verdict = error instanceof verifier.Malformed ? "malformed" : error instanceof verifier.Refused ? "refused" : "failed";
    answer = { verdict, what: verdict === "failed" ? error.stack : error.message };
  }
  console.log(JSON.stringify({ ...answer, ms: Math.round(performance.now() - since) }));
}
