import assert from "node:assert/strict";
import { test } from "node:test";
import { type Checked, checkFile, duplicates, lotInName, nameProblem } from "../src/checks.ts";

const limits = { file: 10_000_000, envelope: 20_000_000, extensions: [".pdf", ".zip", ".docx", ".7z", ".txt"] };

const file = (name: string, content: Buffer | string): Checked => {
  const blob = new Blob([typeof content === "string" ? Buffer.from(content, "latin1") : new Uint8Array(content)]);
  return { name, size: blob.size, slice: (from, to) => blob.slice(from, to) };
};

const found = async (name: string, content: Buffer | string, lot: string | null = null): Promise<string[]> =>
  (await checkFile(file(name, content), { kind: "bid", lot }, limits)).map((finding) => finding.problem);

/** A ZIP of one stored entry, as the format's note lays it out. */
function zip(flags = 0, comment = ""): Buffer {
  const body = Buffer.from("bonjour");
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(flags, 2);
  common.writeUInt32LE(body.length, 14);
  common.writeUInt32LE(body.length, 18);
  common.writeUInt16LE(1, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from("a"), body]);
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, Buffer.alloc(14), Buffer.from("a")]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, central, end, Buffer.from(comment)]);
}

const pdf = "%PDF-1.7\nx\ntrailer << /Root 1 0 R >>\n%%EOF\n";

test("sound files pass", async () => {
  assert.deepEqual(await found("a.pdf", pdf), []);
  assert.deepEqual(await found("a.zip", zip()), []);
  assert.deepEqual(await found("a.zip", zip(0, "un commentaire")), []);
  assert.deepEqual(await found("a.docx", zip()), []);
  assert.deepEqual(await found("a.txt", "bonjour"), []);
});

test("empty, too big, and formats that are not accepted", async () => {
  assert.deepEqual(await found("a.pdf", ""), ["empty"]);
  assert.deepEqual(await found("a.exe", "MZ"), ["extension"]);
  assert.deepEqual(await found("sans", "x"), ["extension"]);
  const big = { ...file("a.txt", "x"), size: 10_000_001 };
  assert.deepEqual((await checkFile(big, { kind: "bid", lot: null }, limits)).map((finding) => finding.problem), ["too-big"]);
});

test("broken archives and documents", async () => {
  const whole = zip();
  assert.deepEqual(await found("a.zip", whole.subarray(0, -5)), ["zip-broken"]);
  assert.deepEqual(await found("a.zip", whole.subarray(10)), ["zip-broken"]);
  assert.deepEqual(await found("a.docx", "pas une archive"), ["zip-broken"]);
  const moved = Buffer.from(whole);
  moved.writeUInt32LE(3, whole.length - 22 - 47 + 42);
  assert.deepEqual(await found("a.zip", moved), ["zip-broken"]);
  assert.deepEqual(await found("a.pdf", pdf.slice(0, -7)), ["pdf-broken"]);
  assert.deepEqual(await found("a.pdf", "bonjour"), ["pdf-broken"]);
});

test("what is already encrypted", async () => {
  assert.deepEqual(await found("a.zip", zip(1)), ["zip-encrypted"]);
  assert.deepEqual(await found("a.pdf", pdf.replace("/Root", "/Encrypt 5 0 R /Root")), ["pdf-encrypted"]);
  assert.deepEqual(await found("a.txt", "age-encryption.org/v1\n"), ["encrypted-age"]);
  assert.deepEqual(await found("a.docx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "x".repeat(99)), ["encrypted-office"]);
  assert.deepEqual(await found("a.7z", "7z\xbc\xaf\x27\x1c" + "x".repeat(99) + "\x06\xf1\x07\x01"), ["encrypted-7z"]);
  assert.deepEqual(await found("a.7z", "7z\xbc\xaf\x27\x1c" + "x".repeat(99)), []);
});

test("the lot that a name tells", async () => {
  const names: [string, string | null][] = [
    ["Lot 2 - prix.pdf", "2"], ["lot_02.pdf", "2"], ["offre-LOT12.pdf", "12"], ["Lot n° 3.pdf", "3"], ["BPU lot1 v4.pdf", "1"],
    ["Pilote 4.pdf", null], ["lotissement 5.pdf", null], ["lots 1 et lot 2.pdf", null], ["ballot 3.pdf", null], ["prix.pdf", null],
  ];
  for (const [name, lot] of names) assert.equal(lotInName(name), lot, name);
  assert.deepEqual(await found("lot 2.pdf", pdf, "1"), ["wrong-lot"]);
  assert.deepEqual(await found("lot 2.pdf", pdf, "2"), []);
  assert.deepEqual(await found("lot 2.pdf", pdf), []);
});

test("names", () => {
  assert.equal(nameProblem("Mémoire n° 1 – v2.pdf"), null);
  for (const name of ["a\u202efdp.exe", "a\u0000.pdf"]) assert.equal(nameProblem(name), "name-control");
  for (const name of ["a/b.pdf", "a\\b.pdf", ".cache", "fin. "]) assert.equal(nameProblem(name), "name-separator");
  for (const name of ["manifest.json", "Manifest.JSON", "CON.pdf"]) assert.equal(nameProblem(name), "name-reserved");
  assert.equal(nameProblem("é".repeat(101)), "name-long");
  assert.equal(duplicates([{ name: "A.pdf" }, { name: "a.PDF" }]).length, 1);
  assert.equal(duplicates([{ name: "e\u0301.pdf" }, { name: "\u00e9.pdf" }]).length, 1);
});
