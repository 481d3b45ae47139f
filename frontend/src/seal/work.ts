/** What the workers compute: hashes of the first pass, sealed parts of the second. No DOM, so that Node tests run it. */
import { createSHA256 } from "hash-wasm";
import { type Bytes, type Json, canonical, equal, sha256 } from "../bytes.ts";
import { type Aead, type Cut, CHUNK, cut, partPlain, sealChunks } from "../age/stream.ts";
import { type ReadFile, type TarFile, type TarPlan, planTar, readTar, tarTail, withTail } from "../tar.ts";

export const PREFIX = 184; // one X25519 header (168 bytes) and the 16-byte nonce

export interface PrepareInput {
  readonly files: readonly TarFile[];
  /** Seconds since 1970, written on every entry. */
  readonly mtime: number;
  /** Every key of the manifest but `files`. */
  readonly manifest: { readonly [key: string]: Json };
  /** Largest request, in bytes. */
  readonly limit: number;
}

export interface Prepared {
  readonly tar: TarPlan;
  readonly cut: Cut;
  readonly manifest: Bytes;
  readonly hashes: readonly string[];
  /** SHA-256 of each part's plaintext, fixed before the first byte is sealed. */
  readonly digests: readonly Bytes[];
}

/** First pass: one reading gives each file's SHA-256 and each part's digest. `progress` counts plaintext bytes. */
export async function prepare(input: PrepareInput, read: ReadFile, progress: (done: number) => void): Promise<Prepared> {
  const body = planTar(input.files, input.mtime);
  const partSize = cut(0, input.limit, PREFIX).chunksPerPart * CHUNK;
  const digests: Bytes[] = [];
  const hashes: string[] = [];
  const hasher = await createSHA256();
  let current = -1;
  const seen = (file: number, bytes: Uint8Array): void => {
    if (file !== current) {
      if (current >= 0) hashes[current] = hasher.digest("hex");
      hasher.init();
      current = file;
    }
    hasher.update(bytes);
  };
  let done = 0;
  while (done + partSize <= body.size) {
    const bytes = await readTar(body, read, done, done + partSize, seen);
    digests.push(await sha256(bytes));
    done += partSize;
    progress(done);
  }
  const rest = await readTar(body, read, done, body.size, seen);
  if (current >= 0) hashes[current] = hasher.digest("hex");
  progress(body.size);
  const listed = input.files.map((file, i) => ({ name: file.name, size: file.size, sha256: hashes[i] as string }));
  const manifest = canonical({ ...input.manifest, files: listed });
  const tail = tarTail(manifest, input.mtime);
  const tar = withTail(body, tail);
  const end = new Uint8Array(rest.length + tail.length);
  end.set(rest);
  end.set(tail, rest.length);
  for (let at = 0; at < end.length; at += partSize) digests.push(await sha256(end.subarray(at, at + partSize)));
  return { tar, cut: cut(tar.size, input.limit, PREFIX), manifest, hashes, digests };
}

export interface SealInput {
  readonly tar: TarPlan;
  readonly cut: Cut;
  readonly digests: readonly Bytes[];
  /** Payload key, 32 bytes. */
  readonly key: Bytes;
  /** Header and nonce, sent in front of part 0. */
  readonly prefix: Bytes;
}

/** A part whose plaintext is not the one announced is never sealed: the same nonce would cover two plaintexts. */
export class ChangedError extends Error {
  override name = "ChangedError";
}

export async function sealPart(aead: Aead, input: SealInput, read: ReadFile, index: number): Promise<Bytes> {
  const { start, end } = partPlain(input.cut, index);
  const plain = await readTar(input.tar, read, start, end);
  const expected = input.digests[index];
  if (!expected || !equal(await sha256(plain), expected)) throw new ChangedError("plaintext differs from its digest");
  const last = index === input.cut.parts - 1;
  const sealed = sealChunks(aead, input.key, plain, index * input.cut.chunksPerPart, last);
  if (index > 0) return sealed;
  if (input.prefix.length !== input.cut.prefix) throw new Error("prefix of another size");
  const out = new Uint8Array(input.prefix.length + sealed.length);
  out.set(input.prefix);
  out.set(sealed, input.prefix.length);
  return out;
}
