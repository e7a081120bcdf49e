/** A raw HTTP server that answers as it is told, request by request, and remembers what came. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** The target, byte for byte. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Number of the connection that it came on, 1 first. */
  readonly connection: number;
}

/** What is answered: a finished answer, or a function that does as it likes with the response. */
export type ScriptedAnswer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer }
  | ((response: http.ServerResponse, request: ReceivedRequest, raw: http.IncomingMessage) => void);

/** A running server. */
export interface ScriptedServer {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  close(): Promise<void>;
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function give(answer: ScriptedAnswer, response: http.ServerResponse, received: ReceivedRequest, raw: http.IncomingMessage): void {
  if (typeof answer === 'function') {
    answer(response, received, raw);
    return;
  }
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status ?? 200, { 'content-length': String(body.length), ...answer.headers });
  response.end(received.method === 'HEAD' ? undefined : body);
}

/** Starts a server. The n-th request gets the n-th answer; those after the last get the last again. */
export async function scriptedServer(...answers: readonly ScriptedAnswer[]): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const connections = new Map<unknown, number>();
  const server = http.createServer((raw, response) => {
    if (!connections.has(raw.socket)) connections.set(raw.socket, connections.size + 1);
    const connection = connections.get(raw.socket) ?? 0;
    bodyOf(raw).then(
      (body) => {
        const received = { method: raw.method ?? '', url: raw.url ?? '', headers: raw.headers as Record<string, string>, body, connection };
        requests.push(received);
        give(answers[Math.min(requests.length, answers.length) - 1] ?? {}, response, received, raw);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${port}`, port, requests, close };
}
