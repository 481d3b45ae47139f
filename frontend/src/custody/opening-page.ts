/** The board's session. The session's own identity lives in this page's memory only; a reload loses it, and the page says so. */
import { generateX25519Identity } from "age-encryption";
import { recipientOf } from "../age/bech32.ts";
import { openWith, sealTo } from "../age/small.ts";
import { canonical, type Bytes, fingerprint, fromBase64, fromUtf8, toBase64 } from "../bytes.ts";
import { getJson, postJson } from "../http.ts";
import { t } from "../texts.ts";
import { button, choice, clear, focusOn, h, notice, status, type Tone } from "../ui/dom.ts";
import { failed, type Place, say, withData } from "./page.ts";
import { fileKeys, openShare, rejoinFor, type ShareContent, shareBytes, WrongShareError } from "./shares.ts";
import { type Unlocked, type UnlockData, UnlockView } from "./unlock.ts";

interface SessionKey {
  readonly key_id: string;
  readonly kind: "application" | "bid";
  readonly lot: string | null;
  readonly key: string;
  readonly threshold: number;
  readonly my_share: string | null;
  readonly released: readonly { readonly custodian: string; readonly name: string; readonly sealed: string }[];
  readonly i_released: boolean;
  readonly opened: boolean;
  readonly envelopes: readonly { readonly id: string; readonly company: string; readonly header: string }[];
}

interface SessionData extends UnlockData {
  readonly now: string;
  readonly state: string;
  readonly stage: "application" | "bid" | null;
  readonly i_am_chair: boolean;
  readonly session_recipient: string | null;
  readonly keys: readonly SessionKey[];
  readonly urls: { readonly session_key: string; readonly share: string; readonly open: string };
}

interface OpenedEnvelope {
  readonly envelope: string;
  readonly state: "opened" | "unreadable";
  readonly reason: string | null;
}

const POLL_MS = 3000;
const name = (key: SessionKey): string => [t.deposit.envelopeOf[key.kind] ?? key.kind, key.lot ? `lot ${key.lot}` : ""].filter(Boolean).join(", ");

/** Eight characters of the session recipient's fingerprint: a server that put its own recipient in between would change them. */
export const sessionCode = async (recipient: string): Promise<string> =>
  ((await fingerprint(recipient)).slice(0, 8).match(/.{4}/g) ?? []).join(" ").toUpperCase();

const openedKeys = (data: SessionData): string => data.keys.filter((key) => key.opened).map((key) => key.key_id).join();

/** The list of received submissions, as the server now writes it: a page that stays open must not go on saying "sealed". */
async function renewReceived(): Promise<void> {
  const old = document.querySelector("[data-received]");
  if (!old) return;
  try {
    const page = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    const fresh = page.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-received]");
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  } catch {
    // Offline for a moment: the list stays as it was until "Continuer" loads the page again.
  }
}

class OpeningPage {
  readonly #place: Place;
  #data: SessionData;
  #session: { identity: string; recipient: string } | null = null;
  #unlocked: Unlocked | null = null;
  #agreed = "";
  #busy = false;
  #drawn = "";
  readonly #message = h("div", { class: "stack" });
  readonly #main = h("div", { class: "stack" });
  readonly #unlockBox = h("div", { class: "stack" });
  readonly #results = h("div", { class: "stack" });

  constructor(place: Place, data: SessionData) {
    this.#place = place;
    this.#data = data;
  }

