/** Passkeys (WebAuthn PRF). A salt goes with the creation: an empty `prf` is refused by Windows Hello. */
import { armor, Decrypter, Encrypter, webauthn } from "age-encryption";
import { fromUtf8, random, utf8 } from "../bytes.ts";
import { readArmor } from "../age/small.ts";

export class PasskeyError extends Error {
  override name = "PasskeyError";
}

export async function passkeysPossible(): Promise<boolean> {
  try {
    return Boolean(window.PublicKeyCredential && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()));
  } catch {
    return false;
  }
}

async function createCredential(label: string): Promise<void> {
  const credential = (await navigator.credentials.create({
    publicKey: {
      rp: { name: "Parvis", id: location.hostname },
      user: { id: random(16), name: label, displayName: label },
      challenge: random(32),
      pubKeyCredParams: [{ type: "public-key", alg: -8 }, { type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }],
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      extensions: { prf: { eval: { first: random(32) } } },
    },
  })) as PublicKeyCredential | null;
  if (!credential?.getClientExtensionResults().prf?.enabled) throw new PasskeyError("no PRF on this authenticator");
}

/** Creates a passkey and seals the key file to it; throws PasskeyError whatever the browser refuses. */
export async function sealByPasskey(label: string, text: string): Promise<string> {
  try {
    await createCredential(label);
    const encrypter = new Encrypter();
    encrypter.addRecipient(new webauthn.WebAuthnRecipient({ rpId: location.hostname }));
    const armored = armor.encode(await encrypter.encrypt(utf8(text)));
    return armored;
  } catch (error) {
    throw new PasskeyError(error instanceof Error ? error.message : "refused");
  }
}

export async function openByPasskey(armored: string): Promise<string> {
  try {
    const decrypter = new Decrypter();
    decrypter.addIdentity(new webauthn.WebAuthnIdentity({ rpId: location.hostname }));
    return fromUtf8(await decrypter.decrypt(readArmor(armored)));
  } catch (error) {
    throw new PasskeyError(error instanceof Error ? error.message : "refused");
  }
}
