// Drives the page's own sealing workers without any upload: the two passes of a deposit, one after the other.
async (cfg) => {
  const file = document.querySelector("#f").files[0];
  const now = () => performance.now() / 1000;
  const SLICE = 8 * 1024 * 1024;
  const worker = () => {
    const w = new Worker("/static/js/seal-worker.js", { type: "module" });
    const waiting = new Map();
    let next = 1;
    w.onmessage = ({ data }) => {
      const one = waiting.get(data.id);
      if (!one || "progress" in data) return;
      waiting.delete(data.id);
      "error" in data ? one[1](new Error(data.error)) : one[0](data.value);
    };
    return {
      ask: (request) => new Promise((ok, no) => { waiting.set(next, [ok, no]); w.postMessage({ id: next++, request }); }),
      end: () => w.terminate(),
    };
  };
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const text = (data) => { let out = ""; for (let i = 0; i < data.length; i += 32768) out += String.fromCharCode(...data.subarray(i, i + 32768)); return btoa(out); };
  const read = async () => {
    const start = now();
    let got = 0;
    for (let at = 0; at < file.size; at += SLICE) got += (await file.slice(at, at + SLICE).arrayBuffer()).byteLength;
    if (got !== file.size) throw new Error("read " + got);
    return now() - start;
  };
  const reads = [await read(), await read()];
  const [a, b] = [worker(), worker()];
  const files = [file];
  let start = now();
  const input = { files: [{ name: file.name, size: file.size }], mtime: 1, manifest: { v: 1 }, limit: SLICE };
  const prepared = await a.ask({ do: "prepare", files, input });
  const first = now() - start;
  start = now();
  const seal = { tar: prepared.tar, cut: prepared.cut, digests: prepared.digests, key: bytes(cfg.key), prefix: bytes(cfg.prefix) };
  await Promise.all([a, b].map((w) => w.ask({ do: "load", files, input: seal })));
  const coming = [];
  const order = (i) => { if (i < prepared.cut.parts) coming.push([a, b][i % 2].ask({ do: "part", index: i })); };
  for (let i = 0; i < 3; i++) order(i);
  let sealed = 0, head, tail;
  for (let i = 0; i < prepared.cut.parts; i++) {
    const part = await coming.shift();
    order(i + 3);
    sealed += part.length;
    if (i === 0) head = part.slice(0, 200000);
    if (i === prepared.cut.parts - 1) tail = part;
  }
  const second = now() - start;
  a.end(); b.end();
  reads.push(await read());
  return { reads, first, second, sealed, expected: prepared.cut.sealedSize, parts: prepared.cut.parts,
    chunks: prepared.cut.chunksPerPart, plain: prepared.cut.plainSize, hash: prepared.hashes[0], head: text(head), tail: text(tail) };
}
