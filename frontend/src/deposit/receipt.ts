/** The receipt on screen and as a file, with the documents that only this browser knows. */
import type { Json } from "../bytes.ts";
import { getJson } from "../http.ts";
import { size } from "../french.ts";
import { t } from "../texts.ts";
import { button, focusOn, h, notice, saveFile, status } from "../ui/dom.ts";
import type { ReceiptFile, SealRecord } from "./contract.ts";

interface Manifest {
  readonly kind: string;
  readonly lot: string | null;
  readonly files: readonly { name: string; size: number; sha256: string }[];
}

export const completed = (record: SealRecord): Json => ({ ...(record.receipt as object), documents: record.documents }) as Json;

export function saveReceipt(record: SealRecord): void {
  saveFile("recepisse.json", JSON.stringify(completed(record), null, 2) + "\n", "application/json");
}

const isComplete = (receipt: ReceiptFile): boolean => Boolean(receipt.proof && receipt.timestamp);

function fileTable(record: SealRecord, labels: (kind: string, lot: string | null) => string): HTMLElement {
  const rows = (record.documents as unknown as readonly Manifest[]).flatMap((manifest) =>
    manifest.files.map((file) => h("tr", {},
      h("td", {}, labels(manifest.kind, manifest.lot)),
      h("td", {}, file.name),
      h("td", { class: "number" }, size(file.size)),
      h("td", {}, h("code", { class: "fingerprint" }, file.sha256)))));
  const head = [t.receipt.envelope, t.receipt.file, t.receipt.size, t.receipt.hash].map((label) => h("th", { scope: "col" }, label));
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": t.receipt.files },
    h("table", { class: "table" }, h("caption", {}, t.receipt.files), h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
}

export function receiptView(record: SealRecord, labels: (kind: string, lot: string | null) => string, again: () => void): HTMLElement {
  const file = record.receipt as ReceiptFile;
  const { receipt } = file;
  const title = h("h2", { tabindex: -1 }, t.receipt.title(receipt.number));
  const onTime = receipt.on_time ? status("success", t.receipt.onTime) : status("warning", t.receipt.late);
  const links = h("ul", { class: "cluster", role: "list" });
  if (record.links?.pdf) links.append(h("li", {}, h("a", { href: record.links.pdf }, t.receipt.pdf)));
  if (record.links?.page) links.append(h("li", {}, h("a", { href: record.links.page }, t.receipt.page)));
  const state = h("p", { class: "field__hint", role: "status" }, isComplete(file) ? t.receipt.complete : t.receipt.provisional);
  const view = h("section", { class: "stack receipt" },
    notice(receipt.on_time ? "success" : "warning", title, h("p", {}, t.receipt.on(receipt.received_at), " ", onTime), !receipt.on_time && t.receipt.lateMore),
    h("p", {}, t.receipt.next),
    h("div", { class: "stack" }, h("div", { class: "cluster" }, button(t.receipt.save, () => saveReceipt(record))), h("p", { class: "field__hint" }, t.receipt.saveHint)),
    links.childElementCount ? links : null, state, fileTable(record, labels),
    h("div", { class: "cluster" }, button(t.receipt.replace, again, "secondary")));
  queueMicrotask(() => focusOn(title));
  return view;
}

const POLLS_MS = [2000, 4000, 8000, 15000, 30000, 60000];

/** Asks for the completed receipt a few times; the provisional one already proves the deposit. */
export async function complete(record: SealRecord, replaced: (receipt: ReceiptFile) => Promise<void>): Promise<void> {
  const url = record.links?.json;
  if (!url || !record.receipt || isComplete(record.receipt)) return;
  for (const delay of POLLS_MS) {
    await new Promise((resolve) => setTimeout(resolve, delay));
    try {
      const fresh = await getJson<ReceiptFile>(url);
      const same = fresh.signature.ed25519 === record.receipt.signature.ed25519;
      if (same && isComplete(fresh)) return await replaced(fresh);
    } catch {
      // the next turn asks again
    }
  }
}
