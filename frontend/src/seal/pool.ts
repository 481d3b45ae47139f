/** One worker behind promises. Errors keep their name, which is what the page decides on. */
import type { Answers, Reply, Request } from "./messages.ts";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress: ((done: number) => void) | undefined;
}

export class SealWorker {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(url: string | URL) {
    this.#worker = new Worker(url, { type: "module" });
    this.#worker.addEventListener("message", (event: MessageEvent<Reply>) => this.#answer(event.data));
    this.#worker.addEventListener("error", () => this.#fail("worker did not start"));
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ("progress" in reply) {
      waiting.progress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ("error" in reply) {
      const error = new Error(reply.error);
      error.name = reply.name;
      waiting.reject(error);
    } else waiting.resolve(reply.value);
  }

  #fail(message: string): void {
    const error = new Error(message);
    error.name = "WorkerError";
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }

  ask<K extends keyof Answers>(
    request: Extract<Request, { do: K }>,
    options: { transfer?: Transferable[]; progress?: (done: number) => void } = {},
  ): Promise<Answers[K]> {
    const id = this.#next++;
    return new Promise<Answers[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, progress: options.progress });
      this.#worker.postMessage({ id, request }, options.transfer ?? []);
    });
  }

  end(): void {
    this.#worker.terminate();
    this.#fail("ended");
  }
}
