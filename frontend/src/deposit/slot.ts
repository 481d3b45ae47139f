/** One envelope on the page: file choice, checks shown at once, key fingerprint, progress. */
import { checkFile, duplicates, totalSize, type Finding } from "../checks.ts";
import { fingerprint } from "../bytes.ts";
import { grouped, size } from "../french.ts";
import type { SealedEnvelope } from "../seal/envelope.ts";
import { t } from "../texts.ts";
import { button, choice, clear, focusOn, h, notice, Progress, status, uid } from "../ui/dom.ts";
import type { DepositData, EnvelopeSlot } from "./contract.ts";

export class SlotView {
  readonly slot: EnvelopeSlot;
  readonly element: HTMLElement;
  readonly progress: Progress;
  readonly id = uid("enveloppe");
  files: File[] = [];
  keyMatches: boolean | null = null;
  keeps = false;
  /** Set once these very files are sealed and uploaded. */
  sealed: SealedEnvelope | null = null;
  readonly #data: DepositData;
  readonly #changed: () => void;
  readonly #findings = new Map<File, Finding[]>();
  readonly #list = h("ul", { class: "upload__list" });
  readonly #notes = h("div", { class: "stack" });
  readonly #key = h("div", { class: "stack" });
  readonly #live = h("p", { class: "visually-hidden", role: "status" });
  readonly #input: HTMLInputElement;
  #locked = false;

  constructor(slot: EnvelopeSlot, data: DepositData, changed: () => void) {
    this.slot = slot;
    this.#data = data;
    this.#changed = changed;
    this.progress = new Progress(slot.label);
    this.progress.element.hidden = true;
    const { limits } = data;
    const hint = h("p", { class: "field__hint", id: `${this.id}-hint` }, t.deposit.chooseHint(size(limits.file), size(limits.envelope), limits.extensions.join(", ")));
    this.#input = h("input", { type: "file", multiple: true, id: `${this.id}-fichiers`, "aria-describedby": hint.id, accept: limits.extensions.join(","), onchange: () => this.#add() });
    const box = h("div", { class: "upload" },
      h("div", { class: "field" }, h("label", { class: "field__label", for: this.#input.id }, t.deposit.choose), hint, this.#input),
      this.#list, this.#notes, this.progress.element, this.#live);
    box.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.dataset["over"] = "";
    });
    for (const type of ["dragleave", "drop"]) box.addEventListener(type, () => delete box.dataset["over"]);
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
    const required = status("info", slot.required ? t.deposit.required : t.deposit.optional);
    this.element = h("section", { class: "stack", id: this.id, "aria-labelledby": `${this.id}-titre` },
      h("h2", { id: `${this.id}-titre` }, slot.label), h("p", {}, required), box, this.#key);
    void this.#checkKey();
  }

  async #checkKey(): Promise<void> {
    this.keyMatches = (await fingerprint(this.slot.recipient)) === this.slot.fingerprint;
    const print = h("code", { class: "fingerprint" }, grouped(this.slot.fingerprint));
    if (this.keyMatches) {
      clear(this.#key, h("details", { class: "why" }, h("summary", {}, t.deposit.key),
        h("div", { class: "why__body stack" }, h("p", {}, print), h("p", {}, t.deposit.keyHint), h("p", {}, status("success", t.deposit.keyRight)))));
    } else clear(this.#key, notice("danger", t.deposit.keyWrong(this.slot.label), h("p", {}, print)));
    this.#changed();
  }

  lock(on: boolean): void {
    this.#locked = on;
    this.#input.disabled = on;
    for (const item of this.#list.querySelectorAll("button")) item.disabled = on;
  }

  #add(): void {
    const files = [...(this.#input.files ?? [])];
    this.#input.value = "";
    this.add(files);
  }

  add(files: readonly File[]): void {
    if (this.#locked || files.length === 0) return;
    // The same file chosen again replaces the earlier choice.
    const again = (old: File): boolean => files.some((file) => file.name === old.name && file.size === old.size && file.lastModified === old.lastModified);
    this.files = [...this.files.filter((old) => !again(old)), ...files];
    this.#edited();
    for (const file of files) void this.#check(file);
  }

  async #check(file: File): Promise<void> {
    this.#findings.set(file, await checkFile(file, this.slot, this.#data.limits));
    this.#edited(false);
  }

  #edited(reset = true): void {
    if (reset) {
      this.sealed = null;
      this.keeps = false;
    }
    this.#draw();
    this.#changed();
  }

  get findings(): Finding[] {
    return [...this.files.flatMap((file) => this.#findings.get(file) ?? []), ...duplicates(this.files)];
  }

  get checking(): boolean {
    return this.files.some((file) => !this.#findings.has(file));
  }

  get tooBig(): boolean {
    return totalSize(this.files) > this.#data.limits.envelope;
  }

  /** Sentences that stop the deposit, each for the error summary. */
  problems(): string[] {
    const out: string[] = [];
    const blocks = this.findings.filter((finding) => finding.severity === "block").length;
    if (this.keyMatches === false) out.push(t.deposit.keyWrong(this.slot.label));
    if (this.slot.required && this.files.length === 0) out.push(t.checks.missing(this.slot.label));
    if (blocks) out.push(t.deposit.fix(this.slot.label, blocks));
    if (this.tooBig) out.push(t.checks.envelopeTooBig(this.#data.limits.envelope));
    if (!blocks && !this.keeps && this.findings.some((finding) => finding.severity === "confirm")) out.push(t.deposit.keepNeeded(this.slot.label));
    return out;
  }

  #draw(): void {
    clear(this.#list, ...this.files.map((file) => this.#row(file)));
    const confirm = this.findings.some((finding) => finding.severity === "confirm");
    const tick = choice(t.deposit.keep, (on) => {
      this.keeps = on;
      this.#changed();
    }, this.keeps);
    clear(this.#notes, this.tooBig && notice("danger", t.checks.envelopeTooBig(this.#data.limits.envelope)), confirm && tick.element);
    if (!this.checking) {
      const count = this.findings.length;
      this.#live.textContent = count ? t.deposit.fix(this.slot.label, count) : "";
    }
  }

  #row(file: File): HTMLElement {
    const found = [...(this.#findings.get(file) ?? []), ...duplicates(this.files).filter((finding) => finding.file === file.name)];
    const state = h("div", { class: "upload__state stack" });
    if (!this.#findings.has(file)) state.append(h("p", {}, `${size(file.size)} · `, t.checks.running));
    else if (!found.length) state.append(h("p", {}, `${size(file.size)} · `, status("success", t.checks.ok)));
    else {
      state.append(h("p", {}, size(file.size)));
      for (const finding of found) {
        const block = finding.severity === "block";
        state.append(h("p", {}, status(block ? "danger" : "warning", block ? t.checks.block : t.checks.confirm), " ", t.checks.problem(finding)));
      }
    }
    const remove = button(t.deposit.removeShort, () => {
      this.files = this.files.filter((other) => other !== file);
      this.#findings.delete(file);
      this.#edited();
      focusOn(this.#input);
    }, "secondary");
    remove.setAttribute("aria-label", t.deposit.remove(file.name));
    remove.disabled = this.#locked;
    return h("li", { class: "upload__item" }, h("span", { class: "upload__name" }, file.name), remove, state);
  }

  waiting(names: readonly string[]): void {
    if (!this.files.length) clear(this.#notes, notice("info", t.deposit.resume(names)));
  }
}
