/** Where this machine keeps its runs, and the locks of their pairs. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where run directories lie: as given, else below `$XDG_STATE_HOME`, else `~/.local/state`. */
export function runsFolder(given: string | undefined, env: Environment): string {
  return given === undefined ? join(stateFolder(env), 'runs') : resolve(given);
}

/** Where locks of pairs lie: the same for all runs, wherever their directories are. */
export function locksFolder(env: Environment): string {
  return join(stateFolder(env), 'locks');
}

function stateFolder(env: Environment): string {
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'carillon');
}
