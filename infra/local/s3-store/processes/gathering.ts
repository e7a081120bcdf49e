/** How the processes of a store ask each other for counts: a worker asks the primary, which asks every worker and adds up. */
import cluster, { type Worker } from 'node:cluster';
import { addStoreCounts, type StoreCounts } from './store-counts.ts';

/** What is gathered: the counts, or nothing while all are set back. */
export type Question = 'counts' | 'reset';

/** Messages between a worker and the primary. `id` joins an answer with its question. */
export type Message =
  | { readonly kind: 'ready'; readonly port: number }
  /** From the worker that a client asked. */
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question }
  /** To every worker. */
  | { readonly kind: 'tell'; readonly id: string; readonly question: Question }
  | { readonly kind: 'told'; readonly id: string; readonly counts: StoreCounts }
  /** To the worker that asked. */
  | { readonly kind: 'answer'; readonly id: number; readonly counts: StoreCounts };

/** Makes the primary answer what workers ask. */
export function gatherForWorkers(workers: readonly Worker[]): void {
  const waiting = new Map<string, { readonly asker: Worker; readonly id: number; readonly told: StoreCounts[] }>();
  const receive = (worker: Worker, message: Message) => {
    if (message.kind === 'ask') {
      const id = `${worker.id}.${message.id}`;
      waiting.set(id, { asker: worker, id: message.id, told: [] });
      for (const each of workers) each.send({ kind: 'tell', id, question: message.question } satisfies Message);
    }
    const open = message.kind === 'told' ? waiting.get(message.id) : undefined;
    if (message.kind !== 'told' || open === undefined) return;
    open.told.push(message.counts);
    if (open.told.length < workers.length) return;
    waiting.delete(message.id);
    open.asker.send({ kind: 'answer', id: open.id, counts: addStoreCounts(open.told) } satisfies Message);
  };
  for (const worker of workers) worker.on('message', (message: Message) => receive(worker, message));
}

function toPrimary(message: Message): void {
  cluster.worker?.send(message);
}

/** Asks all processes, this one too, and adds up. */
export type AskAll = (question: Question) => Promise<StoreCounts>;

/** In a worker: answers the primary with `tell`, and gives the way to ask all. */
export function joinGathering(tell: (question: Question) => StoreCounts): AskAll {
  const waiting = new Map<number, (counts: StoreCounts) => void>();
  let asked = 0;
  process.on('message', (message: Message) => {
    if (message.kind === 'tell') toPrimary({ kind: 'told', id: message.id, counts: tell(message.question) });
    if (message.kind !== 'answer') return;
    waiting.get(message.id)?.(message.counts);
    waiting.delete(message.id);
  });
  return (question) =>
    new Promise((resolve) => {
      asked += 1;
      waiting.set(asked, resolve);
      toPrimary({ kind: 'ask', id: asked, question });
    });
}

/** In a worker: says that it listens. */
export function tellReady(port: number): void {
  toPrimary({ kind: 'ready', port });
}
