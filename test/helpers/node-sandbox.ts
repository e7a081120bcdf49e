/** A node to run its scripts on: commands that answer as the test says and write down what they were asked, and a metadata service of version 2. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How a command answers: a text and an exit code by the beginning of its arguments; others succeed silently. */
export type Answers = Readonly<Record<string, { readonly text?: string; readonly code?: number }>>;

/** What a script left behind. */
export interface ScriptEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Each call of a stubbed command, such as `aws ec2 describe-volumes …`. */
  readonly calls: readonly string[];
}

/** The sandbox. */
export interface NodeSandbox {
  readonly folder: string;
  /** Paths that the metadata service was asked, those without a session as `401 <path>`. */
  readonly asked: readonly string[];
  run(script: string, args: readonly string[], answers?: Answers): Promise<ScriptEnd>;
  close(): Promise<void>;
}

const STUBS = ['aws', 'df', 'lsblk', 'growpart', 'xfs_growfs', 'resize2fs', 'logger', 'systemctl'];

const SESSION = 'session-of-the-test';

const METADATA: Readonly<Record<string, string>> = {
  '/latest/meta-data/placement/region': 'eu-central-1',
  '/latest/meta-data/instance-id': 'i-0123',
};

/** Makes it. @param metadata - false: the metadata service answers 404 to everything */
export async function nodeSandbox(metadata: 'works' | 'gives no session' | 'knows nothing' = 'works'): Promise<NodeSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-node-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of STUBS) await writeFile(join(bin, name), stub(name), { mode: 0o755 });
  // As root already: what it is asked to do is done.
  await writeFile(join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const asked: string[] = [];
  const server = http.createServer((request, response) => answer(request, response, metadata, asked));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    folder,
    asked,
    run: async (script, args, answers = {}) => {
      await rm(join(folder, 'calls'), { force: true });
      for (const [start, { text = '', code = 0 }] of Object.entries(answers)) {
        await mkdir(join(folder, 'answers', start), { recursive: true });
        await writeFile(join(folder, 'answers', start, 'text'), text);
        await writeFile(join(folder, 'answers', start, 'code'), String(code));
      }
      const env = {
        PATH: `${bin}:/usr/bin:/bin`,
        SANDBOX: folder,
        CARILLON_METADATA: url,
        CARILLON_STATE: join(folder, 'state'),
        CARILLON_ROOT: join(folder, 'root'),
      };
      const end = await finished(spawn('bash', [script, ...args], { env }));
      const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
      return { ...end, calls: calls.split('\n').filter((line) => line !== '') };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Looks for an answer to "name", "name first", "name first second" …, the longest one counts. */
function stub(name: string): string {
  return `#!/bin/bash
echo "${name} $*" >>"$SANDBOX/calls"
found= at=${name}
for word in '' "$@"; do
  at="$at\${word:+ \${word//\\//_}}"
  [ -d "$SANDBOX/answers/$at" ] && found=$at
done
[ -n "$found" ] || exit 0
[ "$found" = "aws s3 cp" ] && [ "$(cat "$SANDBOX/answers/$found/code")" = 0 ] && cat "$SANDBOX/answers/$found/text" >"\${!#}" && exit 0
cat "$SANDBOX/answers/$found/text"
exit "$(cat "$SANDBOX/answers/$found/code")"
`;
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, metadata: string, asked: string[]): void {
  const path = request.url ?? '';
  if (request.method === 'PUT' && path === '/latest/api/token' && metadata !== 'gives no session') {
    response.end(SESSION);
    return;
  }
  const hasSession = request.headers['x-aws-ec2-metadata-token'] === SESSION;
  asked.push(hasSession ? path : `401 ${path}`);
  const text = metadata === 'works' ? METADATA[path] : undefined;
  response.writeHead(hasSession ? (text === undefined ? 404 : 200) : 401).end(text);
}

async function finished(child: ReturnType<typeof spawn>): Promise<Omit<ScriptEnd, 'calls'>> {
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (text.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (text.stderr += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, ...text };
}
