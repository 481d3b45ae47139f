/** Unlocks a custodian's identity in this page: by phrase and sealed file, or by passkey. */
import { findIdentity, recipientOf } from "../age/bech32.ts";
import { identityIn, readArmor } from "../age/small.ts";
import { t } from "../texts.ts";
import { button, clear, field, fieldError, focusOn, h, notice } from "../ui/dom.ts";
import { normalisePhrase, PHRASE_WORDS, strangers } from "../words.ts";
import { openByPasskey } from "./passkey.ts";
import { phraseWork } from "./phrase.ts";

export type Method = "passphrase" | "passkey";

export interface Unlocked {
  readonly identity: string;
  readonly method: Method;
}

export interface UnlockData {
  readonly sealed_by_passphrase: string | null;
  readonly sealed_by_passkey: string | null;
  /** The recipient that the shares are sealed to. */
  readonly recipient: string | null;
}

export class UnlockView {
  readonly element = h("section", { class: "stack" });
  readonly #data: UnlockData;
  readonly #worker: URL;
  readonly #done: (unlocked: Unlocked) => void;
  readonly #phrase = h("input", { type: "password", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  readonly #file = h("input", { type: "file", accept: ".txt,.age" });
  readonly #state = h("div", { role: "status" });
  readonly #buttons: HTMLButtonElement[] = [];

  constructor(data: UnlockData, worker: URL, done: (unlocked: Unlocked) => void) {
    this.#data = data;
    this.#worker = worker;
    this.#done = done;
    this.#draw();
  }

  #draw(): void {
    const { sealed_by_passphrase: server, sealed_by_passkey: passkey, recipient } = this.#data;
    const parts: HTMLElement[] = [h("h2", {}, t.unlock.title), h("p", { class: "field__hint" }, t.unlock.hint)];
    if (!recipient) return clear(this.element, ...parts, notice("warning", t.unlock.missing));
    if (passkey) {
      const go = button(t.unlock.passkey, () => void this.#byPasskey(passkey));
      this.#buttons.push(go);
      parts.push(h("div", { class: "cluster" }, go));
    }
    const file = field(t.unlock.file, this.#file, server ? t.unlock.fileHint : t.unlock.fileWanted);
    const go = h("button", { type: "submit", class: passkey ? "button button--secondary" : "button" }, t.unlock.go);
    this.#buttons.push(go);
    const submit = (event: Event): void => {
      event.preventDefault();
      void this.#byPhrase();
    };
    parts.push(h("form", { class: "form", novalidate: true, onsubmit: submit },
      server ? null : file,
      field(t.unlock.phrase, this.#phrase, t.unlock.phraseHint),
      server ? h("details", { class: "more" }, h("summary", {}, t.unlock.fileOther), file) : null,
      h("div", { class: "cluster" }, go), this.#state));
    clear(this.element, ...parts);
  }

  async #armored(): Promise<string | null> {
    const chosen = this.#file.files?.[0];
    return chosen ? chosen.text() : this.#data.sealed_by_passphrase;
  }

  async #byPhrase(): Promise<void> {
    fieldError(this.#file, "");
    fieldError(this.#phrase, "");
    const armored = await this.#armored();
    if (!armored) return fieldError(this.#file, t.unlock.fileWanted);
    const phrase = normalisePhrase(this.#phrase.value);
    const words = phrase ? phrase.split(" ") : [];
    if (words.length !== PHRASE_WORDS) return fieldError(this.#phrase, t.unlock.count(words.length));
    const odd = strangers(phrase);
    if (odd.length) return fieldError(this.#phrase, t.unlock.strangers(odd));
    try {
      readArmor(armored);
    } catch {
      return fieldError(this.#file, t.unlock.notFile);
    }
    await this.#try("passphrase", () => phraseWork(this.#worker, { do: "open", phrase, text: armored }), t.unlock.wrong);
  }

  async #byPasskey(armored: string): Promise<void> {
    await this.#try("passkey", () => openByPasskey(armored), t.unlock.passkeyFailed);
  }

  async #try(method: Method, open: () => Promise<string>, wrong: string): Promise<void> {
    this.#busy(true);
    clear(this.#state, h("p", {}, t.unlock.working));
    let text: string;
    try {
      text = await open();
    } catch (error) {
      const started = !(error instanceof Error && error.name === "WorkerError");
      this.#fail(started ? wrong : t.deposit.worker);
      return;
    }
    const identity = findIdentity(text) ? identityIn(text) : null;
    if (!identity || (await recipientOf(identity)) !== this.#data.recipient) return this.#fail(t.unlock.other);
    this.#phrase.value = "";
    clear(this.#state);
    this.#done({ identity, method });
  }

  #fail(message: string): void {
    this.#busy(false);
    clear(this.#state, notice("danger", message));
    focusOn(this.#phrase);
  }

  #busy(on: boolean): void {
    this.#buttons.forEach((item) => (item.disabled = on));
  }
}
