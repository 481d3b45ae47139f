import { sealTo } from "../age/small.ts";
import { fingerprint, random, sha256Hex, toBase64 } from "../bytes.ts";
import { grouped } from "../french.ts";
import { postJson } from "../http.ts";
import { t } from "../texts.ts";
import { button, clear, field, focusOn, h, notice, Progress, status } from "../ui/dom.ts";
import { failed, folder, type Place, withData } from "./page.ts";
import { makeKey, type MadeKey } from "./shares.ts";

interface Needed {
  readonly kind: "application" | "bid";
  readonly lot: string | null;
  readonly label: string;
}

interface CeremonyData {
  readonly consultation: string;
  readonly needed: readonly Needed[];
  readonly custodians: readonly { readonly id: string; readonly name: string; readonly recipient: string | null }[];
  readonly threshold: number | null;
  readonly post_url?: string;
  readonly next_url?: string;
}

interface Holder {
  readonly id: string;
  readonly name: string;
  readonly recipient: string;
}

async function table(caption: string, first: string, rows: readonly { label: string; recipient: string | null }[]): Promise<HTMLElement> {
  const lines = await Promise.all(rows.map(async ({ label, recipient }) =>
    h("tr", {}, h("th", { scope: "row" }, label),
      h("td", {}, recipient ? h("code", { class: "fingerprint" }, grouped(await fingerprint(recipient))) : status("warning", t.ceremony.noKey)))));
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": caption },
    h("table", { class: "table" }, h("caption", {}, caption), h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), h("th", { scope: "col" }, t.ceremony.fingerprint))),
      h("tbody", {}, ...lines)));
}

export async function makeAll(data: Pick<CeremonyData, "consultation" | "needed">, holders: readonly Holder[], k: number, told: (done: number) => void): Promise<Record<string, unknown>> {
  const keys: (Needed & MadeKey)[] = [];
  for (const needed of data.needed) {
    told(keys.length);
    keys.push({ ...needed, ...(await makeKey({ consultation: data.consultation, kind: needed.kind, lot: needed.lot }, holders, k)) });
  }
  told(keys.length);
  const rehearsal = await makeKey({ consultation: data.consultation, kind: "rehearsal", lot: null }, holders, k);
  const canary = random(32);
  return {
    threshold: k,
    keys: keys.map(({ kind, lot, recipient, shares }) => ({ kind, lot, recipient, shares })),
    rehearsal: {
      recipient: rehearsal.recipient,
      canary: toBase64(await sealTo(rehearsal.recipient, canary)),
      canary_commitment: await sha256Hex(canary),
      shares: rehearsal.shares,
    },
  };
}

class CeremonyPage {
  readonly #place: Place;
  readonly #data: CeremonyData;
  readonly #state = h("div", { class: "stack" });

  constructor(place: Place, data: CeremonyData) {
    this.#place = place;
    this.#data = data;
  }

  async show(): Promise<void> {
    const { custodians, threshold } = this.#data;
    const holders = custodians.filter((person): person is Holder => Boolean(person.recipient));
    const absent = custodians.filter((person) => !person.recipient).map((person) => person.name);
    const list = await table(t.ceremony.custodians, t.ceremony.name, custodians.map(({ name, recipient }) => ({ label: name, recipient })));
    const parts: HTMLElement[] = [
      list,
    ];
    if (!custodians.length) parts.push(notice("warning", t.ceremony.nobody));
    if (absent.length) parts.push(notice("warning", t.ceremony.missingKeys(absent)));
    if (custodians.length && !absent.length) parts.push(...this.#form(holders, threshold));
    clear(this.#place.root, ...parts);
  }

  #form(holders: readonly Holder[], proposed: number | null): HTMLElement[] {
    const n = holders.length;
    const select = h("select", {});
    for (let k = 1; k <= n; k++) select.append(h("option", { value: k }, t.ceremony.option(k, n)));
    select.value = String(Math.min(n, proposed ?? Math.max(1, n - 1)));
    const warning = h("div", { class: "stack", role: "status" });
    const warn = (): void => {
      const k = Number(select.value);
      clear(warning, k === 1 && n > 1 && notice("warning", t.ceremony.one), k === n && notice("warning", n === 1 ? t.ceremony.alone : t.ceremony.noSpare));
    };
    select.addEventListener("change", warn);
    warn();
    const make = button(t.ceremony.make, () => void this.#make(holders, Number(select.value), make));
    return [field(t.ceremony.threshold, select, t.ceremony.thresholdHint), warning, h("div", { class: "form-actions" }, make), this.#state];
  }

  async #make(holders: readonly Holder[], k: number, make: HTMLButtonElement): Promise<void> {
    make.disabled = true;
    const total = this.#data.needed.length + 1;
    const progress = new Progress(t.ceremony.make);
    clear(this.#state, progress.element);
    try {
      const body = await makeAll(this.#data, holders, k, (done) => progress.show(done, total, t.ceremony.making(Math.min(done + 1, total), total), true));
      await postJson(this.#data.post_url ?? folder(this.#place.url), body);
      const made = body["keys"] as readonly { recipient: string }[];
      const rows = this.#data.needed.map(({ label }, i) => ({ label, recipient: made[i]?.recipient ?? null }));
      rows.push({ label: t.ceremony.rehearsalKey, recipient: (body["rehearsal"] as { recipient: string }).recipient });
      const done = notice("success", t.ceremony.done, t.ceremony.next);
      const next = this.#data.next_url ? h("div", { class: "cluster" }, h("a", { class: "button", href: this.#data.next_url }, t.ceremony.go)) : null;
      clear(this.#place.root, done, await table(t.ceremony.table, t.ceremony.key, rows), next);
      focusOn(done);
    } catch (error) {
      make.disabled = false;
      failed(this.#state, error);
    }
  }
}

export const ceremonyPage = (place: Place): Promise<void> => withData<CeremonyData>(place, (data) => new CeremonyPage(place, data).show());
