import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../../cli/arguments/read-arguments.ts';
import { COPY_COMMAND, copyRequest } from '../../../../cli/commands/copy-options.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { RequestError } from '../../../../workflows/request/request-error.ts';

const PLACES = [
  { bucket: 'one', prefix: '' },
  { bucket: 'two', prefix: '' },
];
const asked = (...words: string[]) => parseRequest(copyRequest(readArguments(COPY_COMMAND, ['s3://one', 's3://two', ...words]).values, PLACES, {}));
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/a';

describe('the flags of carillon copy', () => {
  it('without any make the request that a person would write without any member', () => {
    expect(asked()).toEqual(parseRequest({ source: { bucket: 'one' }, destination: { bucket: 'two' } }));
  });

  it.each([
    [['--include', 'a*', '--include', 'b', '--exclude', 'c'], { filters: { include: ['a*', 'b'], exclude: ['c'] } }],
    [['--include-regex', '^x', '--exclude-regex', 'y$'], { filters: { includeExpressions: ['^x'], excludeExpressions: ['y$'] } }],
    [['--min-size', '5MiB', '--max-size', '1 TiB'], { filters: { minSize: 5_242_880, maxSize: 1_099_511_627_776 } }],
    [['--modified-after', '2026-01-02', '--class', 'GLACIER'], { filters: { modifiedAfter: '2026-01-02', classes: ['GLACIER'] } }],
    [['--sse', 'aws:kms', '--sse-kms-key-id', KEY, '--bucket-key'], { copy: { encryption: { kind: 'aws:kms', key: KEY, bucketKey: true } } }],
    [['--sse-kms-key-map', `${KEY}=${KEY}2`], { copy: { encryption: { keyMap: { [KEY]: `${KEY}2` } } } }],
    [['--acl', 'copy', '--no-tags', '--no-checksums', '--redirects'], { copy: { acl: 'copy', tags: 'drop', checksums: 'ignore', redirects: true } }],
    [['--tolerated-failures', '7', '--tries', '3', '--spill-above', '64KiB'], { toleratedFailures: 7, work: { tries: 3, spillAboveBytes: 65_536 } }],
    [
      ['--source-role-arn', 'arn:aws:iam::111122223333:role/r', '--source-external-id', 'id'],
      { source: { role: { arn: 'arn:aws:iam::111122223333:role/r', externalId: 'id' } } },
    ],
  ])('%j', (words, members) => {
    expect(asked(...words)).toMatchObject(members);
  });

  it.each([
    [['--min-size', 'big'], '--min-size is "big"; write bytes, such as 1048576, or 64KiB, 5MiB'],
    [['--sse-kms-key-map', 'one'], '--sse-kms-key-map is "one"; write KEY_OF_SOURCE=KEY_OF_DESTINATION'],
    [['--min-size', '9', '--max-size', '1'], 'filters.maxSize (1) is less than minSize'],
  ])('that say nothing that can be done are refused: %j', (words, message) => {
    expect(() => asked(...words)).toThrow(message.startsWith('filters') ? RequestError : message);
    expect(() => asked(...words)).toThrow(/is /);
  });
});
