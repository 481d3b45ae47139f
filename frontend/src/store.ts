/** What survives a closed tab, in IndexedDB: uploads under way, seals that wait for their receipt, receipts. */
import { type Bytes, concat, random } from "./bytes.ts";

const NAME = "parvis-deposit";
const STORES = ["keys", "uploads", "seals"] as const;
type Store = (typeof STORES)[number];

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store));
  return settled(request);
}

async function within<T>(store: Store, mode: IDBTransactionMode, act: (at: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open();
  try {
    const transaction = db.transaction(store, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("IndexedDB"));
    });
    const value = await settled(act(transaction.objectStore(store)));
    await done;
    return value;
  } finally {
    db.close();
  }
}

export const load = <T>(store: Store, key: string): Promise<T | undefined> =>
  within(store, "readonly", (at) => at.get(key) as IDBRequest<T | undefined>);

export const save = async (store: Store, key: string, value: unknown): Promise<void> => {
  await within(store, "readwrite", (at) => at.put(value, key));
};

export const forget = async (store: Store, key: string): Promise<void> => {
  await within(store, "readwrite", (at) => at.delete(key) as IDBRequest<undefined>);
};

const ALGORITHM = { name: "AES-GCM", length: 256 } as const;

/** The wrapping key never leaves the browser's own key store: scripts may use it, not read it. */
async function wrappingKey(): Promise<CryptoKey> {
  const known = await load<CryptoKey>("keys", "wrap");
  if (known) return known;
  const made = await crypto.subtle.generateKey(ALGORITHM, false, ["encrypt", "decrypt"]);
  await save("keys", "wrap", made);
  return made;
}

export async function wrap(secret: Bytes): Promise<Bytes> {
  const iv = random(12);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrappingKey(), secret);
  return concat(iv, new Uint8Array(sealed));
}

export async function unwrap(sealed: Bytes): Promise<Bytes> {
  const iv = sealed.slice(0, 12);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await wrappingKey(), sealed.slice(12)));
}
