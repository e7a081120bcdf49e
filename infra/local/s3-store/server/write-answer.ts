/** Writes an answer to its connection. */
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Answer, ContentRange, PiecedBody } from '../answer.ts';

async function writeContent(response: ServerResponse, { content, start, end }: ContentRange): Promise<void> {
  const bytes = content.read(start, end);
  if (Array.isArray(bytes) && bytes.length <= 1) {
    response.end(bytes[0]);
    return;
  }
  await pipeline(Readable.from(bytes, { objectMode: false }), response);
}

/** Writes the pieces, and gives their memory back once the connection has taken or lost them. */
function writePieces(response: ServerResponse, status: number, headers: Answer['headers'], { pieces, release }: PiecedBody): number {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.once('close', release);
  response.writeHead(status, { ...headers, 'content-length': length });
  for (const piece of pieces.slice(0, -1)) response.write(piece);
  response.end(pieces.at(-1));
  return length;
}

/** Writes status, headers and body; answers how many bytes of body went out. HEAD and 304 have headers alone. */
export async function writeAnswer(response: ServerResponse, method: string, { status, headers, body }: Answer): Promise<number> {
  if (typeof body === 'string') {
    const bytes = Buffer.from(body, 'latin1');
    response.writeHead(status, { ...headers, 'content-length': bytes.length });
    response.end(method === 'HEAD' ? undefined : bytes);
    return method === 'HEAD' ? 0 : bytes.length;
  }
  if (body === null || method === 'HEAD') {
    const hasLength = status === 204 || status === 304 || headers['content-length'] !== undefined;
    response.writeHead(status, hasLength ? headers : { ...headers, 'content-length': 0 });
    response.end();
    return 0;
  }
  if ('pieces' in body) return writePieces(response, status, headers, body);
  response.writeHead(status, headers);
  await writeContent(response, body);
  return body.end - body.start;
}
