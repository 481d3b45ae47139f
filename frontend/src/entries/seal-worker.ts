import { createSHA256, type IHasher } from "hash-wasm";
import sodium from "libsodium-wrappers";
import type { Aead } from "../age/stream.ts";
import type { Answers, Reply, Request } from "../seal/messages.ts";
import { reader } from "../seal/read.ts";
import { prepare, sealPart, type SealInput } from "../seal/work.ts";
import type { ReadFile } from "../tar.ts";

const aead: Aead = (plain, nonce, key) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plain, null, null, nonce, key);

let loaded: { input: SealInput; read: ReadFile } | undefined;
let hasher: IHasher | undefined;

const post = (reply: Reply, transfer: Transferable[] = []): void =>
  (self as unknown as { postMessage(m: Reply, t: Transferable[]): void }).postMessage(reply, transfer);

async function run(id: number, request: Request): Promise<Answers[keyof Answers]> {
  switch (request.do) {
    case "prepare":
      return prepare(request.input, reader(request.files), (done) => post({ id, progress: done }));
    case "load":
      loaded = { input: request.input, read: reader(request.files) };
      return null;
    case "part":
      await sodium.ready;
      if (!loaded) throw new Error("part asked before load");
      return sealPart(aead, loaded.input, loaded.read, request.index);
    case "hash":
      hasher ??= (await createSHA256()).init();
      hasher.update(request.bytes);
      return null;
    case "digest": {
      const digest = (hasher ?? (await createSHA256()).init()).digest("hex");
      hasher = undefined;
      return digest;
    }
  }
}

self.addEventListener("message", (event: MessageEvent<{ id: number; request: Request }>) => {
  const { id, request } = event.data;
  run(id, request).then(
    (value) => post({ id, value }, request.do === "part" ? [(value as Uint8Array<ArrayBuffer>).buffer] : []),
    (error: unknown) => {
      const known = error instanceof Error ? error : new Error(String(error));
      post({ id, error: known.message, name: known.name });
    },
  );
});
