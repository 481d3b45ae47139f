import { verifyPage } from "../verify/page.ts";

verifyPage(document.getElementById("tool") as HTMLElement);
