/** What the processes below this one can be seen with: their arguments and environments, as another process of the machine reads them. */
import { readdir, readFile } from 'node:fs/promises';

/** Arguments and environment of every descendant of `root` that runs now; empty where the system has no `/proc`. */
export async function dumpDescendants(root: number): Promise<ReadonlyMap<number, string>> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc').catch(() => [])) {
    const parent = /^\d+$/.test(name) ? await parentOf(name) : null;
    if (parent !== null) parents.set(Number(name), parent);
  }
  const below = [...parents.keys()].filter((pid) => isBelow(pid, root, parents));
  const dumps = await Promise.all(below.map(async (pid) => [pid, await dump(pid)] as const));
  return new Map(dumps.filter(([, text]) => text !== ''));
}

async function parentOf(pid: string): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const [, parent] = /^PPid:\s*(\d+)$/m.exec(status) ?? [];
  return parent === undefined ? null : Number(parent);
}

function isBelow(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === root) return true;
  return false;
}

async function dump(pid: number): Promise<string> {
  const parts = await Promise.all(['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')));
  return parts.join('\0').replaceAll('\0', '\n');
}
