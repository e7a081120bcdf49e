/** `make build`: the definitions of the state machines, `build/state-machine/<machine>.asl.json`. CDK is needed here and never at run time. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { definitionOf, MACHINES } from '../../workflows/state-machine/definition.ts';

const FOLDER = resolve(import.meta.dirname, '../../build/state-machine');

await mkdir(FOLDER, { recursive: true });
for (const [name, source] of Object.entries(MACHINES)) {
  await writeFile(join(FOLDER, `${name}.asl.json`), `${JSON.stringify(definitionOf(source), null, 2)}\n`);
}
