/** tus 1.0, sequential, with a SHA-256 of each request: what `tus-js-client` cannot add by itself. */
import { sha256, toBase64, utf8, type Bytes } from "./bytes.ts";
import { csrfToken } from "./http.ts";
import { t } from "./texts.ts";

export class UploadError extends Error {
  override name = "UploadError";
  readonly kind: "gone" | "refused" | "network" | "stopped";
  constructor(kind: UploadError["kind"], message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Answer {
  readonly status: number;
  header(name: string): string | null;
  readonly text: string;
}

export type Progress = (sent: number) => void;

const DELAYS_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const ATTEMPTS = 40;
const STALL_MS = 60_000;

/** XMLHttpRequest, because fetch does not tell how much of a body has left. */
function request(method: string, url: string, headers: Record<string, string>, body: Bytes | null, signal?: AbortSignal, progress?: Progress): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    let timer = 0;
    const alive = (): void => {
      clearTimeout(timer);
      timer = window.setTimeout(() => xhr.abort(), STALL_MS);
    };
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.setRequestHeader("Tus-Resumable", "1.0.0");
    xhr.setRequestHeader("X-CSRFToken", csrfToken());
    xhr.upload.onprogress = (event) => {
      alive();
      progress?.(event.loaded);
    };
    xhr.onload = () => resolve({ status: xhr.status, header: (name) => xhr.getResponseHeader(name), text: xhr.responseText });
    xhr.onerror = xhr.onabort = () => reject(new UploadError("network", "connection lost"));
    const stop = (): void => xhr.abort();
    signal?.addEventListener("abort", stop);
    xhr.onloadend = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    };
    alive();
    // As a blob: bytes given to a request stay in the page's memory until the request is collected, long after it ended.
    xhr.send(body && new Blob([body]));
  });
}

const passing = (status: number): boolean => status >= 500 || status === 408 || status === 423 || status === 429;

function message(answer: Answer): string {
  try {
    return (JSON.parse(answer.text) as { error: { message: string } }).error.message;
  } catch {
    return "";
  }
}

function check(answer: Answer): Answer {
  if (answer.status === 404 || answer.status === 410) throw new UploadError("gone", message(answer));
  if (passing(answer.status)) throw new UploadError("network", message(answer));
  if (answer.status === 401 || answer.status === 403) throw new UploadError("refused", message(answer) || t.http.session);
  if (answer.status >= 400) throw new UploadError("refused", message(answer) || `HTTP ${answer.status}`);
  return answer;
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
    signal.addEventListener("abort", end);
  });

/** Tries again after a cut, with growing pauses; `retrying(seconds)` lets the page say so. */
async function insist<T>(signal: AbortSignal, retrying: (seconds: number) => void, act: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    if (signal.aborted) throw new UploadError("stopped", "stopped");
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UploadError) || error.kind !== "network" || attempt >= ATTEMPTS) throw error;
      const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] as number;
      retrying(Math.round(delay / 1000));
      await wait(delay, signal);
    }
  }
}

export interface UploadOptions {
  readonly signal: AbortSignal;
  readonly retrying: (seconds: number) => void;
}

const metadata = (values: Record<string, string>): string =>
  Object.entries(values).map(([key, value]) => (value ? `${key} ${toBase64(utf8(value))}` : key)).join(",");

export async function createUpload(url: string, size: number, values: Record<string, string>, options: UploadOptions): Promise<string> {
  return insist(options.signal, options.retrying, async () => {
    const headers = { "Upload-Length": String(size), "Upload-Metadata": metadata(values) };
    const answer = check(await request("POST", url, headers, null));
    const location = answer.header("Location");
    if (!location) throw new UploadError("refused", "no Location");
    return new URL(location, new URL(url, document.baseURI)).href;
  });
}

/** An answer without an offset is not a server's acknowledgement: a sign-in page after a redirect, a proxy's page. */
function offsetOf(answer: Answer): number {
  const text = answer.header("Upload-Offset");
  if (text === null || !/^\d+$/.test(text)) throw new UploadError("refused", t.http.session);
  return Number(text);
}

/** Bytes that the server holds for good. */
export async function uploadOffset(location: string, options: UploadOptions): Promise<number> {
  return insist(options.signal, options.retrying, async () => {
    const answer = check(await request("HEAD", location, {}, null));
    return offsetOf(answer);
  });
}

export async function removeUpload(location: string): Promise<void> {
  await request("DELETE", location, {}, null).catch(() => undefined);
}

/**
 * Sends `bytes`, which lie at `start` in the file, from the server's own offset on; returns the new offset.
 * After a cut, a wrong checksum (460) or a wrong offset (409) the server is asked where it stands.
 */
export async function sendPart(location: string, bytes: Bytes, start: number, offset: number, progress: Progress, options: UploadOptions): Promise<number> {
  const end = start + bytes.length;
  let at = offset;
  let known = true;
  return insist(options.signal, options.retrying, async () => {
    if (!known) at = await uploadOffset(location, options);
    if (at >= end) return at;
    if (at < start) throw new UploadError("gone", "the server went back");
    known = false;
    const body = at === start ? bytes : bytes.slice(at - start);
    const headers = {
      "Upload-Offset": String(at),
      "Content-Type": "application/offset+octet-stream",
      "Upload-Checksum": `sha256 ${toBase64(await sha256(body))}`,
    };
    const answer = await request("PATCH", location, headers, body, options.signal, (sent) => progress(Math.min(at + sent, end)));
    if (answer.status === 409 || answer.status === 460) throw new UploadError("network", message(answer));
    at = offsetOf(check(answer));
    progress(at);
    if (at < end) throw new UploadError("network", "part not whole");
    return at;
  });
}
