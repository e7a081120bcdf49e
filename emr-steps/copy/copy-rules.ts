/** The rules of fidelity as the two routes need them: what a whole object is sent with, and what that means for its drift. */
import { type Drift, type Fate, withFates } from '../books/drift.ts';
import { type AclWriter, aclWriter } from '../fidelity/acl-writer.ts';
import { checksumFate, copyChecksumHeaders, putChecksumHeaders } from '../fidelity/checksum-rule.ts';
import { encryptionFate, encryptionHeaders } from '../fidelity/encryption-rule.ts';
import { etagFate, REDIRECT, seenFates, unseenFates } from '../fidelity/fates.ts';
import { type Fidelity, looksAtEach, PLAIN_FIDELITY } from '../fidelity/fidelity.ts';
import type { WholeTask } from '../records/copy-task.ts';
import type { ObjectHead } from '../s3/object-headers.ts';
import type { Written } from './prove.ts';
import type { Sides } from './sides.ts';

/** What the request says of copies. */
export interface RuleOptions extends Sides {
  /** Default: what costs nothing. */
  readonly fidelity?: Fidelity;
  /** The class that the request gives every copy; null, the default: as the source has it. */
  readonly classRule?: string | null;
}

type Headers = Readonly<Record<string, string>>;
/** What is known when a whole object has been written: the ACL's fate, and the source's head where somebody looked. */
export interface WholeSight {
  readonly head: ObjectHead | null;
  readonly acl: Fate;
}

/** A drift, and all that it depends on. */
interface UnseenDrift {
  readonly etag: Fate;
  readonly checksum: Fate;
  readonly acl: Fate;
  /** Whether the listing told the class. */
  readonly hasClass: boolean;
  readonly drift: Drift;
}

/** The rules of one program. */
export class CopyRules {
  readonly acl: AclWriter;
  readonly fidelity: Fidelity;
  /** Whether an object that one request copies must be looked at before. */
  readonly looks: boolean;
  readonly #classRule: string | null;
  /** Of every CopyObject; what depends on the object comes on top. */
  readonly #fixed: Headers;
  #unseen: UnseenDrift | null = null;

  constructor(options: RuleOptions) {
    this.fidelity = options.fidelity ?? PLAIN_FIDELITY;
    this.acl = aclWriter(this.fidelity.acl, options.source, options.destination);
    this.looks = looksAtEach(this.fidelity);
    this.#classRule = options.classRule ?? null;
    const tags: Headers = this.fidelity.tags === 'drop' ? { 'x-amz-tagging-directive': 'REPLACE' } : {};
    this.#fixed = this.looks ? tags : { ...tags, ...encryptionHeaders(this.fidelity.encryption, null) };
  }

  /** Headers of CopyObject. */
  copyHeaders(task: WholeTask, head: ObjectHead | null): Headers {
    const checksum = copyChecksumHeaders(task.checksum, this.fidelity);
    if (head === null) return checksum === null ? this.#fixed : { ...this.#fixed, ...checksum };
    const redirect = head.kept[REDIRECT];
    const encryption = encryptionHeaders(this.fidelity.encryption, head.encryption);
    return { ...this.#fixed, ...checksum, ...encryption, ...(redirect === undefined ? {} : { [REDIRECT]: redirect }) };
  }

  /** Headers of PutObject, of an object that was read. */
  putHeaders(head: ObjectHead): Headers {
    return { ...encryptionHeaders(this.fidelity.encryption, head.encryption), ...putChecksumHeaders(head, this.fidelity) };
  }

  /** The drift of a whole object. */
  drift(task: WholeTask, written: Written, { head, acl }: WholeSight): Drift {
    const { fidelity } = this;
    if (head === null) return this.#unseenDrift(task, written, acl);
    const algorithms = Object.keys(head.checksums);
    return withFates({
      ...seenFates(head, fidelity, this.#classRule),
      etag: etagFate(task.etag, written.etag, fidelity),
      acl,
      encryption: encryptionFate(fidelity.encryption, head.encryption, written.encryption),
      checksum: checksumFate(algorithms.length > 0 ? algorithms : listedAlgorithms(task), written.checksums),
    });
  }

  /** Of an object that nobody looked at: mostly the same as of the object before, and then it is not put together again. */
  #unseenDrift(task: WholeTask, written: Written, acl: Fate): Drift {
    const { fidelity } = this;
    const hasClass = task.storageClass !== null;
    const etag = etagFate(task.etag, written.etag, fidelity);
    const checksum = checksumFate(listedAlgorithms(task), written.checksums);
    const last = this.#unseen;
    const isSame = last !== null && last.etag === etag && last.checksum === checksum && last.acl === acl && last.hasClass === hasClass;
    if (isSame) return last.drift;
    // Where the source was not seen it follows from the rule alone.
    const encryption = encryptionFate(fidelity.encryption, undefined, written.encryption);
    const drift = withFates({ ...unseenFates(task.storageClass, fidelity, this.#classRule), etag, acl, encryption, checksum });
    this.#unseen = { etag, checksum, acl, hasClass, drift };
    return drift;
  }

  /** The drift of a copy that an earlier attempt made: as far as it is the same for both routes. */
  driftOfFound(task: WholeTask): Drift {
    return withFates({ ...unseenFates(task.storageClass, this.fidelity, this.#classRule), etag: 'kept' });
  }
}

const NO_ALGORITHMS: readonly string[] = [];

function listedAlgorithms({ checksum }: WholeTask): readonly string[] {
  return checksum === null ? NO_ALGORITHMS : [checksum.algorithm];
}
