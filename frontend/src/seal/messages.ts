import type { Bytes } from "../bytes.ts";
import type { PrepareInput, Prepared, SealInput } from "./work.ts";

export type Request =
  | { readonly do: "prepare"; readonly files: readonly File[]; readonly input: PrepareInput }
  | { readonly do: "load"; readonly files: readonly File[]; readonly input: SealInput }
  | { readonly do: "part"; readonly index: number }
  | { readonly do: "hash"; readonly bytes: Bytes }
  | { readonly do: "digest" };

export interface Answers {
  prepare: Prepared;
  load: null;
  part: Bytes;
  hash: null;
  digest: string;
}

export type Reply =
  | { readonly id: number; readonly progress: number }
  | { readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly id: number; readonly error: string; readonly name: string };
