/** Passphrase work (a second, 256 MiB) in a worker that ends afterwards and takes its memory along. */
export interface PhraseJob {
  readonly do: "seal" | "open";
  readonly phrase: string;
  readonly text: string;
}

export function phraseWork(url: string | URL, job: PhraseJob): Promise<string> {
  const worker = new Worker(url, { type: "module" });
  return new Promise<string>((resolve, reject) => {
    worker.addEventListener("message", (event: MessageEvent<{ value?: string; error?: string }>) => {
      if (event.data.value !== undefined) return resolve(event.data.value);
      const error = new Error("passphrase work failed");
      error.name = event.data.error ?? "Error";
      reject(error);
    });
    worker.addEventListener("error", () => {
      const error = new Error("worker did not start");
      error.name = "WorkerError";
      reject(error);
    });
    worker.postMessage(job);
  }).finally(() => worker.terminate());
}
