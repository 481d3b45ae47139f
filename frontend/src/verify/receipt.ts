/** Every check of a receipt that needs nothing but the receipt and the company's own files. */
import { sha256 as incremental } from "@noble/hashes/sha2.js";
import { canonical, concat, equal, fromBase64, type Json, sha256, sha256Hex, toHex, utf8 } from "../bytes.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { checkpointSigned, leafHash, parseCheckpoint, rootFrom } from "./merkle.ts";
import { readTimestamp } from "./timestamp.ts";

/** `absent`: the receipt does not carry the proof (provisional), which is no fault. */
export type Outcome = "good" | "bad" | "absent" | "info";

export type CheckName = "form" | "signature" | "platform-key" | "time" | "document" | "file" | "file-unknown" | "fact" | "inclusion" | "checkpoint" | "timestamp" | "documents";

export interface Result {
  readonly check: CheckName;
  readonly outcome: Outcome;
  readonly detail: string;
}

interface Envelope { kind: string; lot: string | null; size: number; sha256: string; commitment: string }
interface Manifest { siret: string; consultation: string; kind: string; lot: string | null; files: { name: string; size: number; sha256: string }[] }

export interface Receipt {
  readonly receipt: {
    readonly v: 1; platform: string; number: number; submission: string; received_at: string; deadline: string; on_time: boolean;
    depositor: { name: string; siret: string }; buyer: { name: string; siret: string };
    consultation: { id: string; reference: string; title: string }; envelopes: Envelope[];
  };
  readonly signature: { public_key: string; ed25519: string };
  readonly fact: { data: { [key: string]: Json }; salt: string };
  readonly proof: null | { leaf: { [key: string]: Json }; index: number; size: number; hashes: string[]; checkpoint: string };
  readonly timestamp: null | { token: string; authority: string; qualified: boolean };
  readonly documents?: Manifest[];
}

const json = (value: unknown): Json => value as Json;
const good = (check: CheckName, ok: boolean, detail = ""): Result => ({ check, outcome: ok ? "good" : "bad", detail });

export function parseReceipt(text: string): Receipt | null {
  try {
    const value = JSON.parse(text) as Receipt;
    const { receipt, signature, fact } = value;
    const whole = receipt.v === 1 && Array.isArray(receipt.envelopes) && typeof signature.ed25519 === "string" && typeof fact.salt === "string";
    return whole ? value : null;
  } catch {
    return null;
  }
}

/** Microseconds count, and Date keeps milliseconds only: the two texts are compared with their fractions. */
export function onTime(received: string, deadline: string): boolean {
  const parts = (iso: string): [number, string] => {
    const match = /^(.*?)(?:\.(\d+))?Z$/.exec(iso);
    if (!match) return [NaN, ""];
    return [Date.parse(`${match[1]}Z`), (match[2] ?? "").padEnd(9, "0")];
  };
  const [a, fa] = parts(received);
  const [b, fb] = parts(deadline);
  return a < b || (a === b && fa <= fb);
}

async function signatureChecks(file: Receipt, platformKey: string | null): Promise<Result[]> {
  const message = concat(utf8("parvis-receipt-v1\n"), canonical(json(file.receipt)));
  const valid = await verifyEd25519(fromBase64(file.signature.public_key), fromBase64(file.signature.ed25519), message);
  const results = [good("signature", valid)];
  const print = await sha256Hex(fromBase64(file.signature.public_key));
  if (platformKey) results.push(good("platform-key", platformKey === file.signature.public_key, print));
  else results.push({ check: "platform-key", outcome: "info", detail: print });
  return results;
}

