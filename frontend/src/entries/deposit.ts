import type { Json } from "../bytes.ts";
import { fromUtf8 } from "../bytes.ts";
import type { DepositData, ReceiptFile, SealBody, SealRecord } from "../deposit/contract.ts";
import { linksOf } from "../deposit/contract.ts";
import { complete, receiptView } from "../deposit/receipt.ts";
import { SlotView } from "../deposit/slot.ts";
import { duration, size } from "../french.ts";
import { getJson, HttpError, postJson } from "../http.ts";
import { type EnvelopeJob, keptNames, sealEnvelope, type SealedEnvelope } from "../seal/envelope.ts";
import { forget, load, save } from "../store.ts";
import { t } from "../texts.ts";
import { UploadError } from "../upload.ts";
import { button, clear, focusOn, h, notice } from "../ui/dom.ts";

const WORKER = "./seal-worker.js";

function explain(error: unknown): string {
  if (error instanceof HttpError) return error.message;
  if (error instanceof UploadError) {
    if (error.kind === "stopped") return t.deposit.stopped;
    if (error.kind === "network") return t.deposit.cut;
    return t.deposit.refused(error.message);
  }
  const name = error instanceof Error ? error.name : "";
  if (name === "ChangedError") return t.deposit.changed;
  if (name === "StallError") return t.deposit.stall;
  if (name === "WorkerError") return t.deposit.worker;
  if (["NotReadableError", "NotFoundError"].includes(name)) return t.deposit.unreadable;
  if (["InvalidStateError", "QuotaExceededError", "UnknownError"].includes(name)) return t.deposit.storage;
  return t.common.unknown(error instanceof Error ? error.message : String(error));
}

class DepositPage {
  readonly #root: HTMLElement;
  readonly #data: DepositData;
  readonly #drift: number;
  readonly #slots: SlotView[];
  readonly #messages = h("div", { class: "stack" });
  readonly #summary = h("div", { class: "error-summary", tabindex: -1, hidden: true });
  readonly #stepper = h("nav", { class: "steps", "aria-label": "Étapes" });
  readonly #clock = h("p", {});
  readonly #sealButton = button(t.deposit.seal, () => void this.#seal());
  readonly #stopButton = button(t.deposit.stop, () => this.#abort?.abort(), "secondary");
  readonly #submitButton = button(t.deposit.submit, () => void this.#submit());
  readonly #sealed = h("div", { class: "stack", hidden: true });
  #abort: AbortController | null = null;

  constructor(root: HTMLElement, data: DepositData) {
    this.#root = root;
    this.#data = data;
    this.#drift = Date.parse(data.now) - Date.now();
    this.#slots = data.envelopes.map((slot) => new SlotView(slot, data, () => this.#changed()));
    this.#stopButton.hidden = true;
    window.addEventListener("beforeunload", (event) => {
      if (this.#abort) event.preventDefault();
    });
  }

  get #recordKey(): string {
    return `${this.#data.consultation.id}/${this.#data.company.siret}`;
  }

