/** One envelope: first pass, header, sealing in two workers, upload, resume. */
import { makeHeader, payloadKey } from "../age/header.ts";
import { partSealed } from "../age/stream.ts";
import { type Bytes, type Json, concat, equal, random, sha256Hex, toHex } from "../bytes.ts";
import { forget, load, save, unwrap, wrap } from "../store.ts";
import { createUpload, removeUpload, sendPart, UploadError, uploadOffset } from "../upload.ts";
import { SealWorker } from "./pool.ts";
import type { Prepared } from "./work.ts";

const AHEAD = 3; // parts computed beyond the one being sent: at most 32 MiB

export interface EnvelopeJob {
  /** Place in the browser's store: consultation, kind and lot. */
  readonly id: string;
  readonly kind: string;
  readonly lot: string | null;
  readonly recipient: string;
  readonly files: readonly File[];
  /** Every key of the manifest but `files` and `salt`. */
  readonly manifest: { readonly [key: string]: Json };
  readonly limit: number;
  readonly uploadsUrl: string;
  readonly workerUrl: string | URL;
  readonly signal: AbortSignal;
  readonly progress: (state: { step: "read" | "send"; done: number; total: number; resumed: boolean }) => void;
  readonly retrying: (seconds: number) => void;
}

export interface SealedEnvelope {
  readonly kind: string;
  readonly lot: string | null;
  /** UUID. */
  readonly upload: string;
  readonly size: number;
  readonly sha256: string;
  readonly commitment: string;
  readonly manifest: Bytes;
}

/** Kept between two visits. `digests` fix the plaintext that this key and nonce may cover. */
interface Kept {
  readonly recipient: string;
  readonly prefix: Bytes;
  readonly wrappedKey: Bytes;
  readonly digests: readonly Bytes[];
  readonly salt: string;
  readonly mtime: number;
  readonly names: readonly string[];
  readonly limit: number;
  readonly location: string;
}

/** What a visitor is told when a started upload waits: names to choose again. */
export async function keptNames(id: string): Promise<readonly string[] | null> {
  return (await load<Kept>("uploads", id))?.names ?? null;
}

export async function dropKept(id: string): Promise<void> {
  const kept = await load<Kept>("uploads", id);
  if (!kept) return;
  await forget("uploads", id);
  await removeUpload(kept.location);
}

/** The upload's UUID, last in its address. */
export function uploadId(location: string): string {
  const id = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/?$/.exec(location)?.[1];
  if (!id) throw new Error("no UUID in the upload's address");
  return id;
}

const sameSet = (names: readonly string[], files: readonly File[]): boolean =>
  names.length === files.length && names.every((name) => files.some((file) => file.name === name));

const sameDigests = (a: readonly Bytes[], b: readonly Bytes[]): boolean =>
  a.length === b.length && a.every((digest, i) => equal(digest, b[i] as Bytes));

async function firstPass(job: EnvelopeJob, worker: SealWorker, files: readonly File[], kept: Pick<Kept, "salt" | "mtime" | "limit">): Promise<Prepared> {
  const input = {
    files: files.map((file) => ({ name: file.name.normalize("NFC"), size: file.size })),
    mtime: kept.mtime,
    manifest: { ...job.manifest, salt: kept.salt },
    limit: kept.limit,
  };
  const total = files.reduce((sum, file) => sum + file.size, 0);
  return worker.ask<"prepare">({ do: "prepare", files, input }, {
    progress: (done) => job.progress({ step: "read", done: Math.min(done, total), total, resumed: false }),
  });
}

interface Start {
  readonly kept: Kept;
  readonly prepared: Prepared;
  readonly files: readonly File[];
  readonly resumed: boolean;
}

/** Resumes only when the very same plaintext comes back; anything else gets a new file key and a new upload. */
async function resume(job: EnvelopeJob, worker: SealWorker): Promise<Start | null> {
  const kept = await load<Kept>("uploads", job.id);
  if (!kept) return null;
  if (kept.recipient === job.recipient && sameSet(kept.names, job.files)) {
    const files = kept.names.map((name) => job.files.find((file) => file.name === name) as File);
    const prepared = await firstPass(job, worker, files, kept);
    if (sameDigests(prepared.digests, kept.digests)) return { kept, prepared, files, resumed: true };
  }
  await dropKept(job.id);
  return null;
}

