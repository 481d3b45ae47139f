// Bundles every entry to one self-contained file, so that one integrity value covers all the code a page runs.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.PARVIS_STATIC_OUT ?? join(here, "../src/parvis/kit/static/kit");
const entries = readdirSync(join(here, "src/entries")).filter((name) => name.endsWith(".ts")).sort();
const styles = join(here, "styles/main.css");

for (const folder of ["js", "css", "fonts"]) rmSync(join(out, folder), { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const common = { bundle: true, minify: true, logLevel: "warning", legalComments: "none", absWorkingDir: here };

await build({
  ...common,
  entryPoints: entries.map((name) => join("src/entries", name)),
  outdir: join(out, "js"),
  format: "esm",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  // libsodium's loader names Node modules behind a run-time test that a browser never passes.
  external: ["fs", "path", "url", "crypto", "module", "node:*"],
});

if (existsSync(styles)) {
  await build({
    ...common,
    entryPoints: [{ in: "styles/main.css", out: "css/parvis" }],
    outdir: out,
    target: ["chrome111", "firefox113", "safari16.4"],
    loader: { ".woff2": "file", ".svg": "file" },
    assetNames: "fonts/[name]-[hash]",
  });
}

const files = {};
for (const folder of ["js", "css", "fonts"]) {
  if (!existsSync(join(out, folder))) continue;
  for (const name of readdirSync(join(out, folder)).sort()) {
    const path = join(out, folder, name);
    files[relative(out, path)] = "sha384-" + createHash("sha384").update(readFileSync(path)).digest("base64");
  }
}
writeFileSync(join(out, "build.json"), JSON.stringify({ v: 1, files }, null, 1) + "\n");
