import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDigest, parseEtag, partCountOf } from '../../../emr-steps/multipart/etag.ts';
import { md5Hex, multipartEtag } from '../../../emr-steps/multipart/multipart-etag.ts';

const HEX = 'd41d8cd98f00b204e9800998ecf8427e';

describe('the form of an ETag', () => {
  test('32 hexadecimal digits may be an MD5', () => {
    expect(parseEtag(HEX)).toEqual({ kind: 'digest', md5: HEX });
    expect(partCountOf(HEX)).toBeNull();
    expect(isDigest(HEX)).toBe(true);
  });

  test.each([1, 2, 10_000])('a digest and -%d names the parts', (parts) => {
    expect(parseEtag(`${HEX}-${parts}`)).toEqual({ kind: 'multipart', digest: HEX, parts });
    expect(partCountOf(`${HEX}-${parts}`)).toBe(parts);
    expect(isDigest(`${HEX}-${parts}`)).toBe(false);
  });

  test.each([
    `${HEX}-0`,
    `${HEX}-10001`,
    `${HEX}-01`,
    `${HEX}-`,
    `${HEX}-1x`,
    `${HEX}0`,
    HEX.toUpperCase(),
    'abc-3',
    '',
    `"${HEX}"`,
    `${HEX}\n`,
  ])('%j says nothing', (etag) => {
    expect(parseEtag(etag)).toEqual({ kind: 'opaque', text: etag });
    expect(partCountOf(etag)).toBeNull();
    expect(isDigest(etag)).toBe(false);
  });

  test('no ETag is no digest', () => {
    expect(isDigest(null)).toBe(false);
  });
});

describe('the ETag of a multipart upload', () => {
  test("is the documented one: the MD5 of the parts' binary MD5s and their number", () => {
    const parts = [new Uint8Array(1), new Uint8Array(2)];
    const reference = createHash('md5');
    for (const part of parts) reference.update(createHash('md5').update(part).digest());
    expect(multipartEtag(parts.map(md5Hex))).toBe(`${reference.digest('hex')}-2`);
  });

  test('has a part count that comes back, and depends on the order of the parts', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.uint8Array({ maxLength: 9 }), { minLength: 2, maxLength: 20, selector: (bytes) => bytes.join() }), (parts) => {
        const etags = parts.map(md5Hex);
        const etag = multipartEtag(etags) as string;
        expect(partCountOf(etag)).toBe(parts.length);
        expect(multipartEtag(etags.toReversed())).not.toBe(etag);
      }),
    );
  });

  test('cannot be computed from no parts, or from a part whose ETag is no MD5', () => {
    expect(multipartEtag([])).toBeNull();
    expect(multipartEtag([HEX, 'opaque'])).toBeNull();
    expect(multipartEtag([`${HEX}-1`])).toBeNull();
  });
});