async function begin(job: EnvelopeJob, worker: SealWorker): Promise<Start> {
  const fresh = { salt: toHex(random(32)), mtime: Math.floor(Date.now() / 1000), limit: job.limit };
  const prepared = await firstPass(job, worker, job.files, fresh);
  const { header, fileKey } = await makeHeader(job.recipient);
  const nonce = random(16);
  const location = await createUpload(job.uploadsUrl, prepared.cut.sealedSize, { kind: job.kind, lot: job.lot ?? "" }, job);
  const kept: Kept = {
    ...fresh,
    recipient: job.recipient,
    prefix: concat(header, nonce),
    wrappedKey: await wrap(payloadKey(fileKey, nonce)),
    digests: prepared.digests,
    names: job.files.map((file) => file.name),
    location,
  };
  await save("uploads", job.id, kept);
  return { kept, prepared, files: job.files, resumed: false };
}

async function sendAll(job: EnvelopeJob, start: Start, sealers: readonly SealWorker[], hasher: SealWorker): Promise<string> {
  const { cut } = start.prepared;
  const { location } = start.kept;
  let offset = start.resumed ? await uploadOffset(location, job) : 0;
  const tell = (done: number): void => job.progress({ step: "send", done, total: cut.sealedSize, resumed: start.resumed });
  tell(offset);
  const coming: Promise<Bytes>[] = [];
  const order = (index: number): void => {
    if (index >= cut.parts) return;
    const part = (sealers[index % sealers.length] as SealWorker).ask<"part">({ do: "part", index });
    part.catch(() => undefined); // reported where it is awaited
    coming.push(part);
  };
  for (let index = 0; index < AHEAD; index++) order(index);
  let hashed: Promise<null> = Promise.resolve(null);
  for (let index = 0; index < cut.parts; index++) {
    const bytes = await (coming.shift() as Promise<Bytes>);
    order(index + AHEAD);
    const place = partSealed(cut, index);
    if (bytes.length !== place.end - place.start) throw new Error("part of a wrong size");
    if (offset < place.end) offset = await sendPart(location, bytes, place.start, offset, tell, job);
    await hashed;
    // Handed over, not copied, once it has left: the page holds no part twice. It is hashed while the next one leaves.
    hashed = hasher.ask<"hash">({ do: "hash", bytes }, { transfer: [bytes.buffer] });
    hashed.catch(() => undefined); // reported where it is awaited
  }
  await hashed;
  return hasher.ask<"digest">({ do: "digest" });
}

async function sealWith(job: EnvelopeJob, workers: readonly SealWorker[]): Promise<SealedEnvelope> {
  const [first, second, hasher] = workers as [SealWorker, SealWorker, SealWorker];
  const start = (await resume(job, first)) ?? (await begin(job, first));
  const { prepared, kept } = start;
  const input = { tar: prepared.tar, cut: prepared.cut, digests: kept.digests, key: await unwrap(kept.wrappedKey), prefix: kept.prefix };
  await Promise.all([first, second].map((worker) => worker.ask<"load">({ do: "load", files: start.files, input })));
  const sha256 = await sendAll(job, start, [first, second], hasher);
  return {
    kind: job.kind,
    lot: job.lot,
    upload: uploadId(kept.location),
    size: prepared.cut.sealedSize,
    sha256,
    commitment: await sha256Hex(prepared.manifest),
    manifest: prepared.manifest,
  };
}

/** Seals and uploads. When the server has lost the upload, begins again once with a new key. */
export async function sealEnvelope(job: EnvelopeJob): Promise<SealedEnvelope> {
  const workers = [0, 1, 2].map(() => new SealWorker(job.workerUrl));
  try {
    return await sealWith(job, workers);
  } catch (error) {
    if (!(error instanceof UploadError) || error.kind !== "gone") throw error;
    await forget("uploads", job.id);
    workers.forEach((worker) => worker.end());
    workers.splice(0, 3, ...[0, 1, 2].map(() => new SealWorker(job.workerUrl)));
    return await sealWith(job, workers);
  } finally {
    workers.forEach((worker) => worker.end());
  }
}
