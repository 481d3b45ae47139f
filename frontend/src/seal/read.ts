/** Reading of File objects in slices: BYOB streams hang in Chromium, and a slice may too, hence the watchdog. */
import type { ReadFile } from "../tar.ts";

const STALL_MS = 30_000;
const SLICE = 8 * 1024 * 1024;

export class StallError extends Error {
  override name = "StallError";
}

async function readSlice(file: Blob, from: number, to: number): Promise<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StallError("file not readable for 30 s")), STALL_MS);
  });
  try {
    return new Uint8Array(await Promise.race([file.slice(from, to).arrayBuffer(), stalled]));
  } finally {
    clearTimeout(timer);
  }
}

export function reader(files: readonly Blob[]): ReadFile {
  return async (index, from, to) => {
    const file = files[index];
    if (!file) throw new Error("no such file");
    if (to - from <= SLICE) return readSlice(file, from, to);
    const out = new Uint8Array(to - from);
    for (let at = from; at < to; at += SLICE) out.set(await readSlice(file, at, Math.min(to, at + SLICE)), at - from);
    return out;
  };
}
