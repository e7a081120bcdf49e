/** Emulators, asked by plain HTTP: they check no signature, and read service, Region and account from one. MiniStack in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';

/** Where the emulator believes to be. */
export const PLACE = { account: '111122223333', region: 'eu-central-1' } as const;

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  /** A service of the query protocol, such as CloudFormation; gives the answer's XML. @throws Error on any answer but 200 */
  query(service: string, version: string, action: string, parameters?: Readonly<Record<string, string>>): Promise<string>;
  /** A service of the JSON protocol, such as Step Functions. @param target - such as `AWSStepFunctions.ListExecutions` */
  json(service: string, target: string, input?: object): Promise<Readonly<Record<string, unknown>>>;
  /** A service of the REST protocol. */
  rest(service: string, method: string, path: string, body?: Uint8Array | string): Promise<{ readonly status: number; readonly text: string }>;
  close(): Promise<void>;
}

/** Starts it on a free port. @param program - path of `ministack` @param node - folder of the Node that runs functions */
export async function startEmulator(program: string, node: string): Promise<Emulator> {
  const port = await freePort();
  const env = {
    PATH: `${node}:${process.env.PATH ?? ''}`,
    HOME: process.env.HOME ?? '/tmp',
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: PLACE.account,
    MINISTACK_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LOG_LEVEL: process.env.MINISTACK_LOG ?? 'ERROR',
  };
  const child = spawn(program, [], { env, stdio: ['ignore', 'ignore', process.env.MINISTACK_LOG === undefined ? 'ignore' : 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  await answers(url, child);
  return { ...asked(url), url, close: () => stopped(child) };
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let look = 0; look < 120; look += 1) {
    if (child.exitCode !== null) throw new Error(`MiniStack ended with code ${child.exitCode}`);
    const found = await fetch(`${url}/_ministack/health`).catch(() => null);
    if (found !== null) return;
    await pause(500);
  }
  throw new Error('MiniStack did not answer within a minute');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

/** How an emulator at this address is asked. */
export function asked(url: string): Omit<Emulator, 'url' | 'close'> {
  const headers = (service: string, more: Readonly<Record<string, string>>) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${PLACE.account}/20260101/${PLACE.region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    ...more,
  });
  return {
    query: async (service, version, action, parameters = {}) => {
      const body = new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
      const answer = await fetch(url, { method: 'POST', headers: headers(service, { 'content-type': 'application/x-www-form-urlencoded' }), body });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${service} ${action}: ${answer.status} ${text.slice(0, 500)}`);
      return text;
    },
    json: async (service, target, input = {}) => {
      const more = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target };
      const answer = await fetch(url, { method: 'POST', headers: headers(service, more), body: JSON.stringify(input) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${target}: ${answer.status} ${text.slice(0, 500)}`);
      return JSON.parse(text === '' ? '{}' : text) as Readonly<Record<string, unknown>>;
    },
    rest: async (service, method, path, body) => {
      const answer = await fetch(`${url}${path}`, { method, headers: headers(service, {}), ...(body !== undefined && { body: body as string }) });
      return { status: answer.status, text: await answer.text() };
    },
  };
}
