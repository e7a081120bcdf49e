import { expect, test } from 'vitest';
import { s3RunDirectory } from '../../../../emr-steps/run-directory/s3-run-directory.ts';
import { setUp } from '../../s3/client-under-test.ts';

const page = (name: string, more = ''): { body: string } => ({
  body: `<ListBucketResult>${more}<Contents><Key>runs/r1/rounds/${name}</Key><Size>3</Size></Contents></ListBucketResult>`,
});
const goesOn = (token: string): string => `<IsTruncated>true</IsTruncated>${token === '' ? '' : `<NextContinuationToken>${token}</NextContinuationToken>`}`;

test('a listing of a run directory has the files of all pages', async () => {
  const { client, server } = await setUp([page('a', goesOn('t1')), page('b')]);
  expect(await s3RunDirectory(client, 'runs/r1').list('rounds')).toEqual([
    { path: 'rounds/a', size: 3 },
    { path: 'rounds/b', size: 3 },
  ]);
  expect(server.requests[1]?.url).toContain('continuation-token=t1');
});

test.each([
  ['nowhere', '', 1],
  ['where it is already', 't1', 2],
])('a listing that goes on %s is refused, rather than to leave files out', async (_, token, requests) => {
  const { client, server } = await setUp([page('a', goesOn(token))]);
  await expect(s3RunDirectory(client, 'runs/r1').list('rounds')).rejects.toMatchObject({ code: 'MalformedAnswer', operation: 'ListObjectsV2' });
  expect(server.requests).toHaveLength(requests);
});

test.each([
  ['', 'b%41+c'],
  ['<EncodingType>url</EncodingType>', 'bA c'],
])('keys of a page with %j are read as it says', async (encoding, name) => {
  const { client } = await setUp([page('b%41+c', encoding)]);
  expect(await s3RunDirectory(client, 'runs/r1').list('rounds')).toEqual([{ path: `rounds/${name}`, size: 3 }]);
});
