/** What becomes of everything that is not bytes, as far as it follows from the rules and from what was seen of the source. Pure. */
import type { Aspect, Fate } from '../books/drift.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import { changesEtags } from './encryption-rule.ts';
import type { Fidelity } from './fidelity.ts';

/** The header of a website redirect. */
export const REDIRECT = 'x-amz-website-redirect-location';

type Fates = Readonly<Partial<Record<Aspect, Fate>>>;

function tagsFate(hasTags: boolean, { tags }: Fidelity): Fate {
  if (!hasTags) return 'none';
  return tags === 'keep' ? 'kept' : 'changed';
}

/**
 * Of an object whose headers were read and given to the copy.
 *
 * @param classRule - the class that the request gives every copy; null: as the source has it
 */
export function seenFates({ kept, tagCount, storageClass, isLocked }: ObjectHead, fidelity: Fidelity, classRule: string | null): Fates {
  return {
    metadata: 'kept',
    tags: tagsFate(tagCount > 0, fidelity),
    'storage-class': classRule === null || classRule === storageClass ? 'kept' : 'changed',
    'website-redirect': kept[REDIRECT] === undefined ? 'none' : 'kept',
    'object-lock': isLocked ? 'lost' : 'none',
  };
}

/**
 * Of an object that the service copied by itself, with its metadata and its tags, and that nobody looked at.
 *
 * @param storageClass - what the copy was given; null: nobody knew the source's
 */
export function unseenFates(storageClass: string | null, fidelity: Fidelity, classRule: string | null): Fates {
  return {
    metadata: 'kept',
    tags: tagsFate(true, fidelity),
    'storage-class': classRule !== null ? 'changed' : storageClass === null ? 'unseen' : 'kept',
  };
}

/** Of the ETag. */
export function etagFate(source: string | null, copy: string | null, { encryption }: Fidelity): Fate {
  if (source === null) return 'unseen';
  if (source === copy) return 'kept';
  return changesEtags(encryption) ? 'changed' : 'lost';
}
