import { verifyPage } from "../verify/page.ts";

const root = document.getElementById("verify");
if (root) verifyPage(root);
