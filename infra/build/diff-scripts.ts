/** The diff's Hive scripts as files, as a cluster reads them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HIVE_SCRIPTS, hiveScript, hiveScriptFile } from '../../workflows/diff/hive-diff.ts';

/** Writes each of them into a folder. */
export async function writeDiffScripts(folder: string): Promise<void> {
  await Promise.all(HIVE_SCRIPTS.map(async (script) => await writeFile(join(folder, hiveScriptFile(script)), hiveScript(script))));
}
