// Checks the vectors beside it with nothing of Liaison's own code: Node's crypto, and the
// age-encryption package for what is sealed. It prints a line for each vector, and ends
// with an exit code other than 0 if one is not what it says.

import { readFileSync } from "node:fs";
import { createHash, createPublicKey, timingSafeEqual, verify, webcrypto, X509Certificate } from "node:crypto";

globalThis.crypto ??= webcrypto; // which older versions of Node keep to themselves
const { Decrypter } = await import("age-encryption");

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
const bytes = (base64) => Buffer.from(base64 ?? "", "base64");
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const same = (a, b) => a.length === b.length && timingSafeEqual(a, b);

let wrong = 0;
function report(kind, name, ok, detail = "") {
  if (!ok) wrong++;
  console.log(`${ok ? "ok   " : "WRONG"} ${kind}: ${name}${detail ? `: ${detail}` : ""}`);
}

// --- Envelopes: DSSE, with X.509 certificates -------------------------------------

const STATEMENT = "application/vnd.liaison.v1.Statement+protobuf";

function preAuthenticationEncoding(type, payload) {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

// open returns who signed an envelope, or nothing.
function open(envelope, authorities) {
  if (envelope.payload_type !== STATEMENT || envelope.signatures.length !== 1) return;
  const [{ sig, certificates }] = envelope.signatures;
  const certificate = new X509Certificate(bytes(certificates[0]));
  const key = certificate.publicKey;
  const message = preAuthenticationEncoding(envelope.payload_type, bytes(envelope.payload));
  const hash = key.asymmetricKeyType === "ed25519" ? null : "sha256";
  if (key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails.namedCurve !== "prime256v1") return;
  if (!verify(hash, message, key, bytes(sig))) return;
  if (!authorities.some((authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey))) return;
  const names = certificate.subjectAltName.split(", ").filter((name) => name.startsWith("URI:"));
  return names.length === 1 ? names[0].slice("URI:".length) : undefined;
}

const envelopes = read("envelope.json");
const authorities = envelopes.authorities.map((der) => new X509Certificate(bytes(der)));
for (const v of envelopes.vectors) {
  const signer = open(v.envelope, authorities);
  let ok = (signer !== undefined) === v.valid;
  if (v.valid) {
    const encoded = preAuthenticationEncoding(v.envelope.payload_type, bytes(v.envelope.payload));
    const request = text(fields(bytes(v.envelope.payload)), 2);
    ok &&= signer === v.signer && same(encoded, bytes(v.pae)) && request === v.statement.request;
  }
  report("envelope", v.name, ok, signer);
}

// --- What is sealed: age, and protobuf inside -------------------------------------

// fields reads a protobuf message into a list of [number, value]: enough for what has
// lengths and numbers.
function fields(message) {
  const found = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("the message ends too early");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    switch (tag & 7) {
      case 0:
        found.push([tag >> 3, varint()]);
        break;
      case 2: {
        const length = Number(varint());
        found.push([tag >> 3, Buffer.from(message.subarray(at, at + length))]);
        at += length;
        break;
      }
      default:
        throw new Error(`a field of type ${tag & 7}`);
    }
  }
  return found;
}

function only(message, number) {
  return message.find(([n]) => n === number)?.[1];
}

function text(message, number) {
  return only(message, number)?.toString("utf8");
}

for (const v of read("sealed.json").vectors) {
  let selector;
  let ok;
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(v.identity);
    const content = Buffer.from(await decrypter.decrypt(new Uint8Array(bytes(v.sealed))));
    const answer = fields(only(fields(content), 1)); // SealedAnswer.answer
    selector = text(fields(only(answer, 2)), 1); // Answer.findings, Finding.selector_id
    ok = v.valid && same(content, bytes(v.content)) && selector === v.selector_id;
  } catch {
    ok = !v.valid;
  }
  report("sealed", v.name, ok, selector && `selector ${selector}`);
}

// --- Bodies and their parts ----------------------------------------------------------

const KINDS = ["", "BODY_PART_KIND_SELECTORS", "BODY_PART_KIND_TEXT", "BODY_PART_KIND_AUTHORITY", "BODY_PART_KIND_PLATFORM"];
const DIGESTS = { Event: 18, Statement: 6 }; // the field that has the digests: 1 kind, 2 sha256

// look goes through a body, or through the part of a kind, along its outline, and returns
// what is wrong; places are the messages that it goes through, and found counts fields of
// parts.
function look(message, outline, kind, state, place = "") {
  const seen = new Set();
  for (const [number, value] of fields(message)) {
    const once = outline.oneofs?.find((of) => of.includes(number))?.[0] ?? number;
    if (!outline.repeated?.includes(number)) {
      if (seen.has(once)) return "twice";
      seen.add(once);
    }
    const owner = outline.parts?.[number];
    const below = outline.below?.[number];
    if (owner && kind === undefined) return "uncovered";
    if (owner && owner === kind) state.found++;
    else if (below) {
      const at = `${place}.${number}`;
      state.places.add(at);
      const wrong = look(value, below, kind, state, at);
      if (wrong) return wrong;
    } else if (kind !== undefined) return "foreign";
  }
}

