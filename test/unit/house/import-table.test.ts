import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A file of a room, and what it imports. */
const REFUSED = [
  ['emr-steps/books/a.ts', 'node:fs'],
  ['emr-steps/books/b.ts', '../records/x.ts'],
  ['emr-steps/keyspace/a.ts', '../records/x.ts'],
  ['emr-steps/multipart/a.ts', '../s3/x.ts'],
  ['emr-steps/records/a.ts', '../hadoop/x.ts'],
  ['emr-steps/run-directory/a.ts', 'node:process'],
  ['emr-steps/credentials/a.ts', '../s3/x.ts'],
  ['emr-steps/s3/a.ts', '../records/x.ts'],
  ['emr-steps/s3/b.ts', '@aws-sdk/client-s3'],
  ['emr-steps/hadoop/a.ts', '../s3/x.ts'],
  ['emr-steps/fidelity/a.ts', '../hadoop/x.ts'],
  ['emr-steps/fidelity/b.ts', 'node:crypto'],
  ['emr-steps/list/a.ts', '../plan/x.ts'],
  ['emr-steps/plan/a.ts', '../copy/x.ts'],
  ['emr-steps/copy/a.ts', '../complete/x.ts'],
  ['emr-steps/copy/b.ts', '../../workflows/plan/x.ts'],
  ['emr-steps/complete/a.ts', '../reconcile/x.ts'],
  ['emr-steps/reconcile/a.ts', 'undici'],
  ['emr-steps/bin/a.ts', '../../infra/local/x.ts'],
  ['workflows/request/a.ts', 'node:fs'],
  ['workflows/plan/a.ts', '../../emr-steps/s3/x.ts'],
  ['workflows/plan/b.ts', '../../emr-steps/run-directory/run-directory.ts'],
  ['workflows/diff/a.ts', '@duckdb/node-api'],
  ['workflows/events/a.ts', 'aws-cdk-lib'],
  ['workflows/state-machine/a.ts', '@aws-sdk/client-emr'],
  ['workflows/state-machine/phases/a.ts', '../../../emr-steps/s3/x.ts'],
  ['lambdas/prepare-run/a.ts', '../../workflows/state-machine/definition.ts'],
  ['lambdas/prepare-run/b.ts', '../../emr-steps/copy/x.ts'],
  ['lambdas/prepare-run/c.ts', '../../infra/local/x.ts'],
  ['infra/aws/cluster/a.ts', '@aws-sdk/client-emr'],
  ['infra/aws/a.ts', '../../lambdas/notify/notify.ts'],
  ['infra/local/engine/a.ts', '../../../workflows/state-machine/definition.ts'],
  ['infra/local/s3-store/a.ts', '../../../emr-steps/s3/x.ts'],
  ['infra/local/cluster/a.ts', '../../../emr-steps/copy/x.ts'],
  ['infra/local/diff/a.ts', 'aws-cdk-lib'],
  ['infra/local/a.ts', '../../emr-steps/s3/x.ts'],
  ['infra/hadoop/a.ts', '../local/cluster/x.ts'],
  ['cli/a.ts', '../emr-steps/list/x.ts'],
  ['cli/commands/a.ts', '../../emr-steps/list/x.ts'],
  ['cli/commands/b.ts', 'undici'],
  ['cli/commands/c.ts', '@aws-sdk/client-s3'],
  ['cli/commands/d.ts', '../../emr-steps/hadoop/run-step.ts'],
  ['cli/commands/e.ts', '../../emr-steps/bin/copy-objects.ts'],
] as const;

const ALLOWED = [
  ['emr-steps/keyspace/z.ts', '../books/x.ts'],
  ['emr-steps/multipart/z.ts', 'node:crypto'],
  ['emr-steps/run-directory/z.ts', '../s3/x.ts'],
  ['emr-steps/credentials/y.ts', '../s3/dns-suffix.ts'],
  ['emr-steps/credentials/z.ts', '@aws-sdk/credential-providers'],
  ['emr-steps/s3/z.ts', 'undici'],
  ['emr-steps/fidelity/z.ts', '../s3/x.ts'],
  ['emr-steps/copy/z.ts', '../plan/x.ts'],
  ['emr-steps/plan/z.ts', '../fidelity/x.ts'],
  ['emr-steps/bin/z.ts', '../copy/x.ts'],
  ['infra/aws/control/z.ts', '../../../workflows/state-machine/handlers.ts'],
  ['workflows/request/z.ts', 'zod'],
  ['workflows/plan/z.ts', '../../emr-steps/run-directory/layout.ts'],
  ['workflows/state-machine/z.ts', 'aws-cdk-lib/aws-stepfunctions'],
  ['workflows/state-machine/phases/z.ts', '../../plan/x.ts'],
  ['lambdas/prepare-run/y.ts', '../run/x.ts'],
  ['lambdas/prepare-run/z.ts', '@aws-sdk/client-emr'],
  ['infra/local/engine/z.ts', '../../../workflows/state-machine/handlers.ts'],
  ['infra/local/s3-store/z.ts', '@smithy/signature-v4'],
  ['infra/local/cluster/z.ts', '../diff/x.ts'],
  ['infra/local/z.ts', './cluster/x.ts'],
  ['infra/hadoop/z.ts', '../../workflows/plan/x.ts'],
  ['cli/z.ts', '../emr-steps/books/x.ts'],
  ['cli/commands/z.ts', '../printers/x.ts'],
  ['cli/commands/y.ts', '../../emr-steps/hadoop/line-reader.ts'],
  ['cli/commands/x.ts', '../../emr-steps/bin/list-objects.ts'],
] as const;

let folder = '';
let reported = new Set<string>();

/** Biome with the project's own configuration, on files that are no part of the project. */
async function lint(): Promise<Set<string>> {
  const program = join(process.cwd(), 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const run = promisify(execFile)(process.execPath, [program, 'lint', '--only=style/noRestrictedImports', '--reporter=github', '--max-diagnostics=none', '.'], {
    cwd: folder,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return new Set([...stdout.matchAll(/title=lint\/style\/noRestrictedImports,file=([^,]+),/g)].map(([, file]) => file as string));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-table-'));
  await copyFile('biome.json', join(folder, 'biome.json'));
  for (const [file, module] of [...REFUSED, ...ALLOWED]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), `import { x } from '${module}';\nexport const y = x;\n`);
  }
  reported = await lint();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the import table', () => {
  it.each(REFUSED)('refuses in %s the import of %s', (file) => {
    expect([...reported]).toContain(file);
  });

  it.each(ALLOWED)('allows in %s the import of %s', (file) => {
    expect([...reported]).not.toContain(file);
  });
});
