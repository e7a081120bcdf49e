/** Runs a program in process with given streams. */
import { Readable, Writable } from 'node:stream';
import type { Connect, ConnectionValues, ConnectSettings, OtherSide } from '../../../emr-steps/bin/connect.ts';
import type { ProgramBindings, ProgramMain } from '../../../emr-steps/bin/program.ts';
import type { Environment } from '../../../emr-steps/hadoop/environment.ts';
import type { S3Answer, S3Client, S3Request } from '../../../emr-steps/s3/s3-client.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly argv?: readonly string[];
  readonly env?: Environment;
  readonly input?: string | Buffer;
  readonly bindings?: Partial<ProgramBindings>;
}

function sink(chunks: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
}

export async function runProgram(main: ProgramMain, { argv = [], env = { PATH: process.env.PATH }, input = '', bindings = {} }: RunOptions): Promise<Ran> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  const code = await main(argv, env, Readable.from(input.length === 0 ? [] : [Buffer.from(input)]), sink(out), sink(err), bindings);
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

/** A connection to nowhere: remembers who was asked for, and answers every request by `answer`. */
export class FakeConnection {
  readonly settings: ConnectSettings[] = [];
  readonly sides: { readonly side: ConnectionValues; readonly other: OtherSide | undefined }[] = [];
  readonly requests: S3Request[] = [];
  closed = 0;
  readonly #answer: (request: S3Request) => S3Answer;

  constructor(answer: (request: S3Request) => S3Answer = refuse) {
    this.#answer = answer;
  }

  readonly connect: Connect = (settings) => {
    this.settings.push(settings);
    return {
      connect: async (side, other) => {
        this.sides.push({ side, other });
        return this.#client(side);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  };

  #client(side: ConnectionValues): S3Client {
    const send = async (request: S3Request): Promise<S3Answer> => {
      this.requests.push(request);
      return this.#answer(request);
    };
    return { bucket: side.bucket, region: side.region ?? 'us-east-1', send, open: refuse, close: async () => undefined };
  }
}

function refuse(): never {
  throw new Error('no request was expected');
}