// join returns what is wrong with a body and its parts, and which parts are withheld.
function join(v, outline) {
  const body = { found: 0, places: new Set() };
  const wrong = look(bytes(v.body), outline, undefined, body);
  if (wrong) return { wrong };
  const digests = fields(bytes(v.body))
    .filter(([number]) => number === DIGESTS[v.message])
    .map(([, digest]) => fields(digest))
    .map((digest) => ({ kind: Number(only(digest, 1) ?? 0), sha256: only(digest, 2) ?? Buffer.alloc(0) }));
  const rising = (kinds) => kinds.every((kind, i) => kind > (i ? kinds[i - 1] : 0) && kind < KINDS.length);
  const parts = v.parts ?? [];
  if (!rising(digests.map((d) => d.kind))) return { wrong: "order" };
  const kinds = parts.map((p) => KINDS.indexOf(p.kind));
  for (const [i, p] of parts.entries()) {
    if (!rising(kinds.slice(0, i + 1))) return { wrong: "order" };
    const digest = digests.find((d) => d.kind === kinds[i]);
    if (!digest) return { wrong: "unnamed" };
    if (bytes(p.salt).length !== 32) return { wrong: "salt" };
    if (!same(sha256(bytes(p.salt), bytes(p.content)), digest.sha256)) return { wrong: "digest" };
    const own = { found: 0, places: new Set() };
    const foreign = look(bytes(p.content), outline, p.kind, own);
    if (foreign) return { wrong: foreign };
    if (own.found === 0) return { wrong: "empty" };
    if ([...own.places].some((place) => !body.places.has(place))) return { wrong: "place" };
  }
  return { withheld: digests.map((d) => KINDS[d.kind]).filter((kind) => !parts.some((p) => p.kind === kind)) };
}

const bodies = read("part.json");
for (const v of bodies.vectors) {
  const { wrong: fault, withheld } = join(v, bodies.outlines[v.message]);
  const ok = v.valid ? fault === undefined && `${withheld}` === `${v.withheld ?? []}` : fault === v.error;
  report("part", v.name, ok, fault);
}

// --- Leaves -----------------------------------------------------------------------

const NUMBER = "(0|[1-9][0-9]*)";
const BEGIN = "[1-9][0-9]*\\n\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z\\n"; // number and time
const LEAF = new RegExp(
  `^liaison event v1\\n${BEGIN}requests/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\n[a-z_]{1,64}\\nspiffe://[!-~]+\\n` +
    `${NUMBER}\\n${NUMBER}\\n${NUMBER}\\n([0-9a-f]{64})\\n$`,
);

const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

for (const v of read("leaf.json").vectors) {
  const digest = LEAF.exec(v.leaf)?.at(-1);
  const holds = digest !== undefined && (!v.body || sha256(bytes(v.salt), bytes(v.body)).toString("hex") === digest);
  let ok = holds === v.valid;
  if (v.valid) ok &&= digest === v.digest && same(leafHash(Buffer.from(v.leaf)), bytes(v.hash));
  report("leaf", v.name, ok);
}

// --- Leaves of the directory, and the genesis ----------------------------------------

const SPIFFE = "(spiffe://([^/\\n]+)/[!-~]+)";
const DIRECTORY_LEAF = new RegExp(
  `^liaison directory v1\\n${BEGIN}(hub|(authorities|platforms|oversight|countries|law)/[a-z][a-z0-9-]{0,62})\\n[a-z_]{1,64}\\n` +
    `${SPIFFE}\\n(-|${SPIFFE})\\n[1-9][0-9]*\\n([0-9a-f]{64})\\n(-|[0-9a-f]{64})\\n$`,
);

// directoryLeaf returns the trust domain of who acted, and both digests, or nothing.
function directoryLeaf(leaf) {
  const found = DIRECTORY_LEAF.exec(leaf);
  if (!found || found[3] === found[5]) return;
  return { trustDomain: found[4], publicDigest: found[8], restrictedDigest: found[9] };
}

const directory = read("directory.json");
for (const v of directory.leaves) {
  const ok = (directoryLeaf(v.leaf) !== undefined) === v.valid && (!v.valid || same(leafHash(Buffer.from(v.leaf)), bytes(v.hash)));
  report("directory", v.name, ok);
}

for (const v of directory.genesis) {
  const leaf = directoryLeaf(v.leaf);
  const genesis = fields(bytes(v.public)); // Genesis: 1 ledger, 2 hub_key, 3 trust_domain, 8 predecessor
  const [name, key, trustDomain] = [1, 2, 3].map((n) => text(genesis, n));
  const lines = v.leaf.split("\n");
  const holds =
    leaf !== undefined && lines[1] === "1" && lines[3] === "hub" && lines[4] === "genesis" && lines[6] === "-" && lines[7] === "1" &&
    sha256(bytes(v.public_salt), bytes(v.public)).toString("hex") === leaf.publicDigest && leaf.restrictedDigest === "-" &&
    /^[a-z0-9._-]{1,240}\/[1-9][0-9]{0,8}$/.test(name) && key.startsWith(`${name}+`) && trustDomain === leaf.trustDomain;
  const fingerprint = sha256(Buffer.from(`liaison genesis v1\n${key}\n${v.leaf}`)).toString("hex");
  report("genesis", v.name, holds === v.valid && (!v.valid || fingerprint === v.fingerprint), v.valid && fingerprint);
}

