import { ceremonyPage } from "../custody/ceremony-page.ts";
import { keyPage } from "../custody/key-page.ts";
import { openingPage } from "../custody/opening-page.ts";
import type { Place } from "../custody/page.ts";
import { rehearsalPage } from "../custody/rehearsal-page.ts";
import { t } from "../texts.ts";
import { clear, notice } from "../ui/dom.ts";

const PAGES: Record<string, (place: Place) => Promise<void>> = {
  key: keyPage,
  ceremony: ceremonyPage,
  rehearsal: rehearsalPage,
  opening: openingPage,
};

const root = document.getElementById("custody");
const page = PAGES[root?.dataset["page"] ?? ""];
if (root && page) {
  if (!window.isSecureContext) clear(root, notice("danger", t.common.insecure));
  else void page({ root, url: root.dataset["url"] ?? "", worker: new URL(root.dataset["worker"] ?? "./custody-worker.js", import.meta.url) });
}
