import { grouped } from "../french.ts";
import { t } from "../texts.ts";
import { clear, field, fieldError, focusOn, h, notice, status, type Tone } from "../ui/dom.ts";
import { checkFiles, checkReceipt, parseReceipt, type Outcome, type Receipt, type Result } from "./receipt.ts";

const TONES: Record<Outcome, [Tone, string]> = {
  good: ["success", t.verify.good],
  bad: ["danger", t.verify.bad],
  absent: ["warning", t.verify.absent],
  info: ["info", t.verify.info],
};

function detail(result: Result): string {
  if (result.check === "platform-key") return result.outcome === "info" ? t.verify.key(grouped(result.detail)) : grouped(result.detail);
  if (result.check === "timestamp" && result.outcome === "good") return t.verify.timestampTime(result.detail);
  if (result.check === "inclusion" && result.outcome === "good") return t.verify.index(result.detail);
  if (result.check === "document") {
    const [kind = "", lot] = result.detail.split(" ");
    return [t.deposit.envelopeOf[kind] ?? kind, lot ? `lot ${lot}` : ""].filter(Boolean).join(", ");
  }
  return result.detail;
}

function resultTable(results: readonly Result[]): HTMLElement {
  const rows = results.map((result) => {
    const [tone, word] = TONES[result.outcome];
    const more = detail(result);
    return h("tr", {}, h("th", { scope: "row" }, t.verify.names[result.check]), h("td", {}, status(tone, word), more && ` ${more}`));
  });
  const head = h("tr", {}, h("th", { scope: "col" }, t.verify.check), h("th", { scope: "col" }, t.verify.outcome));
  return h("div", { class: "table-wrap", tabindex: 0, role: "region", "aria-label": t.verify.results },
    h("table", { class: "table" }, h("caption", {}, t.verify.results), h("thead", {}, head), h("tbody", {}, ...rows)));
}

function verdict(file: Receipt, results: readonly Result[]): HTMLElement {
  const bad = results.some((result) => result.outcome === "bad");
  const absent = results.some((result) => result.outcome === "absent");
  const { receipt } = file;
  const onlyFiles = bad && results.every((result) => result.outcome !== "bad" || result.check === "file");
  // Anyone can sign with a key of their own: without the platform's key the receipt is whole, not yet authentic.
  const known = results.some((result) => result.check === "platform-key" && result.outcome === "good");
  const words = onlyFiles ? t.verify.fileBad : bad ? t.verify.someBad : absent ? t.verify.someAbsent : known ? t.verify.allGood : t.verify.keyLeft;
  const title = h("h2", { tabindex: -1 }, words);
  return notice(bad ? "danger" : absent || !known ? "warning" : "success", title,
    t.verify.what(receipt.number, receipt.consultation.reference, receipt.consultation.title),
    t.verify.who(receipt.depositor.name, receipt.buyer.name), t.verify.when(receipt.received_at, receipt.on_time),
    bad ? t.verify.badMore : absent && t.verify.absentMore);
}

export function verifyPage(root: HTMLElement): void {
  const receipt = h("input", { type: "file", accept: ".json" });
  const files = h("input", { type: "file", multiple: true });
  const out = h("div", { class: "stack", role: "status" });
  const key = root.dataset["publicKey"] ?? null;
  const box = h("div", { class: "upload" }, field(t.verify.receipt, receipt), field(t.verify.files, files, t.verify.filesHint));
  const run = async (): Promise<void> => {
    fieldError(receipt, "");
    const chosen = receipt.files?.[0];
    if (!chosen) return;
    clear(out, h("p", {}, t.verify.working));
    const parsed = parseReceipt(await chosen.text());
    if (!parsed) {
      clear(out);
      return fieldError(receipt, t.verify.notReceipt);
    }
    const results = [...(await checkReceipt(parsed, key)), ...(await checkFiles(parsed, [...(files.files ?? [])]))];
    const told = verdict(parsed, results);
    clear(out, told, resultTable(results));
    focusOn(told.querySelector("h2"));
  };
  receipt.addEventListener("change", () => void run());
  files.addEventListener("change", () => void run());
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = [...(event.dataTransfer?.files ?? [])];
    const transfer = { receipt: new DataTransfer(), files: new DataTransfer() };
    for (const file of dropped) transfer[/\.json$/i.test(file.name) && !transfer.receipt.files.length ? "receipt" : "files"].items.add(file);
    if (transfer.receipt.files.length) receipt.files = transfer.receipt.files;
    if (transfer.files.files.length) files.files = transfer.files.files;
    void run();
  });
  root.classList.add("stack");
  clear(root, h("p", {}, t.verify.intro), box, out);
}
