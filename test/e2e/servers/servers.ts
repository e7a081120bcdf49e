/** S3 servers that others wrote, pinned, and the project's own; each is a column of docs/s3-servers.md. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startStore } from '../../../infra/local/s3-store/store.ts';
import { goProgram, pythonPrograms } from './installed.ts';
import { type RunningServer, startServer } from './server-process.ts';

/** One of them. */
export interface S3Server {
  readonly name: string;
  readonly version: string;
  readonly from: string;
  start(): Promise<RunningServer>;
}

/** Keys that every server takes. */
export const KEYS = { accessKeyId: 'carillon', secretAccessKey: 'carillon-secret' } as const;

const REGION = 'us-east-1';

const embedded: S3Server = {
  name: "Carillon's store",
  version: 'this commit',
  from: '`carillon store`',
  start: () => startStore({ region: REGION, accounts: [{ id: '111111111111', keys: [{ ...KEYS }] }] }),
};

const versitygw: S3Server = {
  name: 'versitygw',
  version: '1.8.0',
  from: 'Go, `github.com/versity/versitygw/cmd/versitygw`',
  start: () =>
    startServer((port, folder) => {
      const data = join(folder, 'data');
      mkdirSync(data);
      const keys = ['--access', KEYS.accessKeyId, '--secret', KEYS.secretAccessKey];
      const words = [...keys, '--region', REGION, '--port', `127.0.0.1:${port}`, '--keep-alive', '--quiet', 'posix', data];
      return { program: goProgram('github.com/versity/versitygw/cmd/versitygw@v1.8.0'), words };
    }),
};

const minio: S3Server = {
  name: 'MinIO',
  version: '2026-02-12 (7aac2a2c5b7c)',
  from: 'Go, `github.com/minio/minio`',
  start: () =>
    startServer((port, folder) => ({
      program: goProgram('github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c'),
      words: ['server', '--address', `127.0.0.1:${port}`, join(folder, 'data')],
      env: { MINIO_ROOT_USER: KEYS.accessKeyId, MINIO_ROOT_PASSWORD: KEYS.secretAccessKey, MINIO_BROWSER: 'off' },
    })),
};

const ministack: S3Server = {
  name: 'MiniStack',
  version: '1.5.33',
  from: 'PyPI, `ministack`',
  start: () =>
    startServer((port) => ({
      program: join(pythonPrograms('ministack-1.5.33', ['ministack==1.5.33']), 'ministack'),
      words: [],
      env: { BIND_HOST: '127.0.0.1', IOT_MTLS_ENABLED: '0', GATEWAY_PORT: String(port) },
    })),
};

/** All of them. */
export const SERVERS: readonly S3Server[] = [embedded, versitygw, minio, ministack];
