/** The processes of a stage's copy step on this machine, by what YARN put into their environment. */
import { readdir, readFile } from 'node:fs/promises';

/** A process in a container of YARN. */
export interface Contained {
  readonly pid: number;
  /** Number of its node manager. */
  readonly node: number;
}

/** The Node processes that copy. */
export function copyMappers(work: string): Promise<readonly Contained[]> {
  return containers(work, (command) => /bin\/linux-\w+\/node\0(?:-[^\0]*\0)*copy-objects\.js\0/.test(command));
}

/** The ApplicationMasters. */
export function applicationMasters(work: string): Promise<readonly Contained[]> {
  return containers(work, (command) => /\0org\.apache\.hadoop\.mapreduce\.v2\.app\.MRAppMaster\0/.test(command));
}

/** Processes below the local folders of the stage's node managers. */
async function containers(work: string, isWanted: (command: string) => boolean): Promise<readonly Contained[]> {
  const found: Contained[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [command = '', environment = ''] = await Promise.all(['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
    const node = new RegExp(`\0PWD=${work}/hadoop/nm(\\d+)/local/`).exec(`\0${environment}`)?.[1];
    if (node !== undefined && isWanted(command)) found.push({ pid: Number(pid), node: Number(node) });
  }
  return found;
}
