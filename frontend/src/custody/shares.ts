/** Opening keys: made, split k of n, rejoined and checked against the recipient. */
import { combine, split } from "shamir-secret-sharing";
import { identityFromSecret, recipientOf } from "../age/bech32.ts";
import { openHeader } from "../age/header.ts";
import { openWith, sealTo } from "../age/small.ts";
import { type Bytes, canonical, fromBase64, fromUtf8, random, sha256Hex, toBase64 } from "../bytes.ts";

export interface Holder {
  readonly id: string;
  readonly recipient: string;
}

export interface KeyPlace {
  readonly consultation: string;
  readonly kind: "application" | "bid" | "rehearsal";
  readonly lot: string | null;
}

export interface SealedShare {
  readonly custodian: string;
  /** age file, base64. */
  readonly sealed: string;
  /** SHA-256 hex of the raw share. */
  readonly commitment: string;
}

export interface MadeKey {
  readonly recipient: string;
  readonly shares: readonly SealedShare[];
}

/** What a sealed share holds. */
export interface ShareContent extends KeyPlace {
  readonly v: 1;
  readonly key: string;
  readonly k: number;
  readonly n: number;
  readonly share: string;
}

async function pieces(secret: Bytes, n: number, k: number): Promise<Uint8Array[]> {
  if (k < 1 || k > n) throw new Error("threshold outside 1 to n");
  return k === 1 ? Array.from({ length: n }, () => secret.slice()) : split(secret, n, k);
}

/** Makes a key and forgets it: only sealed shares come out. */
export async function makeKey(place: KeyPlace, holders: readonly Holder[], k: number): Promise<MadeKey> {
  const secret = random(32);
  const recipient = await recipientOf(identityFromSecret(secret));
  const raw = await pieces(secret, holders.length, k);
  const rejoined = await rejoin(raw.slice(-k), k);
  if ((await recipientOf(rejoined)) !== recipient) throw new Error("the shares do not rejoin");
  const shares = await Promise.all(holders.map(async (holder, i) => {
    const share = raw[i] as Uint8Array;
    const content = { v: 1, consultation: place.consultation, kind: place.kind, lot: place.lot, key: recipient, k, n: holders.length, share: toBase64(share) };
    const sealed = await sealTo(holder.recipient, canonical(content));
    return { custodian: holder.id, sealed: toBase64(sealed), commitment: await sha256Hex(share) };
  }));
  secret.fill(0);
  raw.forEach((share) => share.fill(0));
  return { recipient, shares };
}

export class WrongShareError extends Error {
  override name = "WrongShareError";
}

/** Opens a sealed share and checks that it belongs to the key that the page names. */
export async function openShare(identity: string, sealed: string, expected: { key: string; kind: string; lot: string | null }): Promise<ShareContent> {
  let content: ShareContent;
  try {
    content = JSON.parse(fromUtf8(await openWith(identity, fromBase64(sealed)))) as ShareContent;
  } catch {
    throw new WrongShareError("share not sealed to this identity");
  }
  if (content.v !== 1 || content.key !== expected.key || content.kind !== expected.kind || content.lot !== expected.lot) {
    throw new WrongShareError("share of another key");
  }
  return content;
}

export const shareBytes = (content: ShareContent): Bytes => fromBase64(content.share);

/** k raw shares -> identity. Too few or foreign shares give wrong bytes without an error: use `rejoinFor`. */
export async function rejoin(shares: readonly Uint8Array[], k: number): Promise<string> {
  const first = shares[0];
  if (!first) throw new WrongShareError("no share");
  const secret = k === 1 ? first : await combine(shares.slice(0, k) as Uint8Array[]);
  return identityFromSecret(secret);
}

/** Tries every choice of k shares: one custodian's wrong share must not hide the others' good ones. */
export async function rejoinFor(recipient: string, shares: readonly Uint8Array[], k: number): Promise<string> {
  for (const some of choices(shares, k)) {
    try {
      const identity = await rejoin(some, k);
      if ((await recipientOf(identity)) === recipient) return identity;
    } catch {
      // two copies of one share, or a share of another length: the next choice
    }
  }
  throw new WrongShareError("the shares do not give this key");
}

function* choices<T>(items: readonly T[], k: number, from = 0): Generator<T[]> {
  if (k === 0) return yield [];
  for (let i = from; i <= items.length - k; i++) {
    for (const rest of choices(items, k - 1, i + 1)) yield [items[i] as T, ...rest];
  }
}

/** File keys of the envelopes; null where the header is not sealed to this key or was altered. */
export async function fileKeys(identity: string, envelopes: readonly { id: string; header: string }[]): Promise<{ envelope: string; file_key: string | null }[]> {
  const keys: { envelope: string; file_key: string | null }[] = [];
  for (const envelope of envelopes) {
    try {
      keys.push({ envelope: envelope.id, file_key: toBase64(await openHeader(fromBase64(envelope.header), identity)) });
    } catch {
      keys.push({ envelope: envelope.id, file_key: null });
    }
  }
  return keys;
}
