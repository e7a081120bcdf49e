/** The whole data plane on servers that others wrote. What differs from AWS stands in docs/s3-servers.md, which this writes; nothing else may differ. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClosableTransport, undiciTransport } from '../../../emr-steps/s3/undici-transport.ts';
import { runHere } from '../run/run-here.ts';
import { EXPECTED } from './expected.ts';
import { rcloneCheck } from './rclone.ts';
import { BUCKETS, fillServer, judge, objectsByRow, openUploads, vendorClient } from './server-case.ts';
import type { RunningServer } from './server-process.ts';
import { type Cell, writeServerTable } from './server-table.ts';
import { KEYS, SERVERS } from './servers.ts';

const cells = new Map<string, ReadonlyMap<string, Cell>>();
let transport: ClosableTransport;
let folder = '';
beforeAll(() => {
  transport = undiciTransport({ connections: 16 });
  folder = mkdtempSync(join(tmpdir(), 'carillon-servers-'));
});
afterAll(async () => {
  await transport.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(SERVERS)('$name', (server) => {
  let running: RunningServer;
  let s3: S3Client;
  let refused: ReadonlyMap<string, Cell>;
  beforeAll(async () => {
    running = await server.start();
    s3 = vendorClient(running.url);
    refused = await fillServer(running.url, s3, transport, EXPECTED[server.name]?.leftOut ?? {});
  }, 600_000);
  afterAll(async () => {
    s3?.destroy();
    await running?.close();
  });

  it.each(['server-side', 'streaming'] as const)('is copied %s: the books balance and no upload stays open', async (mode) => {
    const env = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey, AWS_EC2_METADATA_DISABLED: 'true' };
    const side = (bucket: string) => ({ bucket, endpointUrl: running.url, region: 'us-east-1' });
    const request = { source: side(BUCKETS.source), destination: side(BUCKETS[mode]), copy: { mode, ...EXPECTED[server.name]?.copy } };
    const { output, end } = await runHere({ env }, transport, join(folder, String(SERVERS.indexOf(server)), mode), request);
    expect({ end: end.status, balanced: output?.books?.balanced, open: await openUploads(s3) }, JSON.stringify(end)).toEqual({
      end: EXPECTED[server.name]?.end ?? 'SUCCEEDED',
      balanced: true,
      open: 0,
    });
  }, 300_000);

  it('has at the destination what it kept at the source, and differs only where it is known to', async () => {
    const found = new Map<string, Cell>();
    for (const [row, object] of objectsByRow()) found.set(row, refused.get(row) ?? (await judge(s3, object)));
    cells.set(server.name, found);
    const differing = [...found].filter(([, cell]) => cell !== 'yes' && !/^(not stored|left out|source without) ?/.test(cell));
    expect(Object.fromEntries(differing)).toEqual(EXPECTED[server.name]?.differs ?? {});
  }, 120_000);

  it('shows no difference to rclone', async () => {
    for (const mode of ['server-side', 'streaming'] as const) expect(await rcloneCheck(running.url, BUCKETS.source, BUCKETS[mode])).toBe('');
  }, 120_000);
});

it('stands in docs/s3-servers.md', () => {
  expect([...cells.keys()]).toEqual(SERVERS.map(({ name }) => name));
  writeServerTable(SERVERS, [...objectsByRow().keys()], cells);
});
