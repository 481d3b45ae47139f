/** Checks of the chosen files, in the browser, before sealing. Pure: a file is a name, a size and slices. */
export interface Checked {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** `block`: cannot be deposited. `confirm`: may be a mistake; the company decides, since a refusal could cost the deadline. */
export type Severity = "block" | "confirm";

export type Problem =
  | "empty" | "name-control" | "name-long" | "name-reserved" | "name-separator" | "too-big" | "extension" | "duplicate" | "unreadable"
  | "zip-broken" | "zip-encrypted" | "pdf-broken" | "pdf-encrypted" | "encrypted-age" | "encrypted-7z" | "encrypted-office" | "wrong-lot";

export interface Finding {
  readonly file: string;
  readonly problem: Problem;
  readonly severity: Severity;
  /** What the sentence needs: a limit in bytes, an extension, a lot's number. */
  readonly detail: string;
}

export interface Slot {
  readonly kind: string;
  readonly lot: string | null;
}

export interface Limits {
  readonly file: number;
  readonly envelope: number;
  readonly extensions: readonly string[];
}

const ZIP_NAMES = /\.(zip|docx|xlsx|pptx|odt|ods|odp)$/i;
const OFFICE_NAMES = /\.(docx|xlsx|pptx)$/i;
const SEVERITY: Partial<Record<Problem, Severity>> = {
  "zip-broken": "confirm", "zip-encrypted": "confirm", "pdf-broken": "confirm", "pdf-encrypted": "confirm", "encrypted-age": "confirm",
  "encrypted-7z": "confirm", "encrypted-office": "confirm", "wrong-lot": "confirm",
};

const extension = (name: string): string => /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? "";

async function bytes(file: Checked, start: number, end: number): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(Math.max(0, start), Math.min(file.size, end)).arrayBuffer());
}

const latin = (data: Uint8Array): string => new TextDecoder("latin1").decode(data);
const view = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

