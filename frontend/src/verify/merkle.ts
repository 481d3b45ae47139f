/** RFC 9162 inclusion and the C2SP signed note of a checkpoint. */
import { type Bytes, concat, equal, fromBase64, sha256, utf8 } from "../bytes.ts";
import { verifyEd25519 } from "./ed25519.ts";

export const leafHash = (leaf: Uint8Array): Promise<Bytes> => sha256(concat(Uint8Array.of(0), leaf));
const nodeHash = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(concat(Uint8Array.of(1), left, right));

/** RFC 9162, 2.1.3.2. Sizes stay below 2^53: no bit operators on them. */
export async function rootFrom(hash: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  let fn = index;
  let sn = size - 1;
  let root = hash;
  for (const step of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(step, root);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else root = await nodeHash(root, step);
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? root : null;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly id: Bytes; readonly signature: Bytes }[];
}

export function parseCheckpoint(note: string): Checkpoint | null {
  const cutAt = note.indexOf("\n\n");
  if (cutAt < 0) return null;
  const text = note.slice(0, cutAt + 1);
  const [origin, size, root] = text.split("\n");
  if (!origin || !/^(0|[1-9]\d*)$/.test(size ?? "") || !root) return null;
  try {
    const signatures = note.slice(cutAt + 2).split("\n").filter(Boolean).map((line) => {
      const match = /^\u2014 (\S+) (\S+)$/.exec(line);
      if (!match) throw new Error("signature line");
      const blob = fromBase64(match[2] as string);
      return { name: match[1] as string, id: blob.slice(0, 4), signature: blob.slice(4) };
    });
    return { origin, size: Number(size), root: fromBase64(root), text, signatures };
  } catch {
    return null;
  }
}

/** True when the origin itself signed the checkpoint with `publicKey`. */
export async function checkpointSigned(checkpoint: Checkpoint, publicKey: Bytes): Promise<boolean> {
  const id = (await sha256(concat(utf8(checkpoint.origin), Uint8Array.of(0x0a, 0x01), publicKey))).slice(0, 4);
  for (const { name, id: given, signature } of checkpoint.signatures) {
    if (name !== checkpoint.origin || !equal(given, id)) continue;
    if (await verifyEd25519(publicKey, signature, utf8(checkpoint.text))) return true;
  }
  return false;
}
