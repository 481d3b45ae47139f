/** Header of an age v1 file with exactly one X25519 recipient; the payload is computed elsewhere (stream.ts). */
import { Decrypter, Encrypter } from "age-encryption";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { type Bytes, utf8 } from "../bytes.ts";

const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;
export const NONCE_SIZE = 16;

export interface Header {
  readonly header: Bytes;
  readonly fileKey: Bytes;
}

/** One classical recipient only: a post-quantum one beside it would silently lose its protection. */
export function requireX25519(recipient: string): void {
  if (!RECIPIENT.test(recipient)) throw new Error("not a single X25519 recipient");
}

/** The library draws the file key; a recipient of ours watches it pass, and the library's payload is dropped. */
export async function makeHeader(recipient: string): Promise<Header> {
  requireX25519(recipient);
  let fileKey: Bytes | undefined;
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    wrapFileKey(key) {
      fileKey = new Uint8Array(key);
      return [];
    },
  });
  encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(new Uint8Array(0));
  if (!fileKey) throw new Error("no file key");
  return { header: splitHeader(file).header, fileKey };
}

/** Cuts a file (or its beginning) after the MAC line. Throws when no whole header is there. */
export function splitHeader(file: Uint8Array): { header: Bytes; rest: Bytes } {
  const start = fromLatin(file.subarray(0, 16384));
  if (!start.startsWith("age-encryption.org/v1\n")) throw new Error("not an age file");
  const mac = start.indexOf("\n--- ");
  const end = mac < 0 ? -1 : start.indexOf("\n", mac + 5);
  if (end < 0) throw new Error("age header cut short");
  return { header: new Uint8Array(file.slice(0, end + 1)), rest: new Uint8Array(file.slice(end + 1)) };
}

const fromLatin = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

/** The 16-byte file key; throws when the identity does not fit or the header's MAC is wrong. Other tools add grease stanzas: allowed. */
export async function openHeader(header: Uint8Array, identity: string): Promise<Bytes> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return new Uint8Array(await decrypter.decryptHeader(header));
}

export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Bytes {
  return new Uint8Array(hkdf(sha256, fileKey, nonce, utf8("payload"), 32));
}
