// Single-file pages that a person keeps and opens from their own disk. Their policy allows this one script and no network.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const kit = process.env.PARVIS_STATIC_OUT ?? join(here, "../src/parvis/kit/static/kit");
const out = join(kit, "standalone");
const PAGES = {
  verifier: "Vérifier un récépissé de dépôt",
  ouvrir: "Réunir les clés d’ouverture sans la plateforme",
};

const common = { bundle: true, minify: true, write: false, logLevel: "warning", legalComments: "none", absWorkingDir: here };

async function script(name) {
  const { outputFiles } = await build({ ...common, entryPoints: [`src/standalone/${name}.ts`], format: "iife", platform: "browser", target: "es2022", charset: "utf8" });
  // A closing tag inside a string would end the element.
  return outputFiles[0].text.replaceAll("</script", "<\\/script");
}

async function styles() {
  if (!existsSync(join(here, "styles/main.css"))) return "";
  const { outputFiles } = await build({ ...common, entryPoints: ["styles/main.css"], loader: { ".woff2": "empty", ".svg": "dataurl" }, target: ["chrome111", "firefox113", "safari16.4"] });
  return outputFiles[0].text.replace(/@font-face\s*\{[^}]*\}/g, "").trim();
}

const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const css = await styles();
const files = {};
for (const [name, title] of Object.entries(PAGES)) {
  const code = await script(name);
  const policy = `default-src 'none'; script-src ${hash(code)}; style-src ${hash(css)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const html = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Parvis</title>
<style>${css}</style>
</head>
<body>
<main class="wrap stack" id="contenu">
<h1>${title}</h1>
<div id="tool"><p>Cette page demande un navigateur récent, avec JavaScript.</p></div>
</main>
<script>${code}</script>
</body>
</html>
`;
  writeFileSync(join(out, `${name}.html`), html);
  files[`standalone/${name}.html`] = "sha384-" + createHash("sha384").update(html).digest("base64");
}
const list = join(kit, "build.json");
const known = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : { v: 1, files: {} };
writeFileSync(list, JSON.stringify({ ...known, files: { ...known.files, ...files } }, null, 1) + "\n");
