/** Writes with the ACL that the rule asks for. */
import type { Fate } from '../books/drift.ts';
import { getBucketAcl, getObjectAcl } from '../s3/get-acl.ts';
import type { S3Client } from '../s3/s3-client.ts';
import { S3Error } from '../s3/s3-error.ts';
import { grantHeaders, wantedAcl } from './acl-headers.ts';
import type { Fidelity } from './fidelity.ts';

type Headers = Readonly<Record<string, string>>;

/** What was written, and what became of the source's ACL. */
export interface WrittenWithAcl<T> {
  readonly written: T;
  readonly fate: Fate;
}

/** Sends a write with further headers. */
export type SendWith<T> = (headers: Headers) => Promise<T>;

/** The ACL's part in a write. */
export interface AclWriter {
  /**
   * @param sourceKey - the whole key
   * @throws S3Error of the write, or of reading the grants
   */
  write<T>(sourceKey: string, send: SendWith<T>, signal: AbortSignal): Promise<WrittenWithAcl<T>>;
}

/** What buckets with ACLs disabled answer. */
const DISABLED = 'AccessControlListNotSupported';
/** What a write is given that needs no ACL; always this one. */
export const NO_HEADERS: Headers = {};
const BUCKET_OWNER: Headers = { 'x-amz-acl': 'bucket-owner-full-control' };

/** The writer of a rule. */
export function aclWriter(rule: Fidelity['acl'], source: S3Client, destination: S3Client): AclWriter {
  if (rule === 'none') return { write: (_key, send) => send(NO_HEADERS).then((written) => ({ written, fate: 'unseen' })) };
  if (rule === 'copy') return new AclCopier(source, destination);
  return { write: async (_key, send) => ({ written: await send(BUCKET_OWNER), fate: 'changed' }) };
}

/** Reads the grants of each object, until it turns out that the destination takes none. */
class AclCopier implements AclWriter {
  readonly #source: S3Client;
  readonly #destination: S3Client;
  #owner: Promise<string | null> | null = null;
  #isDisabled = false;

  constructor(source: S3Client, destination: S3Client) {
    this.#source = source;
    this.#destination = destination;
  }

  async write<T>(sourceKey: string, send: SendWith<T>, signal: AbortSignal): Promise<WrittenWithAcl<T>> {
    if (this.#isDisabled) return { written: await send(NO_HEADERS), fate: 'unseen' };
    const headers = await this.#headersOf(sourceKey, signal);
    if (headers === NO_HEADERS) return { written: await send(headers), fate: 'none' };
    try {
      return { written: await send(headers), fate: 'kept' };
    } catch (error) {
      if (!(error instanceof S3Error) || error.code !== DISABLED) throw error;
      this.#isDisabled = true;
      return { written: await send(NO_HEADERS), fate: 'lost' };
    }
  }

  async #headersOf(key: string, signal: AbortSignal): Promise<Headers> {
    const wanted = wantedAcl(await getObjectAcl(this.#source, { key }, signal));
    if (wanted.kind === 'private') return NO_HEADERS;
    if (wanted.kind === 'canned') return wanted.headers;
    return grantHeaders(wanted.grants, await this.#ownerId(signal));
  }

  /** Whoever owns the destination's bucket owns what is written there. Asked once, and again only after an error. */
  async #ownerId(signal: AbortSignal): Promise<string> {
    this.#owner ??= getBucketAcl(this.#destination, signal).then(({ ownerId }) => ownerId);
    const owner = await this.#owner.catch((error: unknown) => {
      this.#owner = null;
      throw error;
    });
    if (owner !== null) return owner;
    const reason = 'the answer names no owner, whom grants must name';
    throw new S3Error({ operation: 'GetBucketAcl', bucket: this.#destination.bucket, key: null, code: 'MalformedAnswer', status: 200, reason });
  }
}
