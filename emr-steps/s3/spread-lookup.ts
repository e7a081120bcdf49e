/**
 * Spreads connections over every address of a name. S3 answers a name with up to eight addresses that change every few seconds, and a
 * resolver hands them out in an order of its own, so that whoever takes the first one sends everything to a single machine.
 */
import { type LookupAddress, type LookupAllOptions, lookup as resolveName } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** Asks the system for all addresses of a name; as `dns.lookup` with `all`. */
export type ResolveName = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What a test may put in the place of the real thing. */
export interface SpreadLookupOptions {
  /** Default: `dns.lookup`. */
  readonly resolve?: ResolveName | undefined;
  /** The clock, in milliseconds. */
  readonly now?: (() => number) | undefined;
  /** In [0, 1): where the first turn begins, so that the processes of a node begin with different addresses. */
  readonly random?: (() => number) | undefined;
}

/** Milliseconds that an answer is shared by the connections that are opened together; S3's own records live 5 s. */
const SHARED_MILLISECONDS = 5_000;

type Answer = Parameters<LookupFunction>[2];

interface Name {
  addresses: readonly LookupAddress[];
  resolvedAt: number;
  turn: number;
  /** Who waits for the answer that is under way; null: none is. */
  waiting: ((error: NodeJS.ErrnoException | null) => void)[] | null;
}

/** The same addresses with others first; families stay in the order in which the system prefers them. */
function turned(addresses: readonly LookupAddress[], turn: number): LookupAddress[] {
  const families = new Set(addresses.map(({ family }) => family));
  return [...families].flatMap((wanted) => {
    const members = addresses.filter(({ family }) => family === wanted);
    const first = turn % members.length;
    return [...members.slice(first), ...members.slice(0, first)];
  });
}

class Spread {
  private readonly resolve: ResolveName;
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly names = new Map<string, Name>();

  constructor(options: SpreadLookupOptions) {
    this.resolve = options.resolve ?? resolveName;
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
  }

  find(hostname: string, wantsAll: boolean, answer: Answer): void {
    const name = this.nameOf(hostname);
    if (name.addresses.length > 0 && this.now() - name.resolvedAt < SHARED_MILLISECONDS) give(name, wantsAll, answer);
    else this.waitFor(hostname, name, (error) => (error === null ? give(name, wantsAll, answer) : answer(error, '', 0)));
  }

  /** Whoever comes while an answer is under way shares it. */
  private waitFor(hostname: string, name: Name, then: (error: NodeJS.ErrnoException | null) => void): void {
    if (name.waiting !== null) {
      name.waiting.push(then);
      return;
    }
    name.waiting = [then];
    this.ask(hostname, name);
  }

  private nameOf(hostname: string): Name {
    let name = this.names.get(hostname);
    if (name === undefined) {
      name = { addresses: [], resolvedAt: 0, turn: Math.floor(this.random() * 65_536), waiting: null };
      this.names.set(hostname, name);
    }
    return name;
  }

  /** A resolver that stumbles must not stop a run: the last addresses are used until it answers again. */
  private ask(hostname: string, name: Name): void {
    this.resolve(hostname, { all: true }, (error, addresses) => {
      const waiting = name.waiting ?? [];
      name.waiting = null;
      if (error === null && addresses.length > 0) {
        name.addresses = addresses;
        name.resolvedAt = this.now();
      }
      const failure = name.addresses.length > 0 ? null : (error ?? new Error(`${hostname} has no address`));
      for (const next of waiting) next(failure);
    });
  }
}

function give(name: Name, wantsAll: boolean, answer: Answer): void {
  const addresses = turned(name.addresses, name.turn);
  name.turn += 1;
  const [first] = addresses;
  if (wantsAll) answer(null, addresses);
  else if (first !== undefined) answer(null, first.address, first.family);
}

/** A `lookup` for `net.connect`: every call gives all addresses, beginning with the next one; the name is resolved again every few seconds. */
export function spreadLookup(options: SpreadLookupOptions = {}): LookupFunction {
  const spread = new Spread(options);
  return (hostname, { all }, answer) => spread.find(hostname, all === true, answer);
}