async function documentChecks(file: Receipt): Promise<Result[]> {
  const documents = file.documents ?? [];
  if (!documents.length) return [{ check: "documents", outcome: "absent", detail: "" }];
  const left = [...file.receipt.envelopes];
  const results: Result[] = [];
  for (const document of documents) {
    const commitment = await sha256Hex(canonical(json(document)));
    const own = document.siret === file.receipt.depositor.siret && document.consultation === file.receipt.consultation.id;
    const at = left.findIndex((envelope) => own && envelope.commitment === commitment && envelope.kind === document.kind && envelope.lot === document.lot);
    if (at >= 0) left.splice(at, 1);
    results.push(good("document", at >= 0, `${document.kind}${document.lot ? ` ${document.lot}` : ""}`));
  }
  if (results.some((result) => result.outcome === "bad")) return results;
  for (const envelope of left) results.push({ check: "document", outcome: "absent", detail: `${envelope.kind}${envelope.lot ? ` ${envelope.lot}` : ""}` });
  return results;
}

async function registerChecks(file: Receipt): Promise<Result[]> {
  const { fact, proof, receipt, signature } = file;
  const bound = fact.data["receipt"] === (await sha256Hex(canonical(json(receipt))));
  const commitment = toHex(await sha256(concat(fromBase64(fact.salt), canonical(fact.data))));
  if (!proof) return [good("fact", bound), { check: "inclusion", outcome: "absent", detail: "" }];
  const checkpoint = parseCheckpoint(proof.checkpoint);
  const root = await rootFrom(await leafHash(canonical(proof.leaf)), proof.index, proof.size, proof.hashes.map((hash) => fromBase64(hash)));
  const included = checkpoint !== null && root !== null && checkpoint.size === proof.size && equal(checkpoint.root, root);
  const signed = checkpoint !== null && checkpoint.origin === receipt.platform && (await checkpointSigned(checkpoint, fromBase64(signature.public_key)));
  return [good("fact", bound && proof.leaf["commitment"] === commitment), good("inclusion", included, String(proof.index)), good("checkpoint", signed)];
}

async function timestampCheck(file: Receipt): Promise<Result> {
  if (!file.timestamp) return { check: "timestamp", outcome: "absent", detail: "" };
  const info = readTimestamp(fromBase64(file.timestamp.token));
  const imprint = await sha256(canonical(json(file.receipt)));
  return good("timestamp", info !== null && info.granted && equal(info.imprint, imprint), info?.time ?? "");
}

async function guarded(check: CheckName, run: () => Promise<Result[]>): Promise<Result[]> {
  try {
    return await run();
  } catch {
    return [{ check, outcome: "bad", detail: "" }];
  }
}

/** `platformKey`: base64 of the key that the platform publishes, null when this page does not know it. */
export async function checkReceipt(file: Receipt, platformKey: string | null): Promise<Result[]> {
  const { received_at, deadline, on_time } = file.receipt;
  return [
    ...(await guarded("signature", () => signatureChecks(file, platformKey))),
    good("time", onTime(received_at, deadline) === on_time),
    ...(await guarded("document", () => documentChecks(file))),
    ...(await guarded("inclusion", () => registerChecks(file))),
    ...(await guarded("timestamp", async () => [await timestampCheck(file)])),
  ];
}

const SLICE = 4 * 1024 * 1024;

async function hashFile(file: File): Promise<string> {
  const hasher = incremental.create();
  for (let at = 0; at < file.size; at += SLICE) hasher.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
  return toHex(hasher.digest());
}

/** Compares the company's files, by content: a renamed file is still the deposited one. */
export async function checkFiles(receipt: Receipt, files: readonly File[]): Promise<Result[]> {
  const listed = (receipt.documents ?? []).flatMap((document) => document.files);
  const results: Result[] = [];
  for (const file of files) {
    const hash = await hashFile(file);
    const named = listed.find((item) => item.name === file.name.normalize("NFC"));
    if (listed.some((item) => item.sha256 === hash)) results.push(good("file", true, file.name));
    else results.push(named ? good("file", false, file.name) : { check: "file-unknown", outcome: "info", detail: file.name });
  }
  return results;
}
