import { parentPort } from 'node:worker_threads';
import type { Composition } from '../model.ts';
import { StoreFull } from '../store.ts';
import type { Done, Order, Origin } from './protocol.ts';
import { Share } from './share.ts';

/** The main module of a worker: does what it is told, and says when it is done. */

const port = parentPort!;
let share: Share | undefined;

async function follow(order: Order): Promise<Done> {
  switch (order.order) {
    case 'load':
      await compositionFrom(order.origin);
      return { done: 'load' };
    case 'open':
      share = new Share(order.opening, await compositionFrom(order.opening.origin));
      return { done: 'open' };
    case 'expand':
      return share!.expand(order);
    case 'sift':
      return share!.sift(order);
    case 'number':
      return share!.number(order);
    case 'report':
      return { done: 'report', report: share!.report() };
    case 'close':
      share = undefined;
      return { done: 'close' };
  }
}

async function compositionFrom({ module, make, given }: Origin): Promise<Composition> {
  const exported = (await import(module)) as Record<string, (given: unknown) => Composition | Promise<Composition>>;
  return exported[make]!(given);
}

port.on('message', (order: Order) => {
  void follow(order)
    .catch((error: unknown): Done => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { done: 'failed', isFull: error instanceof StoreFull, message };
    })
    .then((done) => port.postMessage(done));
});
