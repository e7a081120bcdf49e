/** Both sides of a program that reads from one bucket and writes to another. */
import type { S3Client } from '../s3/s3-client.ts';
// Types only: this file is loaded by programs that may never ask a bucket.
import type { ConnectionValues, OtherSide } from './connect.ts';

/** The two clients and what stands before the keys on their sides. */
export interface ConnectedSides {
  readonly source: S3Client;
  readonly destination: S3Client;
  readonly sourcePrefix: string;
  readonly destinationPrefix: string;
}

/** Connects both at once. The destination's client names the source's owner and pays for the source where its own client does. */
export async function connectSides(run: {
  readonly options: object;
  connect(side: ConnectionValues, other?: OtherSide): Promise<S3Client>;
}): Promise<ConnectedSides> {
  const [from, to] = [sideOptions(run.options, 'source-'), sideOptions(run.options, 'destination-')];
  const other = { sourceBucketOwner: from['expected-bucket-owner'], requestPayer: from['request-payer'] };
  const [source, destination] = await Promise.all([run.connect(from), run.connect(to, other)]);
  return { source, destination, sourcePrefix: from.prefix, destinationPrefix: to.prefix };
}

/** The connection options of one side of a program with two, under their bare names. */
export function sideOptions(values: object, prefix: 'source-' | 'destination-'): ConnectionValues {
  const own = Object.entries(values).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])) as unknown as ConnectionValues;
}
