/** A tar (ustar, pax where ustar is too narrow) described as ranges, so that any part of it can be read without building it. */
import { type Bytes, concat, utf8 } from "./bytes.ts";

const BLOCK = 512;
const OCTAL_LIMIT = 8 ** 11;

export interface TarFile {
  readonly name: string;
  readonly size: number;
}

export type Segment =
  | { readonly start: number; readonly size: number; readonly bytes: Bytes }
  | { readonly start: number; readonly size: number; readonly file: number };

export interface TarPlan {
  readonly segments: readonly Segment[];
  readonly size: number;
}

const octal = (value: number, width: number): string => value.toString(8).padStart(width - 1, "0") + "\0";

function headerBlock(name: Bytes, size: number, mtime: number, type: "0" | "x"): Bytes {
  const block = new Uint8Array(BLOCK);
  block.set(name.subarray(0, 100), 0);
  const put = (at: number, text: string): void => block.set(utf8(text), at);
  put(100, octal(0o644, 8));
  put(108, octal(0, 8));
  put(116, octal(0, 8));
  put(124, octal(size < OCTAL_LIMIT ? size : 0, 12));
  put(136, octal(mtime, 12));
  put(148, "        ");
  put(156, type);
  put(257, "ustar\0" + "00");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  return block;
}

function paxRecord(key: string, value: string): Bytes {
  const body = utf8(` ${key}=${value}\n`);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return concat(utf8(String(length)), body);
}

const padding = (size: number): Bytes => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

/** Header blocks of one entry. `mtime` in seconds since 1970. */
export function entryHeader(file: TarFile, mtime: number): Bytes {
  const name = utf8(file.name);
  const records: Bytes[] = [];
  if (name.length > 100 || /[^\x20-\x7e]/.test(file.name)) records.push(paxRecord("path", file.name));
  if (file.size >= OCTAL_LIMIT) records.push(paxRecord("size", String(file.size)));
  if (records.length === 0) return headerBlock(name, file.size, mtime, "0");
  // A name cut inside a character would not be UTF-8: readers that ignore pax get an ASCII one.
  const plain = headerBlock(utf8(file.name.replace(/[^\x20-\x7e]/gu, "_").slice(0, 100)), file.size, mtime, "0");
  const pax = concat(...records);
  return concat(headerBlock(utf8("pax_header"), pax.length, mtime, "x"), pax, padding(pax.length), plain);
}

/** The documents in order; the caller adds `tarTail` after `size` bytes. */
export function planTar(files: readonly TarFile[], mtime: number): TarPlan {
  const segments: Segment[] = [];
  let at = 0;
  const push = (bytes: Bytes): void => {
    if (bytes.length) segments.push({ start: at, size: bytes.length, bytes });
    at += bytes.length;
  };
  files.forEach((file, index) => {
    push(entryHeader(file, mtime));
    if (file.size) segments.push({ start: at, size: file.size, file: index });
    at += file.size;
    push(padding(file.size));
  });
  return { segments, size: at };
}

/** The manifest's entry and the end of the archive. */
export function tarTail(manifest: Uint8Array, mtime: number): Bytes {
  return concat(
    entryHeader({ name: "manifest.json", size: manifest.length }, mtime),
    manifest,
    padding(manifest.length),
    new Uint8Array(2 * BLOCK),
  );
}

export function withTail(plan: TarPlan, tail: Bytes): TarPlan {
  const segment = { start: plan.size, size: tail.length, bytes: tail };
  return { segments: [...plan.segments, segment], size: plan.size + tail.length };
}

/** Bytes `from` (included) to `to` (excluded) of a file given by its place in the list. */
export type ReadFile = (file: number, from: number, to: number) => Promise<Uint8Array>;

/** Reads [start, end) of the archive. `seen` receives each file's bytes in order, for hashing on the way. */
export async function readTar(
  plan: TarPlan,
  read: ReadFile,
  start: number,
  end: number,
  seen?: (file: number, bytes: Uint8Array) => void,
): Promise<Bytes> {
  const piece = async (segment: Segment, from: number, to: number): Promise<Uint8Array> => {
    const inside = [from - segment.start, to - segment.start] as const;
    if ("bytes" in segment) return segment.bytes.subarray(...inside);
    const bytes = await read(segment.file, ...inside);
    if (bytes.length !== to - from) throw new Error("file changed while it was read");
    seen?.(segment.file, bytes);
    return bytes;
  };
  // Most parts lie whole inside one file: what was read is the part, without a copy.
  const whole = plan.segments.find((segment) => !("bytes" in segment) && segment.start <= start && end <= segment.start + segment.size);
  if (whole && end > start) return (await piece(whole, start, end)) as Bytes;
  const out = new Uint8Array(end - start);
  for (const segment of plan.segments) {
    const from = Math.max(start, segment.start);
    const to = Math.min(end, segment.start + segment.size);
    if (from < to) out.set(await piece(segment, from, to), from - start);
  }
  return out;
}
