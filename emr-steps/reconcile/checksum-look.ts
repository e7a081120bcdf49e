/**
 * A look at both objects of a key whose ETags differ or prove nothing: the checksums that S3 stores beside them, and what they are encrypted
 * with. Two HEAD requests an object.
 */
import { compareChecksums, hasMd5Etag } from '../copy/prove.ts';
import type { Sides } from '../copy/sides.ts';
import { isStepFailure } from '../plan/reason-of-error.ts';
import { headObject } from '../s3/head-object.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { S3Error } from '../s3/s3-error.ts';
import type { Judgement } from './verify-rules.ts';

/** Judges the objects of a key, relative to the prefixes. Rejects only where the step can't do its job at all. */
export type LookAtBoth = (key: string, signal: AbortSignal) => Promise<Judgement>;

/** Looks at the buckets. */
export function checksumLook({ source, destination, sourcePrefix, destinationPrefix }: Sides): LookAtBoth {
  return async (key, signal) => {
    try {
      const heads = await Promise.all([
        headObject(source, { key: sourcePrefix + key, checksumMode: true }, signal),
        headObject(destination, { key: destinationPrefix + key, checksumMode: true }, signal),
      ]);
      return judgeHeads(...heads);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof S3Error) || isStepFailure(error)) throw error;
      return { verdict: 'etag', detail: `its checksum could not be read: ${error.message}` };
    }
  };
}

/** Sizes first: either object may have changed since it was listed. */
function judgeHeads(source: ObjectHead, destination: ObjectHead): Judgement {
  if (source.size !== destination.size) return { verdict: 'size', detail: `now ${source.size} and ${destination.size} bytes` };
  const checksums = compareChecksums(source.checksums, destination.checksums);
  if (checksums === 'equal') return { verdict: 'equal-checksum', detail: null };
  if (checksums === 'different') return { verdict: 'etag', detail: `checksums differ: ${shown(source)} and ${shown(destination)}` };
  if (source.etag !== null && source.etag === destination.etag) return { verdict: 'equal-etag', detail: null };
  // An ETag that is no MD5 says nothing, and there is no checksum to ask.
  return { verdict: hasMd5Etag(source.encryption) && hasMd5Etag(destination.encryption) ? 'etag' : 'equal-size', detail: null };
}

function shown({ checksums }: ObjectHead): string {
  return Object.entries(checksums)
    .map(([algorithm, value]) => `${algorithm} ${value}`)
    .join(', ');
}