// --- The tree: RFC 6962 -----------------------------------------------------------

const ledger = read("ledger.json");
const leaves = ledger.leaf_hashes.map(bytes);

// largest returns the largest power of two below n.
const largest = (n) => 2 ** Math.floor(Math.log2(n - 1));

function root(hashes) {
  if (hashes.length === 1) return hashes[0];
  const k = largest(hashes.length);
  return nodeHash(root(hashes.slice(0, k)), root(hashes.slice(k)));
}

// included follows an audit path from the leaf of an index up to the root.
function included(index, size, leaf, proof) {
  const climb = (i, n, path) => {
    if (n === 1) return path.length === 0 ? leaf : undefined;
    const sibling = path.at(-1);
    if (!sibling) return undefined;
    const k = largest(n);
    const below = i < k ? climb(i, k, path.slice(0, -1)) : climb(i - k, n - k, path.slice(0, -1));
    return below && (i < k ? nodeHash(below, sibling) : nodeHash(sibling, below));
  };
  return climb(index, size, proof);
}

// grown returns the roots of both trees as a consistency proof makes them.
function grown(from, to, proof, old) {
  const climb = (m, n, path, whole) => {
    if (m === n) {
      if (whole) return path.length === 0 ? [old, old] : undefined;
      return path.length === 1 ? [path[0], path[0]] : undefined;
    }
    const sibling = path.at(-1);
    if (!sibling) return undefined;
    const k = largest(n);
    if (m <= k) {
      const below = climb(m, k, path.slice(0, -1), whole);
      return below && [below[0], nodeHash(below[1], sibling)];
    }
    const below = climb(m - k, n - k, path.slice(0, -1), false);
    return below && [nodeHash(sibling, below[0]), nodeHash(sibling, below[1])];
  };
  return climb(from, to, proof, true);
}

for (const v of ledger.inclusion) {
  const made = included(v.from - 1, v.to, leaves[v.from - 1], v.proof.map(bytes));
  const holds = made !== undefined && same(made, root(leaves.slice(0, v.to)));
  report("inclusion", `${v.name}, ${v.from} in ${v.to}`, holds === v.valid);
}

for (const v of ledger.consistency) {
  const old = root(leaves.slice(0, v.from));
  const made = grown(v.from, v.to, v.proof.map(bytes), old);
  const holds = made !== undefined && same(made[0], old) && same(made[1], root(leaves.slice(0, v.to)));
  report("consistency", `${v.name}, ${v.from} to ${v.to}`, holds === v.valid);
}

// --- Checkpoints: C2SP signed notes, and cosignatures ------------------------------

const ED25519_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

// verifierKey reads "name+hash+key".
function verifierKey(line) {
  const [name, id, ...rest] = line.split("+");
  const raw = bytes(rest.join("+"));
  const key = createPublicKey({ key: Buffer.concat([ED25519_PREFIX, raw.subarray(1)]), format: "der", type: "spki" });
  const expected = sha256(`${name}\n`, raw).subarray(0, 4);
  if (expected.toString("hex") !== id) throw new Error("the key's hash is another's");
  return { name, id: expected, type: raw[0], key };
}

// signed says whether a note carries a good signature of a key.
function signed(note, { name, id, type, key }) {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) return false;
  const body = note.slice(0, cut + 1);
  return note
    .slice(cut + 2)
    .split("\n")
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => bytes(line.split(" ")[2]))
    .filter((signature) => same(signature.subarray(0, 4), id))
    .some((signature) => {
      if (type !== 4) return verify(null, Buffer.from(body), key, signature.subarray(4));
      const time = signature.readBigUInt64BE(4); // cosignature/v1
      return verify(null, Buffer.from(`cosignature/v1\ntime ${time}\n${body}`), key, signature.subarray(12));
    });
}

const hub = verifierKey(ledger.hub_key);
const witness = verifierKey(ledger.witness_key);
for (const v of ledger.checkpoints) {
  const [origin, size, hash] = v.note.split("\n");
  const n = Number(size);
  const holds =
    origin === hub.name && signed(v.note, hub) && n >= 1 && n <= leaves.length && same(bytes(hash), root(leaves.slice(0, n)));
  const cosigned = signed(v.note, witness);
  report("checkpoint", `${v.name}, ${size} events`, holds === v.valid && cosigned === v.witnessed);
}

if (wrong > 0) {
  console.log(`${wrong} vectors are not what they say`);
  process.exitCode = 1;
}