export function nameProblem(name: string): Problem | null {
  // Control and bidirectional characters make a name show as another one.
  if (/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/.test(name)) return "name-control";
  if (/[/\\:*?"<>|]/.test(name) || /^\.|[. ]$/.test(name)) return "name-separator";
  if (new TextEncoder().encode(name.normalize("NFC")).length > 200) return "name-long";
  if (/^manifest\.json$/i.test(name) || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name)) return "name-reserved";
  return null;
}

/** The lot that a name tells, « Lot 2 - mémoire.pdf » -> "2"; null when it tells none or several. */
export function lotInName(name: string): string | null {
  const found = new Set([...name.matchAll(/(?:^|[^\p{L}])lots?[\s_.°#-]*(?:n[°o]?[\s_.-]*)?0*(\d{1,3})(?!\d)/giu)].map((match) => match[1]));
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

const EOCD = 0x06054b50;
const EOCD64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const CENTRAL_LIMIT = 32 * 1024 * 1024;

interface Directory {
  readonly start: number;
  readonly size: number;
  readonly entries: number;
}

async function zipDirectory(file: Checked): Promise<Directory | null> {
  const from = Math.max(0, file.size - 65557);
  const tail = await bytes(file, from, file.size);
  const data = view(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (data.getUint32(at, true) !== EOCD || at + 22 + data.getUint16(at + 20, true) !== tail.length) continue;
    const plain = { entries: data.getUint16(at + 10, true), size: data.getUint32(at + 12, true), start: data.getUint32(at + 16, true) };
    if (plain.entries !== 0xffff && plain.size !== 0xffffffff && plain.start !== 0xffffffff) {
      return plain.start + plain.size <= from + at ? plain : null;
    }
    if (at < 20 || data.getUint32(at - 20, true) !== 0x07064b50) return plain.start + plain.size <= from + at ? plain : null;
    const place = Number(data.getBigUint64(at - 12, true));
    const wide = await bytes(file, place, place + 56);
    if (wide.length < 56 || view(wide).getUint32(0, true) !== EOCD64) return null;
    const big = (offset: number): number => Number(view(wide).getBigUint64(offset, true));
    const found = { entries: big(32), size: big(40), start: big(48) };
    return found.start + found.size <= place ? found : null;
  }
  return null;
}

/** Walks the central directory: every entry inside the file, the first and last local headers in place, no encrypted flag. */
async function zipProblem(file: Checked): Promise<Problem | null> {
  const directory = await zipDirectory(file);
  if (!directory || directory.size > CENTRAL_LIMIT) return directory ? null : "zip-broken";
  const central = await bytes(file, directory.start, directory.start + directory.size);
  const data = view(central);
  const locals: number[] = [];
  let encrypted = false;
  let at = 0;
  for (let entry = 0; entry < directory.entries; entry++) {
    if (at + 46 > central.length || data.getUint32(at, true) !== CENTRAL) return "zip-broken";
    if (data.getUint16(at + 8, true) & 1) encrypted = true;
    const packed = data.getUint32(at + 20, true);
    const local = data.getUint32(at + 42, true);
    if (local !== 0xffffffff) {
      if (local + 30 + (packed === 0xffffffff ? 0 : packed) > directory.start) return "zip-broken";
      locals.push(local);
    }
    at += 46 + data.getUint16(at + 28, true) + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
  }
  for (const local of new Set([...locals.slice(0, 1), ...locals.slice(-1)])) {
    const head = await bytes(file, local, local + 4);
    if (head.length < 4 || view(head).getUint32(0, true) !== LOCAL) return "zip-broken";
  }
  return encrypted ? "zip-encrypted" : null;
}

const PDF_WINDOW = 1024 * 1024;

async function pdfProblem(file: Checked): Promise<Problem | null> {
  const head = latin(await bytes(file, 0, PDF_WINDOW));
  const tail = latin(await bytes(file, file.size - PDF_WINDOW, file.size));
  if (!head.slice(0, 1024).includes("%PDF-") || !tail.slice(-2048).includes("%%EOF")) return "pdf-broken";
  const encrypt = /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/;
  return encrypt.test(tail) || encrypt.test(head) ? "pdf-encrypted" : null;
}

/** 7z: the start header gives the end of the file; an encrypted archive names the AES coder 06 F1 07 01 in its last header. */
async function sevenZipProblem(file: Checked): Promise<Problem | null> {
  const tail = latin(await bytes(file, file.size - 65536, file.size));
  return tail.includes("\x06\xf1\x07\x01") ? "encrypted-7z" : null;
}

async function contentProblem(file: Checked): Promise<Problem | null> {
  const head = latin(await bytes(file, 0, 64));
  const name = file.name;
  if (head.startsWith("age-encryption.org/") || head.startsWith("-----BEGIN AGE ENCRYPTED FILE-----")) return "encrypted-age";
  if (head.startsWith("-----BEGIN PGP MESSAGE-----")) return "encrypted-age";
  if (head.startsWith("7z\xbc\xaf\x27\x1c")) return sevenZipProblem(file);
  if (OFFICE_NAMES.test(name) && head.startsWith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return "encrypted-office";
  if (ZIP_NAMES.test(name) || head.startsWith("PK\x03\x04")) return zipProblem(file);
  if (/\.pdf$/i.test(name) || head.startsWith("%PDF-")) return pdfProblem(file);
  return null;
}

/** Findings on one file in its slot. Reads at most a few megabytes, whatever the file's size. */
export async function checkFile(file: Checked, slot: Slot, limits: Limits): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (problem: Problem, detail = ""): void => {
    findings.push({ file: file.name, problem, severity: SEVERITY[problem] ?? "block", detail });
  };
  const named = nameProblem(file.name);
  if (named) add(named);
  if (limits.extensions.length && !limits.extensions.includes(extension(file.name))) add("extension", extension(file.name));
  if (file.size > limits.file) add("too-big", String(limits.file));
  const told = lotInName(file.name);
  if (slot.lot !== null && told !== null && told !== slot.lot.replace(/^0+(?=\d)/, "")) add("wrong-lot", told);
  if (file.size === 0) add("empty");
  else {
    try {
      const content = await contentProblem(file);
      if (content) add(content);
    } catch {
      add("unreadable");
    }
  }
  return findings;
}

/** Names that differ only by case or by how accents are written would overwrite each other on the buyer's disk. */
export function duplicates(files: readonly Pick<Checked, "name">[]): Finding[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { name } of files) {
    const key = name.normalize("NFC").toLowerCase();
    if (seen.has(key)) twice.add(name);
    seen.add(key);
  }
  return [...twice].map((file) => ({ file, problem: "duplicate", severity: "block", detail: "" }));
}

export const totalSize = (files: readonly Pick<Checked, "size">[]): number => files.reduce((sum, file) => sum + file.size, 0);
