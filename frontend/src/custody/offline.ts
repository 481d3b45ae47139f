/** Rejoins opening keys without the platform, from the sealed shares handed out with the escrow. */
import { recipientOf } from "../age/bech32.ts";
import { openShare, rejoinFor, shareBytes } from "./shares.ts";
import type { Bytes } from "../bytes.ts";

export interface OfflineKey {
  readonly kind: string;
  readonly lot: string | null;
  readonly key: string;
  readonly threshold: number;
  readonly shares: readonly { readonly sealed: string }[];
}

/** `{"v":1,"consultation","keys":[{"kind","lot","key","threshold","shares":[{"custodian","name","sealed"}]}]}` */
export function parseShares(text: string): OfflineKey[] | null {
  try {
    const { v, keys } = JSON.parse(text) as { v: number; keys: OfflineKey[] };
    const whole = v === 1 && keys.every((key) => key.key.startsWith("age1") && key.threshold >= 1 && key.shares.every((share) => share.sealed));
    return whole && keys.length ? keys : null;
  } catch {
    return null;
  }
}

/** Raw shares of one key that these identities open, without repetition. */
export async function sharesFor(key: OfflineKey, identities: readonly string[]): Promise<Bytes[]> {
  const found = new Map<string, Bytes>();
  for (const identity of identities) {
    for (const { sealed } of key.shares) {
      const content = await openShare(identity, sealed, key).catch(() => null);
      if (content) found.set(key.threshold === 1 ? identity : content.share, shareBytes(content));
    }
  }
  return [...found.values()];
}

export const rejoinOffline = (key: OfflineKey, shares: readonly Bytes[]): Promise<string> => rejoinFor(key.key, shares, key.threshold);

/** Identity file for the stock command, with the reason in its comments. */
export async function identityFile(key: OfflineKey, identity: string): Promise<{ name: string; text: string }> {
  const name = `cle-${key.kind === "application" ? "candidatures" : key.kind === "bid" ? "offres" : key.kind}${key.lot ? `-lot-${key.lot}` : ""}.txt`;
  return { name, text: `# public key: ${await recipientOf(identity)}\n${identity}\n` };
}
