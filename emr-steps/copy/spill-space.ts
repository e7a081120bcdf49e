/** Where bytes go that are too many for the memory: directories on disks, each as long as it has room. */
import { statfs } from 'node:fs/promises';
import { SpillFile } from './spill-file.ts';

/** Bytes that are left free on every disk, for Hadoop's own files and for what other processes take at the same moment. */
const LEFT_FREE_BYTES = 256 * 1024 * 1024;

/** Bytes that can still be written in a directory. */
export type FreeBytes = (directory: string) => Promise<number>;

/** A file with its room. */
export interface SpillRoom {
  readonly file: SpillFile;
  /** Closes the file and gives the room back; a second call does nothing. */
  close(): Promise<void>;
}

interface Claim {
  /** Bytes that the file will have. */
  readonly bytes: number;
  /** Null until it is open. */
  file: SpillFile | null;
}

interface Directory {
  readonly path: string;
  /** Open files. What they have not written yet is promised to them. */
  readonly claims: Set<Claim>;
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** The room of one program in its directories. */
export class SpillSpace {
  readonly #freeBytes: FreeBytes;
  #directories: readonly Directory[];
  #waiting: (() => void)[] = [];

  /** @param freeBytes - for tests */
  constructor(directories: readonly string[], freeBytes: FreeBytes = freeBytesOf) {
    this.#freeBytes = freeBytes;
    this.#directories = directories.map((path) => ({ path, claims: new Set() }));
  }

  /** Room for so many bytes, where there is some at once; null where there is none. */
  async takeNow(bytes: number): Promise<SpillRoom | null> {
    for (;;) {
      const claimed = await this.#claim({ bytes, file: null });
      if (claimed === null) return null;
      const { directory, claim } = claimed;
      try {
        claim.file = await SpillFile.in(directory.path);
        return this.#room(directory, claim, claim.file);
      } catch {
        // No directory to write in: the others remain.
        this.#directories = this.#directories.filter((one) => one !== directory);
        this.#giveBack(directory, claim);
      }
    }
  }

  /** As {@link takeNow}; waits while files of this program are open, since each that is closed may make room. Throws the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<SpillRoom | null> {
    for (;;) {
      signal.throwIfAborted();
      const room = await this.takeNow(bytes);
      if (room !== null || !this.#directories.some(({ claims }) => claims.size > 0)) return room;
      await this.#nextClose(signal);
    }
  }

  #room(directory: Directory, claim: Claim, file: SpillFile): SpillRoom {
    return {
      file,
      close: async () => {
        if (!directory.claims.has(claim)) return;
        try {
          await file.close();
        } finally {
          this.#giveBack(directory, claim);
        }
      },
    };
  }

  #giveBack(directory: Directory, claim: Claim): void {
    directory.claims.delete(claim);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Claims the bytes in the directory with the most room, if they fit there. */
  async #claim(claim: Claim): Promise<{ readonly directory: Directory; readonly claim: Claim } | null> {
    const free = new Map(await Promise.all(this.#directories.map(async (directory) => [directory, await this.#freeIn(directory)] as const)));
    const roomOf = (directory: Directory): number => (free.get(directory) ?? 0) - promisedIn(directory) - LEFT_FREE_BYTES;
    const directory = [...free.keys()].sort((a, b) => roomOf(b) - roomOf(a))[0];
    if (directory === undefined || roomOf(directory) < claim.bytes) return null;
    directory.claims.add(claim);
    return { directory, claim };
  }

  async #freeIn({ path }: Directory): Promise<number> {
    try {
      return await this.#freeBytes(path);
    } catch {
      return 0;
    }
  }

  #nextClose(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }
}

function promisedIn({ claims }: Directory): number {
  let bytes = 0;
  for (const claim of claims) bytes += claim.bytes - (claim.file?.writtenBytes ?? 0);
  return bytes;
}
