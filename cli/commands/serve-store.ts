/** Starts the embedded store and serves until the process is told to stop. */
import { once } from 'node:events';
import type { Account } from '../../infra/local/s3-store/accounts.ts';
import { serveStore as serve } from '../../infra/local/s3-store/processes/serve-store.ts';
import { DEFAULT_ACCOUNT, type InitialBucket, type StoreOptions } from '../../infra/local/s3-store/store.ts';
import { virtualBucket } from '../../infra/local/s3-store/virtual/virtual-bucket.ts';
import { VirtualBucketError } from '../../infra/local/s3-store/virtual/virtual-bucket-error.ts';
import type { CliValues } from '../arguments/option-table.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { EXIT, type Host } from '../host.ts';
import type { STORE_COMMAND } from './store.ts';

type StoreValues = CliValues<(typeof STORE_COMMAND)['options']>;

/** Serves. @returns the exit code, once stopped */
export async function serveStore(values: StoreValues, host: Host): Promise<number> {
  const accounts = values.account.length === 0 ? [DEFAULT_ACCOUNT] : accountsOf(values.account);
  const owner = accounts[0]?.id ?? DEFAULT_ACCOUNT.id;
  const options: StoreOptions = {
    accounts,
    buckets: [...values.bucket.map((text) => bucketOf(text, owner)), ...values.virtual.map((text) => virtualBucketOf(text, owner))],
    ...(values.directory !== undefined && { directory: values.directory }),
    ...(values.port !== undefined && { port: values.port }),
    ...(values.region !== undefined && { region: values.region }),
    ...(values.latency !== undefined && { latencyMilliseconds: values.latency }),
  };
  const store = await serve(options, values.processes ?? 1).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof VirtualBucketError) throw new UsageError([`--processes: ${error.message}`]);
    throw error.code === 'EADDRINUSE' ? new UsageError([`port ${values.port} is taken; give another --port or none`]) : error;
  });
  if (!store.isHelper)
    host.stdout.write(values.json ? `${JSON.stringify({ endpoint: store.url, accounts: accounts.map(shown) })}\n` : greeting(store.url, accounts));
  if (!host.signal.aborted) await once(host.signal, 'abort');
  await store.close();
  return EXIT.well;
}

/** An account as it is told. */
function shown({ id, keys }: Account) {
  return { id, accessKeyId: keys[0]?.accessKeyId, secretAccessKey: keys[0]?.secretAccessKey };
}

function greeting(url: string, accounts: readonly Account[]): string {
  const lines = accounts
    .map(shown)
    .map(({ id, accessKeyId, secretAccessKey }) => `  account ${id}: AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
  return [`an S3 store for development listens at ${url}; stop it with Ctrl-C`, ...lines, ''].join('\n');
}

/** Keys of one account that stand in several words are one account. */
function accountsOf(texts: readonly string[]): readonly Account[] {
  const keys = new Map<string, Account['keys'][number][]>();
  for (const text of texts) {
    const [, id, accessKeyId, secretAccessKey] = /^(\d{12}):([^:]+):(.+)$/s.exec(text) ?? [];
    if (id === undefined || accessKeyId === undefined || secretAccessKey === undefined)
      throw new UsageError([`--account is ${JSON.stringify(text)}; write ID:KEY:SECRET, such as 111122223333:carillon:secret`]);
    keys.set(id, [...(keys.get(id) ?? []), { accessKeyId, secretAccessKey }]);
  }
  return [...keys].map(([id, own]) => ({ id, keys: own }));
}

function bucketOf(text: string, owner: string): InitialBucket {
  const [, name, id = owner] = /^([a-z0-9.-]+)(?::(\d{12}))?$/.exec(text) ?? [];
  if (name === undefined) throw new UsageError([`--bucket is ${JSON.stringify(text)}; write NAME or NAME:ACCOUNT`]);
  return { name, ownerId: id };
}

function virtualBucketOf(text: string, owner: string): InitialBucket {
  try {
    return { ...virtualBucket(text), ownerId: owner };
  } catch (error) {
    if (error instanceof VirtualBucketError) throw new UsageError([`--virtual: ${error.message}`]);
    throw error;
  }
}
