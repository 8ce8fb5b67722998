import { Worker } from 'node:worker_threads';
import type { Done, Order, Origin } from './protocol.ts';

/** A thread has ended before its time. */
export class ThreadLost extends Error {
  /** For want of memory. */
  readonly isFull: boolean;

  constructor(why: string, isFull: boolean) {
    super(`a thread of the search ended before its time: ${why}`);
    this.isFull = isFull;
  }
}

/** Threads that search together, one search after another. They are started when they are first needed. */
export class Pool {
  readonly size: number;
  readonly #environment: NodeJS.ProcessEnv;
  /** What has been told to threads ahead of the first order. */
  #ahead: Promise<unknown> | undefined;
  #workers: readonly Worker[] = [];
  #lost: ThreadLost | undefined;
  #onLoss: ((lost: ThreadLost) => void) | undefined;

  /** @param environment in which the threads are started: what a thread sets up for itself by a call, others do not have */
  constructor(size: number, environment: NodeJS.ProcessEnv = process.env) {
    this.size = size;
    this.#environment = environment;
  }

  /** For tests: the threads that there are. */
  get workers(): readonly Worker[] {
    return this.#workers;
  }

  /** Starts the threads, if there are none, so that they need not be waited for when they are needed. */
  warm(origin: Origin): void {
    if (this.#workers.length > 0) return;
    // what goes wrong here goes wrong again where somebody waits for it
    this.#ahead = this.#all(() => ({ order: 'load', origin })).catch(() => {});
  }

  /**
   * Gives an order to each worker and waits until all have followed it.
   *
   * @throws ThreadLost where one of them ends
   */
  async all(orderOf: (worker: number) => Order): Promise<Done[]> {
    await this.#ahead;
    this.#ahead = undefined;
    return await this.#all(orderOf);
  }

  async #all(orderOf: (worker: number) => Order): Promise<Done[]> {
    if (this.#workers.length === 0) this.#start();
    try {
      return await new Promise<Done[]>((resolve, reject) => {
        this.#onLoss = reject;
        if (this.#lost) reject(this.#lost);
        const done: Done[] = [];
        let waiting = this.size;
        for (const [i, worker] of this.#workers.entries()) {
          worker.once('message', (message: Done) => {
            done[i] = message;
            if (--waiting === 0) resolve(done);
          });
          worker.postMessage(orderOf(i));
        }
      });
    } catch (error) {
      await this.end();
      throw error;
    } finally {
      this.#onLoss = undefined;
    }
  }

  /** Ends all threads. The next order starts others. */
  async end(): Promise<void> {
    this.#ahead = undefined;
    const workers = this.#workers;
    this.#workers = [];
    this.#lost = undefined;
    await Promise.all(
      workers.map((worker) => {
        worker.removeAllListeners();
        worker.on('error', () => {});
        return worker.terminate();
      }),
    );
  }

  #start(): void {
    const url = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);
    this.#workers = Array.from({ length: this.size }, () => {
      // what a model prints as it is loaded has been printed once
      const worker = new Worker(url, { stdout: true, stderr: true, env: this.#environment });
      worker.stdout.resume();
      worker.stderr.resume();
      worker.on('error', (error: Error & { readonly code?: string }) =>
        this.#lose(error.message, error.code === 'ERR_WORKER_OUT_OF_MEMORY'),
      );
      worker.on('exit', (code) => this.#lose(`exit code ${code}`, false));
      return worker;
    });
  }

  #lose(why: string, isFull: boolean): void {
    this.#lost ??= new ThreadLost(why, isFull);
    this.#onLoss?.(this.#lost);
  }
}
