/** Ports for servers that others wrote and that cannot tell which one they took. */
import { createServer } from 'node:net';

/** Below those that the kernel gives to outgoing connections (32768 and up): nobody takes one between this answer and the server's start. */
const [FIRST, BEHIND_LAST] = [12_000, 32_000];

/** Each process begins at a place of its own. */
let next = FIRST + ((process.pid * 61) % (BEHIND_LAST - FIRST));

/** A port of the loopback that is free, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port + 1 < BEHIND_LAST ? port + 1 : FIRST;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer().once('error', () => answer(false));
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)));
  });
}
