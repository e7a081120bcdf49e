/** A host whose output is kept, for tests of the command line in this process. */
import { Writable } from 'node:stream';
import type { Host, Output } from '../../cli/host.ts';

/** A stream that keeps what is written. */
export function capture(terminal?: { readonly columns: number }): Output & { text(): string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return Object.assign(stream, { text: () => Buffer.concat(chunks).toString() }, terminal === undefined ? {} : { isTTY: true, columns: terminal.columns });
}

/** The host. */
export function capturedHost(given: Partial<Host> = {}): Host & { readonly stdout: ReturnType<typeof capture>; readonly stderr: ReturnType<typeof capture> } {
  return { env: {}, signal: new AbortController().signal, root: process.cwd(), ...given, stdout: capture(), stderr: capture() };
}
