/** age's STREAM: 64 KiB chunks under ChaCha20-Poly1305 with a counter nonce, so that any chunk can be computed alone. */
import type { Bytes } from "../bytes.ts";

export const CHUNK = 65536;
export const TAG = 16;

/** (plaintext, 12-byte nonce, 32-byte key) -> ciphertext and tag. */
export type Aead = (plain: Uint8Array, nonce: Uint8Array, key: Uint8Array) => Uint8Array;

export const chunkCount = (plainSize: number): number => Math.max(1, Math.ceil(plainSize / CHUNK));

/** Payload bytes for a plaintext of `plainSize` bytes, header and nonce not counted. */
export const payloadSize = (plainSize: number): number => plainSize + TAG * chunkCount(plainSize);

export function chunkNonce(index: number, last: boolean): Bytes {
  const nonce = new Uint8Array(12);
  const view = new DataView(nonce.buffer);
  view.setUint32(3, Math.floor(index / 2 ** 32));
  view.setUint32(7, index >>> 0);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/**
 * Seals consecutive chunks. `plain` starts at chunk `first`; it must be whole chunks unless `last`,
 * and must not be empty unless the whole plaintext is.
 */
export function sealChunks(aead: Aead, key: Uint8Array, plain: Uint8Array, first: number, last: boolean): Bytes {
  if (!last && (plain.length === 0 || plain.length % CHUNK)) throw new Error("a part that is not last holds whole chunks");
  if (last && plain.length === 0 && first !== 0) throw new Error("only an empty plaintext has an empty chunk");
  const count = chunkCount(plain.length);
  const out = new Uint8Array(plain.length + TAG * count);
  for (let i = 0; i < count; i++) {
    const chunk = plain.subarray(i * CHUNK, (i + 1) * CHUNK);
    out.set(aead(chunk, chunkNonce(first + i, last && i === count - 1), key), i * (CHUNK + TAG));
  }
  return out;
}

/** How a plaintext is cut for the workers and for the upload: every sealed part fits in one request of `limit` bytes. */
export interface Cut {
  readonly plainSize: number;
  readonly prefix: number;
  readonly chunksPerPart: number;
  readonly parts: number;
  readonly sealedSize: number;
}

const PREFIX_ROOM = 1024;

/** `limit`: largest request in bytes; `prefix`: bytes of header and nonce, sent with the first part. */
export function cut(plainSize: number, limit: number, prefix: number): Cut {
  const chunksPerPart = Math.floor((limit - PREFIX_ROOM) / (CHUNK + TAG));
  if (chunksPerPart < 1 || prefix > PREFIX_ROOM) throw new Error("request limit too small for one chunk");
  const parts = Math.max(1, Math.ceil(plainSize / (chunksPerPart * CHUNK)));
  return { plainSize, prefix, chunksPerPart, parts, sealedSize: prefix + payloadSize(plainSize) };
}

export function partPlain(plan: Pick<Cut, "plainSize" | "chunksPerPart">, index: number): { start: number; end: number } {
  const size = plan.chunksPerPart * CHUNK;
  return { start: index * size, end: Math.min((index + 1) * size, plan.plainSize) };
}

/** Place of a part in the sealed file; part 0 begins with the header and the nonce. */
export function partSealed(plan: Cut, index: number): { start: number; end: number } {
  const size = plan.chunksPerPart * (CHUNK + TAG);
  const start = index === 0 ? 0 : plan.prefix + index * size;
  return { start, end: index === plan.parts - 1 ? plan.sealedSize : plan.prefix + (index + 1) * size };
}
