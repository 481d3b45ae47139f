import assert from "node:assert/strict";
import { test } from "node:test";
import { Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import sodium from "libsodium-wrappers";
import { identityFromSecret, secretFromIdentity } from "../src/age/bech32.ts";
import { makeHeader, openHeader, payloadKey, splitHeader } from "../src/age/header.ts";
import { type Aead, chunkNonce, cut, partPlain, partSealed, payloadSize, sealChunks } from "../src/age/stream.ts";
import { canonicalText, concat, fromHex, random, toHex, utf8 } from "../src/bytes.ts";
import { fr, duration, moment, size } from "../src/french.ts";
import { ChangedError, prepare, PREFIX, sealPart } from "../src/seal/work.ts";
import { makePhrase, normalisePhrase, strangers, WORDS } from "../src/words.ts";
import { makeKey, openShare, rejoinFor, shareBytes } from "../src/custody/shares.ts";

await sodium.ready;
const aead: Aead = (plain, nonce, key) => sodium.crypto_aead_chacha20poly1305_ietf_encrypt(plain, null, null, nonce, key);
const identity = await generateX25519Identity();
const recipient = await identityToRecipient(identity);

const decrypt = async (file: Uint8Array): Promise<Uint8Array> => {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(file);
};

test("every size around the chunk bounds opens with the library, whatever the order of the parts", async () => {
  const { header, fileKey } = await makeHeader(recipient);
  for (const length of [0, 1, 65535, 65536, 65537, 131072, 196608, 196609, 500_001]) {
    const nonce = random(16);
    const key = payloadKey(fileKey, nonce);
    const plain = length ? sodium.randombytes_buf(length) : new Uint8Array(0);
    const plan = cut(length, 2 * 65552 + 1024, PREFIX);
    const file = new Uint8Array(plan.sealedSize);
    file.set(header);
    file.set(nonce, header.length);
    for (let index = plan.parts - 1; index >= 0; index--) {
      const { start, end } = partPlain(plan, index);
      const sealed = sealChunks(aead, key, plain.subarray(start, end), index * plan.chunksPerPart, index === plan.parts - 1);
      const place = partSealed(plan, index);
      file.set(sealed, index === 0 ? PREFIX : place.start);
      assert.equal(sealed.length, place.end - place.start - (index === 0 ? PREFIX : 0));
      assert.ok(place.end - place.start <= 2 * 65552 + 1024);
    }
    assert.equal(plan.sealedSize, PREFIX + payloadSize(length));
    assert.deepEqual(await decrypt(file), new Uint8Array(plain), `size ${length}`);
  }
});

test("a header gives its file key back, and only to the right identity", async () => {
  const { header, fileKey } = await makeHeader(recipient);
  assert.equal(header.length, PREFIX - 16);
  assert.deepEqual(await openHeader(header, identity), fileKey);
  assert.deepEqual(splitHeader(concat(header, random(40))).header, header);
  await assert.rejects(openHeader(header, await generateX25519Identity()));
  const broken = header.slice();
  broken[broken.length - 3] = (broken[broken.length - 3] as number) ^ 1;
  await assert.rejects(openHeader(broken, identity));
  await assert.rejects(makeHeader("age1pq1" + recipient.slice(7)));
});

test("a counter nonce never repeats and marks the last chunk", () => {
  assert.equal(toHex(chunkNonce(0, false)), "000000000000000000000000");
  assert.equal(toHex(chunkNonce(258, true)), "000000000000000000010201");
  assert.equal(toHex(chunkNonce(2 ** 32, false)), "000000000000010000000000");
});

test("a part whose plaintext changed is never sealed", async () => {
  const content = sodium.randombytes_buf(300_000);
  const read = async (_: number, from: number, to: number): Promise<Uint8Array> => content.slice(from, to);
  const input = { files: [{ name: "a.bin", size: content.length }], mtime: 1, manifest: { v: 1, salt: "00" }, limit: 2 * 65552 + 1024 };
  const made = await prepare(input, read, () => undefined);
  assert.equal(made.digests.length, made.cut.parts);
  const seal = { ...made, key: random(32), prefix: random(PREFIX) };
  await sealPart(aead, seal, read, 1);
  content[140_000] = (content[140_000] as number) ^ 1;
  await sealPart(aead, seal, read, 0);
  await assert.rejects(sealPart(aead, seal, read, 1), ChangedError);
});

test("canonical JSON follows RFC 8785", () => {
  assert.equal(canonicalText({ b: [1e21, 0.1, -0], a: "é\u2028\n", "\ufb33": 1, "😀": 2 }), '{"a":"é\u2028\\n","b":[1e+21,0.1,0],"😀":2,"\ufb33":1}');
  assert.throws(() => canonicalText(NaN));
  assert.throws(() => fromHex("AB"));
});

test("2-of-3 shares rejoin in any pair; foreign or lone shares never pass for the key", async () => {
  const identities = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
  const holders = await Promise.all(identities.map(async (key, i) => ({ id: String(i), recipient: await identityToRecipient(key) })));
  const made = await makeKey({ consultation: "c", kind: "bid", lot: "1" }, holders, 2);
  const place = { key: made.recipient, kind: "bid", lot: "1" };
  const shares = await Promise.all(made.shares.map(async (share, i) => shareBytes(await openShare(identities[i] as string, share.sealed, place))));
  for (const pair of [[0, 1], [1, 2], [2, 0]]) {
    const joined = await rejoinFor(made.recipient, pair.map((i) => shares[i] as Uint8Array), 2);
    assert.equal(await identityToRecipient(joined), made.recipient);
    assert.equal(identityFromSecret(secretFromIdentity(joined)), joined);
  }
  const wrong = random(33);
  await rejoinFor(made.recipient, [wrong, shares[0] as Uint8Array, shares[2] as Uint8Array], 2);
  await assert.rejects(rejoinFor(made.recipient, [wrong, shares[0] as Uint8Array], 2), { name: "WrongShareError" });
  await assert.rejects(rejoinFor(made.recipient, [shares[0] as Uint8Array], 2), { name: "WrongShareError" });
  await assert.rejects(openShare(identities[0] as string, made.shares[1]?.sealed as string, place), { name: "WrongShareError" });
  await assert.rejects(openShare(identities[0] as string, made.shares[0]?.sealed as string, { ...place, lot: "2" }), { name: "WrongShareError" });
  const single = await makeKey({ consultation: "c", kind: "bid", lot: null }, holders, 1);
  const own = shareBytes(await openShare(identities[2] as string, single.shares[2]?.sealed as string, { key: single.recipient, kind: "bid", lot: null }));
  assert.equal(own.length, 32);
  assert.equal(await identityToRecipient(await rejoinFor(single.recipient, [own], 1)), single.recipient);
});

test("the word list: 2,048 plain words, none one letter from another", () => {
  assert.equal(WORDS.length, 2048);
  assert.equal(new Set(WORDS).size, 2048);
  assert.ok(WORDS.every((word) => /^[a-z]{4,8}$/.test(word)));
  const masks = new Set<string>();
  for (const word of WORDS) {
    for (let i = 0; i < word.length; i++) {
      const mask = `${word.slice(0, i)}?${word.slice(i + 1)}`;
      assert.ok(!masks.has(mask), mask);
      masks.add(mask);
    }
  }
  const phrase = makePhrase();
  assert.equal(phrase.split(" ").length, 6);
  assert.equal(normalisePhrase(` ${phrase.toUpperCase().replaceAll(" ", " - ")}\n`), phrase);
  assert.equal(normalisePhrase("Élégant"), "elegant");
  assert.deepEqual(strangers(`${phrase} zzzz`), ["zzzz"]);
});

test("French figures and hours", () => {
  assert.equal(fr("« Oui » : l'heure ?"), "«\u202fOui\u202f»\u202f: l’heure\u202f?");
  assert.equal(size(999), "999\u00a0octets");
  assert.equal(size(8_390_000), "8,4\u00a0Mo");
  assert.equal(duration(3 * 86400 + 3600), "3\u00a0jours et 1\u00a0heure");
  assert.equal(duration(61), "1\u00a0minute");
  assert.equal(moment("2026-12-01T11:00:00Z"), "mardi 1er décembre 2026 à 12\u00a0h\u00a000");
  assert.ok(utf8("é").length === 2);
});
