/** How to reach the sides: the options that users of AWS know, each for both sides or for one. */
import type { CliOption, CliOptions } from './option-table.ts';

/** The options of one side. */
export const SIDE_OPTIONS = {
  profile: { kind: 'text', value: 'NAME', meaning: 'the profile of the shared AWS configuration' },
  region: { kind: 'text', value: 'NAME', meaning: "the bucket's Region; found out where it is not given" },
  'endpoint-url': { kind: 'text', value: 'URL', meaning: 'the endpoint in place of the one of AWS' },
  'addressing-style': { kind: 'choice', choices: ['auto', 'path', 'virtual'], meaning: 'where the bucket stands in the URL' },
  'no-sign-request': { kind: 'flag', meaning: 'send requests without a signature, to a public bucket' },
  'request-payer': { kind: 'flag', mayFollow: 'requester', meaning: 'pay for the requests to a requester-pays bucket' },
  'role-arn': { kind: 'text', value: 'ARN', meaning: 'the role to assume' },
  'external-id': { kind: 'text', value: 'ID', meaning: 'the external id that the role wants' },
  'sts-region': { kind: 'text', value: 'NAME', meaning: 'the Region of the STS endpoint' },
  'expected-bucket-owner': { kind: 'text', value: 'ACCOUNT', meaning: 'the account that must own the bucket' },
} as const satisfies CliOptions;

type SideName = 'source' | 'destination';
type OfSide<S extends SideName> = { readonly [K in keyof typeof SIDE_OPTIONS as `${S}-${K}`]: (typeof SIDE_OPTIONS)[K] & { readonly hidden: true } };

function ofSide<S extends SideName>(side: S): OfSide<S> {
  const entries = Object.entries<CliOption>(SIDE_OPTIONS).map(([name, option]) => [`${side}-${name}`, { ...option, hidden: true }]);
  return Object.fromEntries(entries) as OfSide<S>;
}

/** Bare: both sides; with `source-` or `destination-` before them: that side. Help names the latter in one sentence. */
export const TWO_SIDE_OPTIONS = { ...SIDE_OPTIONS, ...ofSide('source'), ...ofSide('destination') };

/** How help speaks of the options of one side. */
export const TWO_SIDES_NOTE = `Each of --${Object.keys(SIDE_OPTIONS).join(', --')} holds for both sides; with source- or destination- before its name (--source-profile, --destination-endpoint-url) for that side.`;

type Given = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** A side of the request from the values of a command line; `side` null where the options have no side. */
export function sideOf(side: SideName | null, { bucket, prefix }: S3Location, values: Given, env: Environment): object {
  const own = (name: keyof typeof SIDE_OPTIONS) => (side === null ? undefined : values[`${side}-${name}`]) || values[name];
  const text = (name: keyof typeof SIDE_OPTIONS) => own(name) as string | undefined;
  const roleArn = text('role-arn');
  return withoutAbsent({
    bucket,
    prefix,
    region: text('region'),
    endpointUrl: (text('endpoint-url') ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || undefined))?.replace(/\/$/, ''),
    addressingStyle: text('addressing-style'),
    profile: text('profile'),
    role: roleArn === undefined ? undefined : withoutAbsent({ arn: roleArn, externalId: text('external-id'), stsRegion: text('sts-region') }),
    expectedOwner: text('expected-bucket-owner'),
    requestPayer: own('request-payer') === true,
    anonymous: own('no-sign-request') === true,
  });
}

function withoutAbsent<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** A bucket and what keys begin with. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

/** Reads `s3://bucket/prefix`; the prefix is plain text, as it stands. Null where it is none. */
export function readS3Url(text: string): S3Location | null {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text) ?? [];
  return bucket === undefined ? null : { bucket, prefix };
}
