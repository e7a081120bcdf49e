/** The buckets of a store: whose they are, where, and under what rules. What they hold lies behind `objects`. */
import type { Policy } from './access/policy.ts';
import type { Acl, Encryption, ObjectSource } from './bucket.ts';

/** Who owns new objects, and whether ACLs count: not under `BucketOwnerEnforced`. */
export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

/** How long new objects are locked that come without a word about it: so many days, or so many years. */
export interface DefaultRetention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly days: number;
  readonly years: number;
}

/** What a bucket is, apart from its objects. */
export interface BucketSettings {
  readonly name: string;
  /** The account that owns it. */
  readonly ownerId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly policy: Policy | null;
  /** Null: never switched on, every version has the id `null`. */
  readonly versioning: 'Enabled' | 'Suspended' | null;
  /** What objects get that come without an encryption header. */
  readonly encryption: Encryption;
  /** Whether other accounts must send `x-amz-request-payer`. */
  readonly requesterPays: boolean;
  /** Null: none, which is as `ObjectWriter`. */
  readonly ownership: ObjectOwnership | null;
  /** The bucket's own; null for the owner's full control. */
  readonly acl: Acl | null;
  /** The rules, as XML; null for none. Nothing is done by them. */
  readonly lifecycle: string | null;
  /** Null: objects cannot be locked. */
  readonly objectLock: { readonly retention: DefaultRetention | null } | null;
}

/** One bucket. */
export interface Bucket {
  settings: BucketSettings;
  readonly objects: ObjectSource;
}

/** Where buckets are kept: in memory only, or with what survives a restart. */
export interface BucketShelf {
  /** The buckets that are there already. */
  open(): readonly Bucket[];
  /** Makes a place for a new bucket's objects. */
  create(settings: BucketSettings): Bucket;
  /** Keeps changed settings. */
  save(bucket: Bucket): void;
  /** Forgets an empty bucket. */
  drop(bucket: Bucket): void;
  close(): Promise<void>;
}

const DEFAULTS: Omit<BucketSettings, 'name' | 'ownerId' | 'region' | 'created'> = {
  policy: null,
  versioning: null,
  encryption: { algorithm: 'AES256', kmsKeyId: null },
  requesterPays: false,
  ownership: 'BucketOwnerEnforced',
  acl: null,
  lifecycle: null,
  objectLock: null,
};

/** Settings with S3's defaults. */
export function bucketSettings(given: Partial<BucketSettings> & Pick<BucketSettings, 'name' | 'ownerId' | 'region' | 'created'>): BucketSettings {
  return { ...DEFAULTS, ...given };
}

/** S3's rules for names of general purpose buckets, those that a path or a host could not carry anyway. */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
}

/** All buckets by name. */
export class Buckets {
  readonly #byName = new Map<string, Bucket>();
  readonly #shelf: BucketShelf;

  constructor(shelf: BucketShelf) {
    this.#shelf = shelf;
    for (const bucket of shelf.open()) this.#byName.set(bucket.settings.name, bucket);
  }

  get(name: string): Bucket | undefined {
    return this.#byName.get(name);
  }

  /** In byte order of their names. */
  all(): readonly Bucket[] {
    return [...this.#byName.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
  }

  create(settings: BucketSettings): Bucket {
    const bucket = this.#shelf.create(settings);
    this.#byName.set(settings.name, bucket);
    return bucket;
  }

  /** Adds a bucket whose objects somebody else holds (a computed one); the shelf never hears of it. */
  add(bucket: Bucket): void {
    this.#byName.set(bucket.settings.name, bucket);
  }

  change(bucket: Bucket, settings: Partial<BucketSettings>): void {
    bucket.settings = { ...bucket.settings, ...settings };
    this.#shelf.save(bucket);
  }

  drop(bucket: Bucket): void {
    this.#byName.delete(bucket.settings.name);
    this.#shelf.drop(bucket);
  }

  close(): Promise<void> {
    return this.#shelf.close();
  }
}
