// Opens what Python sealed and split, and seals and splits in return, with the libraries that the pages use.
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [modules, input] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(join(modules, path)).href);
const { split, combine } = await load("shamir-secret-sharing/esm/index.js");
const age = await load("age-encryption/dist/index.js");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const unhex = (text) => new Uint8Array(Buffer.from(text, "hex"));
const given = JSON.parse(input);

const decrypter = new age.Decrypter();
decrypter.addIdentity(given.identity);
const encrypter = new age.Encrypter();
encrypter.addRecipient(given.recipient);
const locker = new age.Encrypter();
locker.setScryptWorkFactor(10);
locker.setPassphrase(given.passphrase);
const unlocker = new age.Decrypter();
unlocker.addPassphrase(given.passphrase);

console.log(JSON.stringify({
  joined: hex(await combine(given.shares.map(unhex))),
  shares: (await split(unhex(given.secret), 3, 2)).map(hex),
  opened: await decrypter.decrypt(unhex(given.sealed), "text"),
  sealed: hex(await encrypter.encrypt("bonjour")),
  unlocked: await unlocker.decrypt(age.armor.decode(given.locked), "text"),
  locked: age.armor.encode(await locker.encrypt("clé")),
}));