  async show(): Promise<void> {
    clear(this.#place.root, this.#main, this.#unlockBox, this.#message, this.#results);
    window.addEventListener("beforeunload", (event) => {
      if (this.#session && this.#data.keys.some((key) => !key.opened)) event.preventDefault();
    });
    await this.#draw();
    this.#poll();
  }

  #poll(): void {
    setTimeout(() => {
      void (this.#busy || document.hidden ? Promise.resolve() : this.#refresh()).finally(() => this.#poll());
    }, POLL_MS);
  }

  async #refresh(): Promise<void> {
    try {
      const before = openedKeys(this.#data);
      this.#data = await getJson<SessionData>(this.#place.url);
      await this.#draw();
      if (openedKeys(this.#data) !== before) await renewReceived();
    } catch (error) {
      clear(this.#message, notice("warning", say(error)));
    }
  }

  get #holdsSession(): boolean {
    return this.#session !== null && this.#session.recipient === this.#data.session_recipient;
  }

  /** Draws only what changed, so that focus and what a person is typing stay. */
  async #draw(): Promise<void> {
    const shape = JSON.stringify([this.#data.state, this.#data.stage, this.#data.session_recipient, this.#data.keys, this.#holdsSession, Boolean(this.#unlocked), this.#agreed]);
    if (shape === this.#drawn) return;
    this.#drawn = shape;
    const data = this.#data;
    const focused = document.activeElement?.id;
    if (data.state !== "opening" || !data.stage) {
      clear(this.#unlockBox);
      return clear(this.#main, notice("info", data.state === "opened" ? t.opening.closed : t.opening.notYet));
    }
    const code = data.session_recipient ? await sessionCode(data.session_recipient) : null;
    const all = data.keys.length > 0 && data.keys.every((key) => key.opened);
    // Leaving the page forgets the session's key: the way on is offered once every key of the stage has been used.
    const on = all && this.#results.childElementCount > 0 && h("div", { class: "cluster" }, button(t.common.goOn, () => window.location.reload()));
    clear(this.#main, h("h2", {}, t.opening.stage(data.stage)), all ? notice("success", t.opening.over) : this.#sessionBox(code), this.#table(), on);
    this.#drawMine(code);
    if (focused) document.getElementById(focused)?.focus();
  }

  #sessionBox(code: string | null): HTMLElement {
    const { i_am_chair: chair, session_recipient: recipient } = this.#data;
    const shown = code && h("p", { class: "session-code" }, t.opening.code, " : ", h("strong", { class: "sum" }, code));
    const hint = h("p", { class: "field__hint" }, t.opening.codeHint);
    // Between two stages the chair's page was loaded again, and nobody has given a share of the new one yet.
    const untouched = this.#data.keys.every((key) => !key.released.length);
    if (!recipient || (chair && !this.#session && untouched)) {
      if (!chair) return notice("info", t.opening.wait);
      return h("div", { class: "stack" }, h("p", {}, t.opening.prepareHint), h("div", { class: "cluster" }, button(t.opening.prepare, () => void this.#take())));
    }
    if (this.#holdsSession) return h("div", { class: "stack" }, h("p", {}, status("success", t.opening.here)), shown, hint);
    const lost = chair ? h("details", { class: "more" }, h("summary", {}, t.opening.takeOver),
      h("div", { class: "stack" }, h("p", {}, t.opening.takeOverHint), h("div", { class: "cluster" }, button(t.opening.takeOver, () => void this.#take(), "danger")))) : null;
    return h("div", { class: "stack" }, this.#session || chair ? notice("warning", chair || this.#session ? t.opening.stale : t.opening.elsewhere) : h("p", {}, t.opening.elsewhere), shown, hint, lost);
  }

  #table(): HTMLElement {
    const rows = this.#data.keys.map((key) => {
      const enough = key.released.length >= key.threshold;
      const [tone, word]: [Tone, string] = key.opened ? ["success", t.opening.opened] : enough ? ["success", t.opening.ready] : ["info", t.opening.waits];
      const from = key.released.length ? h("span", { class: "field__hint" }, ` ${t.opening.from(key.released.map((share) => share.name))}`) : null;
      const open = this.#holdsSession && enough && !key.opened ? button(t.opening.open, () => void this.#open(key)) : null;
      if (open) open.setAttribute("aria-label", `${t.opening.open} : ${name(key)}`);
      return h("tr", {}, h("th", { scope: "row" }, name(key)), h("td", {}, t.opening.parts(key.released.length, key.threshold), from),
        h("td", { class: "number" }, String(key.envelopes.length)), h("td", {}, status(tone, word), open && " ", open));
    });
    const head = [t.opening.key, t.opening.shares, t.opening.envelopes, t.opening.state].map((label) => h("th", { scope: "col" }, label));
    return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": t.opening.shares },
      h("table", { class: "table" }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows)));
  }

  /** The custodian's side: unlock once, compare the code, give each share. */
  #drawMine(code: string | null): void {
    const mine = this.#data.keys.filter((key) => key.my_share && !key.opened);
    if (!mine.length) return clear(this.#unlockBox);
    if (!this.#unlocked) {
      if (this.#unlockBox.childElementCount) return;
      const view = new UnlockView(this.#data, this.#place.worker, (unlocked) => {
        this.#unlocked = unlocked;
        clear(this.#unlockBox);
        void this.#draw();
      });
      return clear(this.#unlockBox, view.element);
    }
    const left = mine.filter((key) => !key.i_released);
    if (!left.length) return clear(this.#unlockBox, notice("success", t.opening.given));
    if (!code || !this.#data.session_recipient) return clear(this.#unlockBox, notice("success", t.unlock.done(""), t.opening.wait));
    const recipient = this.#data.session_recipient;
    const note = h("div", { role: "status" });
    const give = button(t.opening.give, () => {
      if (!this.#holdsSession && this.#agreed !== recipient) return clear(note, notice("warning", t.opening.codeNeeded));
      void this.#give(left, recipient, give);
    });
    const tick = choice(`${t.opening.codeAgreed} ${code}`, (on) => {
      this.#agreed = on ? recipient : "";
      this.#drawn = "";
      clear(note);
    }, this.#agreed === recipient);
    clear(this.#unlockBox, h("p", {}, t.opening.giveHint), this.#holdsSession ? null : tick.element, h("div", { class: "cluster" }, give), note);
  }

  async #act(work: () => Promise<void>): Promise<void> {
    this.#busy = true;
    clear(this.#message);
    try {
      await work();
    } catch (error) {
      failed(this.#message, error);
    }
    this.#busy = false;
    this.#drawn = "";
    await this.#refresh();
  }

  #take(): Promise<void> {
    return this.#act(async () => {
      const identity = await generateX25519Identity();
      const recipient = await recipientOf(identity);
      await postJson(this.#data.urls.session_key, { recipient });
      this.#session = { identity, recipient };
    });
  }

  #give(keys: readonly SessionKey[], recipient: string, give: HTMLButtonElement): Promise<void> {
    give.disabled = true;
    const { identity, method } = this.#unlocked as Unlocked;
    return this.#act(async () => {
      for (const key of keys) {
        const content = await openShare(identity, key.my_share as string, key);
        const sealed = await sealTo(recipient, canonical({ ...content }));
        await postJson(this.#data.urls.share, { key_id: key.key_id, sealed: toBase64(sealed), method });
      }
    });
  }

  async #received(key: SessionKey, identity: string): Promise<{ shares: Bytes[]; foreign: string[] }> {
    const shares: Bytes[] = [];
    const foreign: string[] = [];
    for (const release of key.released) {
      try {
        const content = JSON.parse(fromUtf8(await openWith(identity, fromBase64(release.sealed)))) as ShareContent;
        if (content.key !== key.key) throw new WrongShareError("another key");
        shares.push(shareBytes(content));
      } catch {
        foreign.push(release.name);
      }
    }
    return { shares, foreign };
  }

  #open(key: SessionKey): Promise<void> {
    const session = this.#session as { identity: string };
    clear(this.#results, h("p", { role: "status" }, t.opening.opening));
    return this.#act(async () => {
      const { shares, foreign } = await this.#received(key, session.identity);
      let identity: string;
      try {
        identity = await rejoinFor(key.key, shares, key.threshold);
      } catch {
        return clear(this.#results, notice("danger", t.opening.badShares, foreign.length > 0 && `${t.opening.foreignShare} (${foreign.join(", ")})`));
      }
      const file_keys = await fileKeys(identity, key.envelopes);
      const answer = await postJson<{ opened: OpenedEnvelope[] }>(this.#data.urls.open, { key_id: key.key_id, file_keys });
      this.#showResults(key, answer.body.opened);
    });
  }

  #showResults(key: SessionKey, opened: readonly OpenedEnvelope[]): void {
    const line = (id: string, good: boolean, reason: string): HTMLElement =>
      h("tr", {}, h("th", { scope: "row" }, key.envelopes.find((envelope) => envelope.id === id)?.company ?? id),
        h("td", {}, status(good ? "success" : "danger", good ? t.opening.okEnvelope : t.opening.badEnvelope), reason && ` ${reason}`));
    const told = opened.map((item) => line(item.envelope, item.state === "opened", item.reason ?? ""));
    const title = h("h2", { tabindex: -1 }, `${t.opening.result} : ${name(key)}`);
    clear(this.#results, title, h("table", { class: "table" }, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t.opening.company), h("th", { scope: "col" }, t.opening.state))),
      h("tbody", {}, ...told)));
    focusOn(title);
  }
}

export const openingPage = (place: Place): Promise<void> => withData<SessionData>(place, (data) => new OpeningPage(place, data).show());
