import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PROGRAM_OPTIONS } from '../../../emr-steps/records/program-options.ts';

const BIN = join(import.meta.dirname, '../../../emr-steps/bin');

/** The modules of Node's own that are loaded with the file. */
async function loadedWith(file: string): Promise<readonly string[]> {
  const script = `await import(${JSON.stringify(join(BIN, file))}); console.log(JSON.stringify(process.moduleLoadList));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout);
}

describe('the start of a program', () => {
  it.each(Object.keys(PROGRAM_OPTIONS))('loads no HTTP before %s asks for a bucket', async (program) => {
    expect(await loadedWith(`${program}.ts`)).not.toContain('NativeModule tls');
  });

  it('would be seen to load it', async () => {
    expect(await loadedWith('connect.ts')).toContain('NativeModule tls');
  });
});
