import { execFile } from 'node:child_process';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const WHOLE_REQUEST = join('workflows', 'request', 'run-request.ts');

/** The project's files that are loaded with the file. */
async function loadedWith(file: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    await import(${JSON.stringify(join(ROOT, file))});
    console.log(JSON.stringify(loaded.filter((url) => url.startsWith('file:'))));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  return (JSON.parse(stdout) as string[]).map((url) => relative(ROOT, fileURLToPath(url)));
}

describe('the start of a listing', () => {
  it('loads the schema of its side, and none of the whole request', async () => {
    const loaded = await loadedWith('cli/commands/list-bucket.ts');
    expect(loaded).toContain(join('workflows', 'request', 'side.ts'));
    expect(loaded).not.toContain(WHOLE_REQUEST);
  });

  it('would be seen to load it', async () => {
    expect(await loadedWith('cli/commands/request-file.ts')).toContain(WHOLE_REQUEST);
  });
});
