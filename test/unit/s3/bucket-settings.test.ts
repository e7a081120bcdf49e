import { describe, expect, it } from 'vitest';
import { getLifecycle } from '../../../emr-steps/s3/get-lifecycle.ts';
import { getObjectLock } from '../../../emr-steps/s3/get-object-lock.ts';
import { getOwnershipControls } from '../../../emr-steps/s3/get-ownership-controls.ts';
import { S3Error } from '../../../emr-steps/s3/s3-error.ts';
import { errorAnswer, failureOfPromise, setUp } from './client-under-test.ts';

const XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

describe('getOwnershipControls', () => {
  it('reads the rule', async () => {
    const body = `<OwnershipControls ${XMLNS}><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`;
    const { client, server } = await setUp([{ body }]);
    expect(await getOwnershipControls(client)).toBe('BucketOwnerEnforced');
    expect(server.requests[0]).toMatchObject({ method: 'GET', url: '/books/?ownershipControls=' });
  });

  it('is null where there is no rule, and an error where it may not be asked', async () => {
    const { client } = await setUp([errorAnswer(404, 'OwnershipControlsNotFoundError'), errorAnswer(403, 'AccessDenied')]);
    expect(await getOwnershipControls(client)).toBeNull();
    expect(await failureOfPromise(getOwnershipControls(client), S3Error)).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('getLifecycle', () => {
  it('reads what enabled rules do to uploads and objects, and to which', async () => {
    const body = `<LifecycleConfiguration ${XMLNS}>
      <Rule><ID>old</ID><Filter><Prefix>logs/</Prefix></Filter><Status>Enabled</Status><Expiration><Days>30</Days></Expiration>
        <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule>
      <Rule><ID>abort</ID><Filter/><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>
      <Rule><ID>cold</ID><Filter><And><Prefix>a/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status>
        <Transition><Days>10</Days><StorageClass>GLACIER</StorageClass></Transition><Transition><Date>2027-01-01T00:00:00Z</Date><StorageClass>DEEP_ARCHIVE</StorageClass></Transition></Rule>
      <Rule><ID>day</ID><Prefix>x</Prefix><Status>Enabled</Status><Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration></Rule>
      <Rule><ID>off</ID><Filter/><Status>Disabled</Status><Expiration><Days>1</Days></Expiration></Rule>
    </LifecycleConfiguration>`;
    const { client } = await setUp([{ body }]);
    const nothing = { isNarrower: false, expires: null, abortsUploadsAfterDays: null, transitions: [] };
    expect(await getLifecycle(client)).toEqual([
      { ...nothing, id: 'old', prefix: 'logs/', expires: 30 },
      { ...nothing, id: 'abort', prefix: '', abortsUploadsAfterDays: 2 },
      {
        ...nothing,
        id: 'cold',
        prefix: 'a/',
        isNarrower: true,
        transitions: [
          { storageClass: 'GLACIER', days: 10 },
          { storageClass: 'DEEP_ARCHIVE', days: null },
        ],
      },
      { ...nothing, id: 'day', prefix: 'x', expires: '2027-01-01T00:00:00Z' },
    ]);
  });

  it('is nothing where there is no configuration, and an error where it may not be asked', async () => {
    const { client } = await setUp([errorAnswer(404, 'NoSuchLifecycleConfiguration'), errorAnswer(403, 'AccessDenied')]);
    expect(await getLifecycle(client)).toEqual([]);
    expect(await failureOfPromise(getLifecycle(client), S3Error)).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('getObjectLock', () => {
  it('reads the retention that every new object gets', async () => {
    const locked = (rule: string) => `<ObjectLockConfiguration ${XMLNS}><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>`;
    const retention = (period: string) => locked(`<Rule><DefaultRetention><Mode>COMPLIANCE</Mode>${period}</DefaultRetention></Rule>`);
    const { client } = await setUp([{ body: retention('<Days>7</Days>') }, { body: retention('<Years>2</Years>') }, { body: locked('') }]);
    expect(await getObjectLock(client)).toEqual({ retention: { mode: 'COMPLIANCE', days: 7, years: null } });
    expect(await getObjectLock(client)).toEqual({ retention: { mode: 'COMPLIANCE', days: null, years: 2 } });
    expect(await getObjectLock(client)).toEqual({ retention: null });
  });

  it('is null where there is none, and an error where it may not be asked', async () => {
    const none = { body: `<ObjectLockConfiguration ${XMLNS}></ObjectLockConfiguration>` };
    const { client } = await setUp([errorAnswer(404, 'ObjectLockConfigurationNotFoundError'), none, errorAnswer(403, 'AccessDenied')]);
    expect(await getObjectLock(client)).toBeNull();
    expect(await getObjectLock(client)).toBeNull();
    expect(await failureOfPromise(getObjectLock(client), S3Error)).toMatchObject({ code: 'AccessDenied' });
  });
});
