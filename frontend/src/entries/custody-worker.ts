import { openByPhrase, sealByPhrase } from "../age/small.ts";
import type { PhraseJob } from "../custody/phrase.ts";

self.addEventListener("message", (event: MessageEvent<PhraseJob>) => {
  const { phrase, text } = event.data;
  const done = event.data.do === "seal" ? sealByPhrase(phrase, text) : openByPhrase(phrase, text);
  done.then(
    (value) => self.postMessage({ value }),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.name : "Error" }),
  );
});
