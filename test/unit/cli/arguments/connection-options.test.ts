import { describe, expect, it } from 'vitest';
import { readS3Url, sideOf } from '../../../../cli/arguments/connection-options.ts';
import { readLocations } from '../../../../cli/arguments/run-options.ts';

describe('an s3:// argument', () => {
  it.each([
    ['s3://bucket', 'bucket', ''],
    ['s3://bucket/', 'bucket', ''],
    ['s3://bucket/logs/2026', 'bucket', 'logs/2026'],
    ['s3://bucket//a b%20\n', 'bucket', '/a b%20\n'],
  ])('%j is a bucket and a prefix as it stands', (text, bucket, prefix) => {
    expect(readS3Url(text)).toEqual({ bucket, prefix });
  });

  it('is refused by name where it is none, all at once', () => {
    expect(() => readLocations({ SOURCE: '/tmp/x', DESTINATION: 's3://' })).toThrow(
      'SOURCE is "/tmp/x"; write s3://bucket or s3://bucket/prefix\nDESTINATION is "s3://"',
    );
  });
});

describe('how to reach a side', () => {
  const location = { bucket: 'a', prefix: '' };

  it('is what stands bare, unless the side has its own', () => {
    const values = { profile: 'both', 'destination-profile': 'writer', 'source-no-sign-request': true, region: 'eu-west-1' };
    expect(sideOf('source', location, values, {})).toEqual({
      bucket: 'a',
      prefix: '',
      profile: 'both',
      region: 'eu-west-1',
      requestPayer: false,
      anonymous: true,
    });
    expect(sideOf('destination', location, values, {})).toMatchObject({ profile: 'writer', anonymous: false });
  });

  it('has a role with its external id', () => {
    const arn = 'arn:aws:iam::111122223333:role/reader';
    expect(sideOf('source', location, { 'source-role-arn': arn, 'external-id': 'x' }, {})).toMatchObject({ role: { arn, externalId: 'x' } });
  });

  it("takes the endpoint of AWS's variables where no option names one, the one for S3 first", () => {
    const env = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1/', AWS_ENDPOINT_URL: 'http://127.0.0.1:2' };
    expect(sideOf('source', location, {}, env)).toMatchObject({ endpointUrl: 'http://127.0.0.1:1' });
    expect(sideOf('source', location, {}, { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' })).toMatchObject({ endpointUrl: 'http://127.0.0.1:2' });
    expect(sideOf('source', location, { 'endpoint-url': 'http://127.0.0.1:3' }, env)).toMatchObject({ endpointUrl: 'http://127.0.0.1:3' });
    expect(sideOf('source', location, {}, { AWS_ENDPOINT_URL: '' })).not.toHaveProperty('endpointUrl');
  });
});
