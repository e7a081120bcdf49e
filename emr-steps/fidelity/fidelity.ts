/** What a copy takes over beside its bytes, as the request asks for it. */
import type { EncryptionRule } from './encryption-rule.ts';

/** The rules of a run. */
export interface Fidelity {
  readonly encryption: EncryptionRule;
  /**
   * `none`: no ACL is sent, which is the only thing that buckets with ACLs disabled take. `copy`: the source's grants, a request an object; where
   * the destination has ACLs disabled none, and the drift says so.
   */
  readonly acl: 'none' | 'bucket-owner-full-control' | 'copy';
  /** `drop`: for who may not read or write tags. */
  readonly tags: 'keep' | 'drop';
  /** `keep`: the copy is asked to store a checksum of the source's algorithm and type. `ignore`: what the service does by itself. */
  readonly checksums: 'keep' | 'ignore';
  /** Look at every object that one request copies, whose website redirect the service leaves behind: a HEAD of each. */
  readonly redirects: boolean;
}

/** What costs nothing: no header is sent, no object is looked at for it. */
export const PLAIN_FIDELITY: Fidelity = { encryption: { kind: 'bucket-default' }, acl: 'none', tags: 'keep', checksums: 'keep', redirects: false };

/** Whether objects that one request copies must be looked at before. Parts and streamed objects are looked at anyway. */
export function looksAtEach({ encryption, redirects }: Fidelity): boolean {
  return redirects || encryption.kind === 'keep' || encryption.kind === 'kms-map';
}
