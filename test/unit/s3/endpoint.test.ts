import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { dnsSuffix } from '../../../emr-steps/s3/dns-suffix.ts';
import { bucketEndpoint } from '../../../emr-steps/s3/endpoint.ts';

describe('bucketEndpoint', () => {
  it.each([
    ['books', 'us-east-1', 'https://books.s3.us-east-1.amazonaws.com', ''],
    ['books', 'cn-north-1', 'https://books.s3.cn-north-1.amazonaws.com.cn', ''],
    ['books', 'us-gov-west-1', 'https://books.s3.us-gov-west-1.amazonaws.com', ''],
    ['books', 'us-iso-east-1', 'https://books.s3.us-iso-east-1.c2s.ic.gov', ''],
    ['books', 'us-isob-east-1', 'https://books.s3.us-isob-east-1.sc2s.sgov.gov', ''],
    ['my.books', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com', '/my.books'],
    ['Books_1', 'us-east-1', 'https://s3.us-east-1.amazonaws.com', '/Books_1'],
  ])('reaches %s in %s at %s', (bucket, region, origin, pathPrefix) => {
    const endpoint = bucketEndpoint(bucket, region, undefined, 'auto');
    expect(endpoint).toEqual({ origin, host: origin.slice('https://'.length), pathPrefix, secure: true });
  });

  it('uses path style for an own endpoint, with its port and path', () => {
    expect(bucketEndpoint('books', 'x', 'http://127.0.0.1:9000', 'auto')).toEqual({
      origin: 'http://127.0.0.1:9000',
      host: '127.0.0.1:9000',
      pathPrefix: '/books',
      secure: false,
    });
    expect(bucketEndpoint('books', 'x', 'https://gate.example/s3/', 'auto').pathPrefix).toBe('/s3/books');
  });

  it('puts the bucket where it is told to', () => {
    expect(bucketEndpoint('books', 'x', 'http://localhost:9000/', 'virtual')).toMatchObject({ origin: 'http://books.localhost:9000', pathPrefix: '' });
    expect(bucketEndpoint('books', 'us-east-1', undefined, 'path')).toMatchObject({ origin: 'https://s3.us-east-1.amazonaws.com', pathPrefix: '/books' });
    expect(bucketEndpoint('my.books', 'us-east-1', undefined, 'virtual').host).toBe('my.books.s3.us-east-1.amazonaws.com');
  });

  it('leaves the default port out of the signed host', () => {
    expect(bucketEndpoint('b', 'x', 'https://gate.example:443', 'path').host).toBe('gate.example');
  });

  it.each(['ftp://x', 'gate.example', ''])('refuses the endpoint %j', (url) => {
    expect(() => bucketEndpoint('b', 'x', url, 'auto')).toThrow(TypeError);
  });
});

describe('dnsSuffix', () => {
  const require = createRequire(import.meta.url);
  const file = join(dirname(require.resolve('@aws-sdk/core/package.json')), 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js');
  interface Partition {
    readonly regions: Readonly<Record<string, unknown>>;
    readonly outputs: { readonly dnsSuffix: string };
  }

  it('is that of the SDK for every Region of every partition', async () => {
    const { partitionsInfo } = (await import(pathToFileURL(file).href)) as { partitionsInfo: { partitions: readonly Partition[] } };
    const pairs = partitionsInfo.partitions.flatMap(({ regions, outputs }) => Object.keys(regions).map((region) => [region, outputs.dnsSuffix] as const));
    const real = pairs.filter(([region]) => !region.includes('global'));
    expect(real.length).toBeGreaterThan(35);
    expect(new Set(real.map(([, suffix]) => suffix)).size).toBeGreaterThanOrEqual(6);
    expect(real.map(([region]) => [region, dnsSuffix(region)])).toEqual(real);
  });
});