  #slotKey(view: SlotView): string {
    return `${this.#recordKey}/${view.slot.kind}/${view.slot.lot ?? ""}`;
  }

  async start(): Promise<void> {
    const record = await load<SealRecord>("seals", this.#recordKey);
    if (record?.receipt) return this.#showReceipt(record);
    await this.#showForm();
    if (record) this.#pending(record);
  }

  async #showForm(): Promise<void> {
    const data = this.#data;
    clear(this.#sealed, notice("success", t.deposit.sealed, t.deposit.notYet), h("div", { class: "cluster" }, this.#submitButton));
    clear(this.#root,
      this.#stepper,
      h("p", {}, t.deposit.company(data.company.name, data.company.siret)),
      this.#summary,
      ...this.#slots.map((view) => view.element),
      h("div", { class: "stack" }, h("p", { class: "field__hint" }, t.deposit.sealHint), this.#clock, h("div", { class: "cluster form-actions" }, this.#sealButton, this.#stopButton)),
      this.#messages, this.#sealed);
    this.#root.classList.add("stack");
    this.#tick();
    this.#changed();
    for (const view of this.#slots) {
      const names = await keptNames(this.#slotKey(view));
      if (names) view.waiting(names);
    }
  }

  #tick(): void {
    const left = (Date.parse(this.#data.consultation.deadline) - Date.now() - this.#drift) / 1000;
    const text = left > 0 ? t.deposit.left(duration(left), this.#data.consultation.deadline) : t.deposit.over;
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
    setTimeout(() => this.#tick(), left > 0 && left < 120 ? 1000 : 15_000);
  }

  #steps(here: number): void {
    const items = t.deposit.steps.map((label, i) => h("li", { class: i < here ? "is-done" : null, "aria-current": i === here ? "step" : null }, h("span", {}, label)));
    clear(this.#stepper, h("ol", {}, ...items));
  }

  get #filled(): SlotView[] {
    return this.#slots.filter((view) => view.files.length > 0);
  }

  #changed(): void {
    const ready = this.#filled.length > 0 && this.#filled.every((view) => view.sealed);
    const missing = this.#slots.some((view) => view.slot.required && !view.files.length);
    this.#sealed.hidden = !ready || missing;
    this.#sealButton.hidden = ready && !missing;
    if (!this.#abort) this.#steps(ready && !missing ? 2 : 0);
    if (!this.#summary.hidden) this.#showSummary(false);
  }

  #showSummary(focus: boolean): boolean {
    const lines = this.#slots.flatMap((view) => view.problems().map((text) => ({ text, id: view.id })));
    if (!this.#filled.length && !lines.length) lines.push({ text: t.deposit.none, id: this.#slots[0]?.id ?? "" });
    this.#summary.hidden = lines.length === 0;
    clear(this.#summary, h("h2", {}, t.deposit.summary),
      h("ul", {}, ...lines.map(({ text, id }) => h("li", {}, h("a", { href: `#${id}-fichiers` }, text)))));
    if (focus && lines.length) focusOn(this.#summary);
    return lines.length === 0;
  }

  #job(view: SlotView, signal: AbortSignal): EnvelopeJob {
    const { consultation, company, platform, chunk, uploads_url } = this.#data;
    const { slot } = view;
    let began = 0;
    let from = 0;
    return {
      id: this.#slotKey(view),
      kind: slot.kind,
      lot: slot.lot,
      recipient: slot.recipient,
      files: view.files,
      manifest: {
        v: 1, platform, consultation: consultation.id, reference: consultation.reference, lot: slot.lot, kind: slot.kind,
        siret: company.siret, company: company.name, deadline: consultation.deadline,
        documents_version: consultation.documents_version, key: slot.recipient,
      },
      limit: chunk,
      uploadsUrl: uploads_url,
      workerUrl: new URL(this.#root.dataset["worker"] ?? WORKER, import.meta.url),
      signal,
      progress: ({ step, done, total, resumed }) => {
        if (step === "read") return view.progress.show(done, total, t.deposit.reading(slot.label, size(done), size(total)));
        if (!began) {
          began = Date.now();
          from = done;
          if (resumed) this.#say("info", t.deposit.resumed);
        }
        const seconds = (Date.now() - began) / 1000;
        const rate = (done - from) / Math.max(seconds, 0.1);
        const left = rate > 0 && seconds > 3 && done < total ? duration((total - done) / rate) : "";
        view.progress.show(done, total, t.deposit.sending(slot.label, size(done), size(total), left), done === total);
      },
      retrying: (seconds) => this.#say("warning", t.deposit.retrying(seconds)),
    };
  }

  #say(tone: "info" | "warning" | "danger" | "success", text: string, ...more: HTMLElement[]): void {
    const box = notice(tone, text, ...more);
    if (tone !== "danger") box.setAttribute("role", "status");
    clear(this.#messages, box);
  }

  async #seal(): Promise<void> {
    if (this.#abort) return;
    for (let turn = 0; turn < 100 && this.#slots.some((view) => view.checking || view.keyMatches === null); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    if (!this.#showSummary(true)) return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#busy(true);
    clear(this.#messages);
    try {
      for (const view of this.#filled.filter((item) => !item.sealed)) {
        view.progress.element.hidden = false;
        view.sealed = await sealEnvelope(this.#job(view, signal));
      }
      clear(this.#messages);
    } catch (error) {
      const stopped = error instanceof UploadError && error.kind === "stopped";
      this.#say(stopped ? "info" : "danger", explain(error));
      if (!(error instanceof UploadError)) console.warn(error);
    }
    this.#abort = null;
    this.#busy(false);
    this.#changed();
    if (!this.#sealed.hidden) focusOn(this.#submitButton);
  }

  #busy(on: boolean): void {
    this.#slots.forEach((view) => view.lock(on));
    this.#sealButton.disabled = on;
    this.#stopButton.hidden = !on;
    if (on) this.#steps(1);
  }

  async #submit(): Promise<void> {
    const sealed = this.#filled.map((view) => view.sealed as SealedEnvelope);
    const body: SealBody = {
      key: crypto.randomUUID(),
      envelopes: sealed.map(({ kind, lot, upload, size: bytes, sha256, commitment }) => ({ kind, lot, upload, size: bytes, sha256, commitment })),
    };
    const documents = sealed.map(({ manifest }) => JSON.parse(fromUtf8(manifest)) as Json);
    const record: SealRecord = { body, documents, receipt: null, links: null };
    // Kept before it leaves: a retry after a cut, or from a new tab, gives the same receipt.
    await save("seals", this.#recordKey, record);
    await this.#post(record);
  }

  async #post(record: SealRecord): Promise<void> {
    this.#submitButton.disabled = true;
    this.#say("info", t.deposit.submitting);
    try {
      const answer = await postJson<ReceiptFile>(this.#data.seal_url, record.body);
      const done: SealRecord = { ...record, receipt: answer.body, links: linksOf(answer.headers, this.#data.seal_url, answer.body.receipt.submission) };
      await save("seals", this.#recordKey, done);
      for (const view of this.#slots) await forget("uploads", this.#slotKey(view));
      this.#showReceipt(done);
    } catch (error) {
      this.#submitButton.disabled = false;
      const refused = error instanceof HttpError && error.status >= 400 && error.status < 500 && ![401, 403, 408, 429].includes(error.status);
      if (refused) await forget("seals", this.#recordKey);
      this.#say("danger", explain(error), ...(refused ? [] : [this.#again(record)]));
    }
  }

  #again(record: SealRecord): HTMLElement {
    return h("div", { class: "cluster" }, button(t.deposit.pendingAction, () => void this.#post(record)));
  }

  #pending(record: SealRecord): void {
    this.#say("warning", t.deposit.pending, this.#again(record));
  }

  #showReceipt(record: SealRecord): void {
    const label = (kind: string, lot: string | null): string =>
      this.#data.envelopes.find((slot) => slot.kind === kind && slot.lot === lot)?.label ?? t.deposit.envelopeOf[kind] ?? kind;
    const again = (): void => void forget("seals", this.#recordKey).then(() => window.location.reload());
    clear(this.#root, receiptView(record, label, again));
    void complete(record, async (receipt) => {
      const done = { ...record, receipt };
      await save("seals", this.#recordKey, done);
      clear(this.#root, receiptView(done, label, again));
    });
  }
}

async function main(): Promise<void> {
  const root = document.getElementById("deposit");
  if (!root) return;
  if (!window.isSecureContext || !window.indexedDB) return clear(root, notice("danger", t.common.insecure));
  clear(root, h("p", { role: "status" }, t.common.loading));
  try {
    const data = await getJson<DepositData>(root.dataset["url"] ?? "");
    await new DepositPage(root, data).start();
  } catch (error) {
    clear(root, notice("danger", explain(error), h("div", { class: "cluster" }, button(t.common.retry, () => void main()))));
  }
}

void main();
