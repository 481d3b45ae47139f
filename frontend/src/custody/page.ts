/** What the four custody pages share: loading, errors, the worker's place. */
import { getJson, HttpError } from "../http.ts";
import { t } from "../texts.ts";
import { button, clear, h, notice } from "../ui/dom.ts";

export interface Place {
  readonly root: HTMLElement;
  readonly url: string;
  readonly worker: URL;
}

export const say = (error: unknown): string => {
  if (error instanceof HttpError) return error.message;
  if (error instanceof Error && error.name === "WorkerError") return t.deposit.worker;
  return t.common.unknown(error instanceof Error ? error.message : String(error));
};

/** Address to post to: what the data says, else the page's folder. */
export const folder = (url: string): string => url.replace(/[^/]*$/, "");

export async function withData<T>(place: Place, show: (data: T) => void | Promise<void>): Promise<void> {
  clear(place.root, h("p", { role: "status" }, t.common.loading));
  place.root.classList.add("stack");
  try {
    await show(await getJson<T>(place.url));
  } catch (error) {
    clear(place.root, notice("danger", say(error), h("div", { class: "cluster" }, button(t.common.retry, () => void withData(place, show)))));
  }
}

/** A conflict means that someone else acted in between. */
export function failed(box: HTMLElement, error: unknown): void {
  const stale = error instanceof HttpError && error.status === 409;
  const reload = button(t.common.reload, () => window.location.reload(), "secondary");
  clear(box, notice("danger", say(error), stale && t.common.stale, stale && h("div", { class: "cluster" }, reload)));
}
