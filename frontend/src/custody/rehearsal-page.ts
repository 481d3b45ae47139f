import { openWith } from "../age/small.ts";
import { fromBase64, sha256Hex, toBase64 } from "../bytes.ts";
import { postJson } from "../http.ts";
import { t } from "../texts.ts";
import { button, clear, focusOn, h, notice, Progress } from "../ui/dom.ts";
import { failed, type Place, withData } from "./page.ts";
import { openShare, rejoinFor, shareBytes } from "./shares.ts";
import { type Unlocked, type UnlockData, UnlockView } from "./unlock.ts";

interface RehearsalData extends UnlockData {
  readonly shares: readonly { readonly key_id: string; readonly kind: string; readonly lot: string | null; readonly key: string; readonly sealed: string }[];
  readonly rehearsal: { readonly key_id: string; readonly key: string; readonly canary: string; readonly threshold: number; readonly released: readonly string[] };
  readonly done: boolean;
  readonly canary_opened: boolean;
  readonly post_url: string;
  readonly canary_url: string;
}

interface Proofs {
  readonly proofs: { key_id: string; commitment: string }[];
  readonly mine: string;
}

class RehearsalPage {
  readonly #place: Place;
  readonly #data: RehearsalData;
  readonly #state = h("div", { class: "stack" });

  constructor(place: Place, data: RehearsalData) {
    this.#place = place;
    this.#data = data;
  }

  show(): void {
    const data = this.#data;
    if (!data.recipient || !data.shares.length) return clear(this.#place.root, notice("warning", t.rehearsal.alone));
    const unlock = new UnlockView(data, this.#place.worker, (unlocked) => void this.#run(unlocked));
    clear(this.#place.root, data.done && notice("success", t.rehearsal.again, data.canary_opened && t.rehearsal.canary), unlock.element, this.#state);
  }

  async #prove(unlocked: Unlocked, progress: Progress): Promise<Proofs> {
    const proofs: Proofs["proofs"] = [];
    let mine = "";
    const total = this.#data.shares.length;
    for (const share of this.#data.shares) {
      progress.show(proofs.length, total, t.rehearsal.checking(proofs.length + 1, total), true);
      const content = await openShare(unlocked.identity, share.sealed, share).catch(() => null);
      if (!content) {
        const label = [share.kind === "rehearsal" ? t.ceremony.rehearsalKey : (t.deposit.envelopeOf[share.kind] ?? share.kind), share.lot ? `lot ${share.lot}` : ""];
        throw Object.assign(new Error(t.rehearsal.failed(label.filter(Boolean).join(", "))), { name: "ProofError" });
      }
      proofs.push({ key_id: share.key_id, commitment: await sha256Hex(shareBytes(content)) });
      if (share.key_id === this.#data.rehearsal.key_id) mine = content.share;
    }
    return { proofs, mine };
  }

  async #run(unlocked: Unlocked): Promise<void> {
    const progress = new Progress(t.unlock.title);
    clear(this.#state, progress.element);
    try {
      const { proofs, mine } = await this.#prove(unlocked, progress);
      const answer = await postJson<{ released: string[]; threshold: number }>(this.#data.post_url, { method: unlocked.method, proofs, rehearsal_share: mine });
      const done = notice("success", t.rehearsal.mine);
      const result = h("div", { class: "stack", role: "status" });
      clear(this.#place.root, done, result, h("div", { class: "cluster" }, button(t.common.goOn, () => window.location.reload())));
      focusOn(done);
      const { released, threshold } = answer.body;
      if (this.#data.canary_opened) return clear(result, notice("success", t.rehearsal.canary));
      if (released.length < threshold) return clear(result, notice("info", t.rehearsal.waiting(released.length, threshold)));
      await this.#canary(released, threshold, result);
    } catch (error) {
      if (error instanceof Error && error.name === "ProofError") clear(this.#state, notice("danger", error.message));
      else failed(this.#state.isConnected ? this.#state : this.#place.root, error);
    }
  }

  async #canary(released: readonly string[], threshold: number, result: HTMLElement): Promise<void> {
    const { key, canary } = this.#data.rehearsal;
    let opened: Uint8Array;
    try {
      const identity = await rejoinFor(key, released.map((share) => fromBase64(share)), threshold);
      opened = await openWith(identity, fromBase64(canary));
    } catch {
      return clear(result, notice("danger", t.rehearsal.broken));
    }
    await postJson(this.#data.canary_url, { canary: toBase64(opened) });
    clear(result, notice("success", t.rehearsal.canary));
  }
}

export const rehearsalPage = (place: Place): Promise<void> => withData<RehearsalData>(place, (data) => new RehearsalPage(place, data).show());
