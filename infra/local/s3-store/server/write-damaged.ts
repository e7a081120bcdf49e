/** Writes an answer as a broken connection or a broken server would. */
import type { ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';

async function bodyOf({ body }: Answer): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body, 'latin1');
  if ('pieces' in body) {
    const bytes = Buffer.concat(body.pieces);
    body.release();
    return bytes;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of body.content.read(body.start, body.end)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * `reset`: nothing, and the connection breaks. `truncated`: all headers, half of the body, and the connection breaks (without a body: as
 * reset). `corrupted`: the whole body with one bit changed.
 *
 * @returns the body bytes that went out
 */
export async function writeDamaged(response: ServerResponse, method: string, answer: Answer): Promise<number> {
  const bytes = method === 'HEAD' || answer.damage === 'reset' ? Buffer.alloc(0) : await bodyOf(answer);
  if (answer.damage === 'corrupted') {
    const changed = Buffer.from(bytes);
    const middle = changed.length >> 1;
    if (changed.length > 0) changed[middle] = (changed[middle] as number) ^ 1;
    response.writeHead(answer.status, { ...answer.headers, 'content-length': changed.length });
    response.end(changed);
    return changed.length;
  }
  const half = bytes.subarray(0, bytes.length >> 1);
  if (half.length > 0) {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': bytes.length });
    await new Promise<void>((resolve) => response.write(half, () => resolve()));
  }
  response.destroy();
  return half.length;
}
