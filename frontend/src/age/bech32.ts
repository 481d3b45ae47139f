/** X25519 identities of age as text. */
import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";
import type { Bytes } from "../bytes.ts";

const PREFIX = "AGE-SECRET-KEY-";

/** 32 bytes of X25519 secret -> "AGE-SECRET-KEY-1…". */
export function identityFromSecret(secret: Uint8Array): string {
  if (secret.length !== 32) throw new Error("an X25519 secret has 32 bytes");
  return bech32.encodeFromBytes(PREFIX, secret).toUpperCase();
}

export function secretFromIdentity(identity: string): Bytes {
  const { prefix, bytes } = bech32.decodeToBytes(identity);
  if (prefix.toUpperCase() !== PREFIX || bytes.length !== 32) throw new Error("not an X25519 identity");
  return new Uint8Array(bytes);
}

export const recipientOf = (identity: string): Promise<string> => identityToRecipient(identity);

/** The identity's line in a key file that may also hold comments; null when there is none. */
export const findIdentity = (text: string): string | null => /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/m.exec(text)?.[0] ?? null;
