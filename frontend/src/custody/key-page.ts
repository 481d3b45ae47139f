import { generateX25519Identity } from "age-encryption";
import { recipientOf } from "../age/bech32.ts";
import { identityIn, keyFile } from "../age/small.ts";
import { fingerprint } from "../bytes.ts";
import { grouped } from "../french.ts";
import { postJson } from "../http.ts";
import { t } from "../texts.ts";
import { button, choice, clear, field, fieldError, focusOn, h, notice, saveFile, status } from "../ui/dom.ts";
import { makePhrase, normalisePhrase, PHRASE_BITS } from "../words.ts";
import { failed, folder, type Place, withData } from "./page.ts";
import { passkeysPossible, sealByPasskey } from "./passkey.ts";
import { phraseWork } from "./phrase.ts";

interface KeyData {
  readonly person: string;
  readonly post_url?: string;
  readonly name: string;
  readonly key: null | {
    readonly id: string;
    readonly recipient: string;
    readonly fingerprint: string;
    readonly sealed_by_passphrase: string | null;
    readonly sealed_by_passkey: string | null;
  };
}

interface Making {
  readonly identity: string;
  readonly recipient: string;
  readonly phrase: string;
}

const FILE = "ma-cle-parvis.age.txt";

class KeyPage {
  readonly #place: Place;
  readonly #data: KeyData;
  readonly #box = h("div", { class: "stack" });

  constructor(place: Place, data: KeyData) {
    this.#place = place;
    this.#data = data;
  }

  show(): void {
    const { key } = this.#data;
    if (!key) {
      clear(this.#box, h("div", { class: "cluster" }, button(t.key.create, () => void this.#begin())));
    } else {
      const renew = button(t.key.renew, () => void this.#begin(), "secondary");
      clear(this.#box, h("p", {}, t.key.where(Boolean(key.sealed_by_passphrase), Boolean(key.sealed_by_passkey))),
        h("details", { class: "more" }, h("summary", {}, t.key.renew), h("div", { class: "stack" }, h("p", {}, t.key.renewWarn), h("div", { class: "cluster" }, renew))));
    }
    clear(this.#place.root, this.#box);
  }

  async #begin(): Promise<void> {
    clear(this.#box, h("p", { role: "status" }, t.key.making));
    const identity = await generateX25519Identity();
    this.#showPhrase({ identity, recipient: await recipientOf(identity), phrase: makePhrase() });
  }

  #showPhrase(made: Making): void {
    const title = h("h2", { tabindex: -1 }, t.key.phraseTitle);
    const words = made.phrase.split(" ").map((word) => h("li", {}, h("strong", {}, word)));
    clear(this.#box, title, h("ol", { class: "phrase", "aria-label": t.key.phraseTitle, translate: "no" }, ...words),
      h("p", {}, t.key.phraseHint(PHRASE_BITS)), h("div", { class: "cluster" }, button(t.key.noted, () => this.#confirm(made))));
    focusOn(title);
  }

  #confirm(made: Making): void {
    const typed = h("input", { type: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
    const submit = (event: Event): void => {
      event.preventDefault();
      if (normalisePhrase(typed.value) !== made.phrase) return fieldError(typed, t.key.differs);
      void this.#seal(made);
    };
    clear(this.#box, h("h2", {}, t.key.confirmTitle),
      h("form", { class: "form", novalidate: true, onsubmit: submit }, field(t.key.confirm, typed, t.key.confirmHint),
        h("div", { class: "cluster" }, h("button", { type: "submit", class: "button" }, t.key.check), button(t.key.seeAgain, () => this.#showPhrase(made), "secondary"))));
    focusOn(typed);
  }

  async #seal(made: Making): Promise<void> {
    clear(this.#box, h("p", { role: "status" }, t.key.sealing));
    try {
      const text = keyFile(made.identity, made.recipient);
      const sealed = await phraseWork(this.#place.worker, { do: "seal", phrase: made.phrase, text });
      // Opened once before it is trusted: a file that does not open is found today, not on the day.
      const again = await phraseWork(this.#place.worker, { do: "open", phrase: made.phrase, text: sealed });
      if (identityIn(again) !== made.identity) throw new Error("the sealed file does not give the key back");
      await this.#keep(made, text, sealed);
    } catch (error) {
      failed(this.#box, error);
    }
  }

  async #keep(made: Making, text: string, sealed: string): Promise<void> {
    let copy = true;
    let saved = false;
    let passkey: string | null = null;
    const state = h("div", { class: "stack", role: "status" });
    const register = button(t.key.register, () => {
      if (!saved) return clear(state, notice("warning", t.key.saveFirst));
      void this.#register(made, copy ? sealed : null, passkey, state, register);
    });
    const save = button(t.key.save, () => {
      saveFile(FILE, sealed, "text/plain");
      saved = true;
      clear(state);
    }, "secondary");
    const keep = choice(t.key.keepCopy, (on) => (copy = on), true);
    const more = h("div", { class: "stack" });
    if (await passkeysPossible()) {
      const add = button(t.key.passkey, () => {
        void sealByPasskey(`Parvis – ${this.#data.name}`, text).then(
          (armored) => {
            passkey = armored;
            clear(more, h("p", {}, status("success", t.key.passkeyAdded)));
          },
          () => clear(more, notice("warning", t.key.passkeyFailed)),
        );
      }, "secondary");
      clear(more, h("div", { class: "cluster" }, add), h("p", { class: "field__hint" }, t.key.passkeyHint));
    }
    const title = h("h2", { tabindex: -1 }, t.key.saveTitle);
    clear(this.#box, title, h("p", {}, t.key.saveHint), h("div", { class: "cluster" }, save), keep.element, more, h("div", { class: "form-actions" }, register), state);
    focusOn(title);
  }

  async #register(made: Making, sealed: string | null, passkey: string | null, state: HTMLElement, register: HTMLButtonElement): Promise<void> {
    register.disabled = true;
    try {
      await postJson(this.#data.post_url ?? folder(this.#place.url), { recipient: made.recipient, sealed_by_passphrase: sealed, sealed_by_passkey: passkey });
      const print = grouped(await fingerprint(made.recipient));
      const done = notice("success", t.key.registered, h("p", {}, t.key.fingerprint, " : ", h("code", { class: "fingerprint" }, print)), t.key.next,
        h("div", { class: "cluster" }, button(t.common.goOn, () => window.location.reload())));
      clear(this.#box, done);
      focusOn(done);
    } catch (error) {
      register.disabled = false;
      failed(state, error);
    }
  }
}

export const keyPage = (place: Place): Promise<void> => withData<KeyData>(place, (data) => new KeyPage(place, data).show());
