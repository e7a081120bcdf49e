/** Both sides of a program that reads from one bucket and writes to another. */
import type { S3Client } from '../s3/s3-client.ts';
import { type ConnectionValues, type OtherSide, sideOptions } from './connect.ts';

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
