/** JSON calls to Parvis. Every failure becomes an `HttpError` whose message can be shown as it is. */
import { t } from "./texts.ts";

export class HttpError extends Error {
  override name = "HttpError";
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const csrfToken = (): string =>
  document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";

async function failure(response: Response): Promise<HttpError> {
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: string } };
    if (body.error?.message) return new HttpError(response.status, body.error.code ?? "", body.error.message);
  } catch {
    // not JSON: the status alone decides
  }
  if (response.status === 401 || response.status === 403) return new HttpError(response.status, "session", t.http.session);
  if (response.status === 404) return new HttpError(404, "missing", t.http.missing);
  return new HttpError(response.status, "server", t.http.server(response.status));
}

async function call(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: "same-origin", redirect: "manual", ...init });
  } catch {
    throw new HttpError(0, "network", t.http.network);
  }
  // Nothing here redirects but the way to the sign-in page.
  if (response.type === "opaqueredirect") throw new HttpError(401, "session", t.http.session);
  if (!response.ok) throw await failure(response);
  return response;
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await call(url, { headers: { Accept: "application/json" }, cache: "no-store" });
  return (await response.json()) as T;
}

export async function postJson<T>(url: string, body: unknown): Promise<{ status: number; headers: Headers; body: T }> {
  const response = await call(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as T };
}
