/** Whole small age files in memory: shares, canaries, identities. */
import { armor, Decrypter, Encrypter } from "age-encryption";
import { type Bytes, fromUtf8 } from "../bytes.ts";
import { findIdentity } from "./bech32.ts";
import { requireX25519 } from "./header.ts";

export async function sealTo(recipient: string, plain: Uint8Array): Promise<Bytes> {
  requireX25519(recipient);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return new Uint8Array(await encrypter.encrypt(plain));
}

export async function openWith(identity: string, sealed: Uint8Array): Promise<Bytes> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return new Uint8Array(await decrypter.decrypt(sealed));
}

/** A key file as `age-keygen` writes it, so that `age -d -i` takes it as it is. */
export const keyFile = (identity: string, recipient: string): string => `# public key: ${recipient}\n${identity}\n`;

/** Armored, sealed by passphrase (scrypt, 2^18). Takes about a second and 256 MiB: run it in a worker. */
export async function sealByPhrase(phrase: string, text: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(phrase);
  return armor.encode(await encrypter.encrypt(text));
}

export class WrongPhraseError extends Error {
  override name = "WrongPhraseError";
}

export async function openByPhrase(phrase: string, armored: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(phrase);
  const file = readArmor(armored);
  try {
    return fromUtf8(await decrypter.decrypt(file));
  } catch {
    throw new WrongPhraseError("wrong passphrase");
  }
}

export class NotSealedFileError extends Error {
  override name = "NotSealedFileError";
}

export function readArmor(armored: string): Bytes {
  try {
    return new Uint8Array(armor.decode(armored.replace(/\r\n/g, "\n").trim() + "\n"));
  } catch {
    throw new NotSealedFileError("not an armored age file");
  }
}

/** The identity inside an opened key file. */
export function identityIn(text: string): string {
  const identity = findIdentity(text);
  if (!identity) throw new NotSealedFileError("no identity in the file");
  return identity;
}
