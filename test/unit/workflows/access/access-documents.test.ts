import { describe, expect, it } from 'vitest';
import { accessDocuments, UNKNOWN_PRINCIPAL } from '../../../../workflows/access/access-documents.ts';
import type { AccessFacts } from '../../../../workflows/access/access-facts.ts';
import type { PolicyDocument } from '../../../../workflows/access/policy-document.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../../../workflows/request/run-request.ts';

const DATA_ROLE = 'arn:aws:iam::111122223333:role/carillon-data';
const SOURCE_KEY = 'arn:aws:kms:eu-central-1:444455556666:key/one';
const reader = { arn: 'arn:aws:iam::444455556666:role/reader', externalId: 'x1' };

function documentsOf(members: Partial<RunRequestInput> = {}, facts: Partial<AccessFacts> = {}) {
  const request = parseRequest({ source: { bucket: 'a' }, destination: { bucket: 'b' }, ...members });
  return accessDocuments(request, { dataRole: DATA_ROLE, ...facts });
}

function sidsOf(policy: PolicyDocument | null | undefined): readonly string[] {
  return policy?.Statement.map(({ Sid }) => Sid) ?? [];
}

describe('the policies of a run', () => {
  it('are the data role’s alone within one account', () => {
    const documents = documentsOf({}, { owners: { source: '111122223333', destination: '111122223333' } });
    expect(documents.source).toEqual({ role: null, bucketPolicy: null, keyPolicies: {} });
    expect(documents.destination).toEqual({ role: null, bucketPolicy: null, keyPolicies: {} });
    expect(sidsOf(documents.dataRole)).toContain('CarillonDestinationWrite');
    expect(documents.dataRole.Statement.every((statement) => statement.Principal === undefined)).toBe(true);
  });

  it('are the bucket’s too where it belongs to another account, for the data role by name', () => {
    const { source, destination, dataRole } = documentsOf(
      { source: { bucket: 'a', expectedOwner: '444455556666' } },
      { owners: { destination: '111122223333' } },
    );
    expect(sidsOf(source.bucketPolicy)).toEqual(['CarillonSourceList', 'CarillonSourceSettings', 'CarillonSourceRead', 'CarillonSourceTags']);
    expect(source.bucketPolicy?.Statement.every(({ Principal }) => Principal?.AWS.join() === DATA_ROLE)).toBe(true);
    expect(destination.bucketPolicy).toBeNull();
    expect(sidsOf(dataRole)).toEqual(expect.arrayContaining([...sidsOf(source.bucketPolicy)]));
  });

  it('are the bucket’s as well where nobody knows whose it is', () => {
    expect(documentsOf().source.bucketPolicy).not.toBeNull();
  });

  it('are a role of the other account’s where the request names one: it trusts the data role with the external id', () => {
    const { source, dataRole } = documentsOf({ source: { bucket: 'a', role: reader } });
    expect(source.role?.trust.Statement).toEqual([
      {
        Sid: 'CarillonAssumeSourceRole',
        Effect: 'Allow',
        Principal: { AWS: [DATA_ROLE] },
        Action: ['sts:AssumeRole'],
        Condition: { StringEquals: { 'sts:ExternalId': ['x1'] } },
      },
    ]);
    expect(sidsOf(source.role?.policy)).toEqual(['CarillonSourceList', 'CarillonSourceSettings', 'CarillonSourceRead', 'CarillonSourceTags']);
    expect(source.bucketPolicy).toBeNull();
    expect(sidsOf(dataRole)).toContain('CarillonAssumeSourceRole');
    expect(sidsOf(dataRole)).not.toContain('CarillonSourceRead');
  });

  it('let the writer of another account read the source where S3 copies inside itself', () => {
    const writer = { arn: 'arn:aws:iam::777788889999:role/writer' };
    const { source, destination } = documentsOf({
      source: { bucket: 'a', role: reader },
      destination: { bucket: 'b', role: writer },
      copy: { mode: 'server-side' },
    });
    expect(source.bucketPolicy?.Statement.map(({ Sid, Principal }) => [Sid, Principal?.AWS])).toEqual([
      ['CarillonSourceRead', [writer.arn]],
      ['CarillonSourceTags', [writer.arn]],
    ]);
    expect(sidsOf(destination.role?.policy)).toContain('CarillonSourceRead');
  });

  it('name a key’s users in its policy where they are of another account than the key', () => {
    const keys = { source: [SOURCE_KEY] };
    expect(documentsOf({}, { keys }).source.keyPolicies[SOURCE_KEY]?.Statement[0]).toMatchObject({
      Sid: 'CarillonSourceDecrypt',
      Principal: { AWS: [DATA_ROLE] },
      Action: ['kms:Decrypt'],
      Resource: '*',
    });
    expect(documentsOf({ source: { bucket: 'a', role: reader } }, { keys }).source.keyPolicies).toEqual({});
  });

  it('say where an ARN is to be put that nobody has told', () => {
    const { source } = documentsOf({}, { dataRole: null });
    expect(source.bucketPolicy?.Statement[0]?.Principal?.AWS).toEqual([UNKNOWN_PRINCIPAL]);
  });

  it('keep places of the run itself apart', () => {
    expect(sidsOf(documentsOf().run)).toEqual([]);
    expect(sidsOf(documentsOf({ runDirectory: 's3://work-bucket/runs' }).run)).toEqual(['CarillonRunDirectory', 'CarillonRunDirectoryList']);
  });

  it('never say a thing twice', () => {
    const { dataRole } = documentsOf({ source: { bucket: 'a', anonymous: true } });
    expect(new Set(sidsOf(dataRole)).size).toBe(dataRole.Statement.length);
  });
});
