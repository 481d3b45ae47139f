/** Reads an RFC 3161 response far enough to compare its imprint and its time; its signature is left to `parvis verify`. */
import { type Bytes, equal } from "../bytes.ts";

const SHA256_OID = Uint8Array.of(0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01);
const TST_INFO_OID = Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04);

interface Node {
  readonly tag: number;
  readonly body: Bytes;
  readonly next: number;
}

function node(data: Bytes, at: number): Node {
  const tag = data[at];
  let length = data[at + 1];
  if (tag === undefined || length === undefined) throw new Error("DER cut short");
  let from = at + 2;
  if (length & 0x80) {
    const bytes = length & 0x7f;
    if (bytes === 0 || bytes > 4) throw new Error("DER length");
    length = 0;
    for (let i = 0; i < bytes; i++) length = length * 256 + (data[from++] ?? 0);
  }
  if (from + length > data.length) throw new Error("DER cut short");
  return { tag, body: data.slice(from, from + length), next: from + length };
}

function children(data: Bytes): Node[] {
  const out: Node[] = [];
  for (let at = 0; at < data.length; ) {
    const item = node(data, at);
    out.push(item);
    at = item.next;
  }
  return out;
}

/** Contents of the OCTET STRING that follows the id-ct-TSTInfo type. */
function findInfo(data: Bytes): Bytes | null {
  const items = children(data);
  for (const [i, item] of items.entries()) {
    if (item.tag === 0x06 && equal(item.body, TST_INFO_OID)) {
      const wrapped = items[i + 1];
      const octets = wrapped && children(wrapped.body)[0];
      return octets?.tag === 0x04 ? octets.body : null;
    }
    if (item.tag & 0x20) {
      const found = findInfo(item.body);
      if (found) return found;
    }
  }
  return null;
}

export interface TimestampInfo {
  readonly granted: boolean;
  readonly imprint: Bytes;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** null when the token cannot be read or does not use SHA-256. */
export function readTimestamp(response: Bytes): TimestampInfo | null {
  try {
    const [status] = children(node(response, 0).body);
    const code = status && children(status.body)[0]?.body[0];
    const info = findInfo(response);
    if (!info) return null;
    const fields = children(node(info, 0).body);
    const imprint = fields[2] && children(fields[2].body);
    const algorithm = imprint?.[0] && children(imprint[0].body)[0];
    const time = fields.find((field) => field.tag === 0x18);
    if (!imprint?.[1] || !algorithm || !equal(algorithm.body, SHA256_OID) || !time) return null;
    const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(new TextDecoder().decode(time.body));
    if (!match) return null;
    const [, y, mo, d, h, mi, s, fraction = ""] = match;
    return { granted: code === 0 || code === 1, imprint: imprint[1].body, time: `${y}-${mo}-${d}T${h}:${mi}:${s}${fraction}Z` };
  } catch {
    return null;
  }
}
