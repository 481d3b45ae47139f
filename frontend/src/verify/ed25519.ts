/** Ed25519 by the browser where it knows it, else by noble. */
import { ed25519 } from "@noble/curves/ed25519.js";
import type { Bytes } from "../bytes.ts";

export async function verifyEd25519(publicKey: Bytes, signature: Bytes, message: Bytes): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    try {
      return ed25519.verify(signature, message, publicKey);
    } catch {
      return false;
    }
  }
  return crypto.subtle.verify({ name: "Ed25519" }, key, signature, message);
}
