import { offlinePage } from "../custody/offline-page.ts";

offlinePage(document.getElementById("tool") as HTMLElement);
