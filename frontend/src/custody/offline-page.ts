import { identityIn, NotSealedFileError, openByPhrase } from "../age/small.ts";
import { t } from "../texts.ts";
import { button, clear, field, fieldError, focusOn, h, notice, saveFile } from "../ui/dom.ts";
import { normalisePhrase } from "../words.ts";
import { identityFile, type OfflineKey, parseShares, rejoinOffline, sharesFor } from "./offline.ts";

const label = (key: OfflineKey): string => [t.deposit.envelopeOf[key.kind] ?? key.kind, key.lot ? `lot ${key.lot}` : ""].filter(Boolean).join(", ");

class OfflinePage {
  readonly #root: HTMLElement;
  #keys: OfflineKey[] = [];
  readonly #identities: string[] = [];
  readonly #shares = h("input", { type: "file", accept: ".json" });
  readonly #pasted = h("textarea", { rows: 3, spellcheck: "false" });
  readonly #sharesState = h("p", { role: "status" });
  readonly #file = h("input", { type: "file", accept: ".txt,.age" });
  readonly #phrase = h("input", { type: "password", autocomplete: "off", autocapitalize: "none", spellcheck: "false" });
  readonly #keysState = h("div", { role: "status" });
  readonly #result = h("div", { class: "stack" });

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  show(): void {
    this.#shares.addEventListener("change", () => void this.#shares.files?.[0]?.text().then((text) => this.#load(text)));
    this.#pasted.addEventListener("input", () => void this.#load(this.#pasted.value));
    const submit = (event: Event): void => {
      event.preventDefault();
      void this.#add();
    };
    clear(this.#root, h("p", {}, t.offline.intro), notice("warning", t.offline.warning),
      h("h2", {}, t.offline.sharesTitle), field(t.offline.shares, this.#shares, t.offline.sharesHint), field(t.offline.paste, this.#pasted), this.#sharesState,
      h("h2", {}, t.offline.keys),
      h("form", { class: "form", novalidate: true, onsubmit: submit }, field(t.offline.file, this.#file), field(t.offline.phrase, this.#phrase),
        h("div", { class: "cluster" }, h("button", { type: "submit", class: "button" }, t.offline.add)), this.#keysState),
      h("h2", {}, t.offline.result), this.#result);
    this.#root.classList.add("stack");
  }

  async #load(text: string): Promise<void> {
    const keys = parseShares(text);
    this.#keys = keys ?? [];
    fieldError(this.#shares, keys || !text.trim() ? "" : t.offline.badShares);
    this.#sharesState.textContent = keys ? t.offline.found(keys.length) : "";
    await this.#draw();
  }

  async #add(): Promise<void> {
    fieldError(this.#file, "");
    fieldError(this.#phrase, "");
    const text = await this.#file.files?.[0]?.text();
    if (!text) return fieldError(this.#file, t.unlock.fileWanted);
    clear(this.#keysState, h("p", {}, t.offline.working));
    await new Promise((resolve) => setTimeout(resolve, 50)); // lets the sentence show before the page freezes
    let identity: string;
    try {
      identity = text.includes("BEGIN AGE ENCRYPTED FILE") ? identityIn(await openByPhrase(normalisePhrase(this.#phrase.value), text)) : identityIn(text);
    } catch (error) {
      clear(this.#keysState);
      return error instanceof NotSealedFileError ? fieldError(this.#file, t.unlock.notFile) : fieldError(this.#phrase, t.unlock.wrong);
    }
    if (this.#identities.includes(identity)) return clear(this.#keysState, notice("warning", t.offline.twice));
    const held = await Promise.all(this.#keys.map((key) => sharesFor(key, [identity])));
    if (this.#keys.length && held.every((shares) => !shares.length)) return clear(this.#keysState, notice("warning", t.offline.noShare));
    this.#identities.push(identity);
    this.#file.value = "";
    this.#phrase.value = "";
    clear(this.#keysState, notice("success", t.offline.added(this.#identities.length)));
    await this.#draw();
    focusOn(this.#file);
  }

  async #draw(): Promise<void> {
    const items = await Promise.all(this.#keys.map((key) => this.#item(key)));
    clear(this.#result, ...items);
  }

  async #item(key: OfflineKey): Promise<HTMLElement> {
    const shares = await sharesFor(key, this.#identities);
    const head = [h("h3", {}, label(key)), h("p", {}, t.offline.state(shares.length, key.threshold))];
    if (shares.length < key.threshold) return h("div", { class: "card" }, ...head);
    try {
      const { name, text } = await identityFile(key, await rejoinOffline(key, shares));
      return h("div", { class: "card" }, ...head, h("div", { class: "cluster" }, button(t.offline.save(name), () => saveFile(name, text, "text/plain"))), h("p", {}, h("code", {}, t.offline.usage(name))));
    } catch {
      return h("div", { class: "card" }, ...head, notice("danger", t.offline.bad));
    }
  }
}

export const offlinePage = (root: HTMLElement): void => new OfflinePage(root).show();
