/** Lays a case's files out in a folder and reads its output back. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { CasePaths, ContractCase } from './contract-case.ts';

/** Writes input and programs below `folder`; a case that wants an output that exists gets one. */
export function layOut(contractCase: ContractCase, folder: string): CasePaths {
  const paths: CasePaths = { input: join(folder, 'input'), output: join(folder, 'output'), files: join(folder, 'files') };
  for (const path of [paths.input, paths.files]) mkdirSync(path, { recursive: true });
  for (const [name, content] of Object.entries(contractCase.input)) writeFileSync(join(paths.input, name), content);
  for (const [name, content] of Object.entries(contractCase.files ?? {})) writeFileSync(join(paths.files, name), content);
  if (contractCase.outputExists) {
    mkdirSync(paths.output);
    writeFileSync(join(paths.output, 'was-here'), 'before\n');
  }
  return paths;
}

/**
 * The output files by name, `.gz` unpacked; hidden ones but `_SUCCESS` left out. Without `_SUCCESS` empty files are left out too:
 * an attempt that YARN cut off may leave one or not.
 */
export function readOutput(output: string): Readonly<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  if (!existsSync(output)) return files;
  for (const entry of readdirSync(output, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile() || (/^[._]/.test(entry.name) && entry.name !== '_SUCCESS')) continue;
    const content = readFileSync(join(output, entry.name));
    files[entry.name] = entry.name.endsWith('.gz') ? gunzipSync(content) : content;
  }
  const whole = Object.hasOwn(files, '_SUCCESS');
  return Object.fromEntries(Object.entries(files).filter(([, content]) => whole || content.length > 0));
}
