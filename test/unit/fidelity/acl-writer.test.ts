import { describe, expect, test } from 'vitest';
import { type AclWriter, aclWriter } from '../../../emr-steps/fidelity/acl-writer.ts';
import { type FakeClient, fakeClient, type Handler, s3Error } from '../plan/fake-s3.ts';

const NEVER = new AbortController().signal;
const GROUP = '<Grantee xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>';

function acl(owner: string | null, ...grants: readonly string[]): { body: string } {
  const ownerXml = owner === null ? '' : `<Owner><ID>${owner}</ID><DisplayName>who</DisplayName></Owner>`;
  return { body: `<AccessControlPolicy>${ownerXml}<AccessControlList>${grants.join('')}</AccessControlList></AccessControlPolicy>` };
}

function grant(grantee: string, permission: string): string {
  const xml = grantee.startsWith('<') ? grantee : `<Grantee xsi:type="CanonicalUser"><ID>${grantee}</ID><DisplayName>x</DisplayName></Grantee>`;
  return `<Grant>${xml}<Permission>${permission}</Permission></Grant>`;
}

const OWN = grant('ann', 'FULL_CONTROL');
const FRIEND = grant('friend', 'READ');

interface Scene {
  readonly writer: AclWriter;
  readonly source: FakeClient;
  readonly destination: FakeClient;
  /** Headers of every write. */
  readonly sent: Readonly<Record<string, string>>[];
  write(error?: unknown): Promise<string>;
}

function scene(rule: 'none' | 'bucket-owner-full-control' | 'copy', source: Handler, destination: Handler = () => acl('bob')): Scene {
  const [from, to] = [fakeClient('src', source), fakeClient('dst', destination)];
  const writer = aclWriter(rule, from, to);
  const sent: Readonly<Record<string, string>>[] = [];
  const write = async (error?: unknown): Promise<string> => {
    const send = async (headers: Readonly<Record<string, string>>): Promise<string> => {
      sent.push(headers);
      if (error !== undefined && Object.keys(headers).length > 0) throw error;
      return 'written';
    };
    const { written, fate } = await writer.write('from/k', send, NEVER);
    expect(written).toBe('written');
    return fate;
  };
  return { writer, source: from, destination: to, sent, write };
}

describe('an ACL', () => {
  test('is not sent and not looked for by default', async () => {
    const { write, sent, source } = scene('none', () => acl('ann', OWN));
    expect(await write()).toBe('unseen');
    expect([sent, source.requests]).toEqual([[{}], []]);
  });

  test('is handed to the owner of the bucket where the rule says so', async () => {
    const { write, sent, source } = scene('bucket-owner-full-control', () => acl('ann', OWN));
    expect(await write()).toBe('changed');
    expect([sent, source.requests]).toEqual([[{ 'x-amz-acl': 'bucket-owner-full-control' }], []]);
  });

  test('that is the owner’s alone needs no header', async () => {
    const { write, sent, source } = scene('copy', () => acl('ann', OWN));
    expect(await write()).toBe('none');
    expect(sent).toEqual([{}]);
    expect(source.requests).toMatchObject([{ operation: 'GetObjectAcl', key: 'from/k', query: 'acl=' }]);
  });

  test('that has a name of its own goes by it', async () => {
    const { write, sent, destination } = scene('copy', () => acl('ann', OWN, grant(GROUP, 'READ')));
    expect(await write()).toBe('kept');
    expect([sent, destination.requests]).toEqual([[{ 'x-amz-acl': 'public-read' }], []]);
  });

  test('of single grants names the new owner, who is asked for once', async () => {
    const { write, sent, destination } = scene('copy', () => acl('ann', OWN, FRIEND));
    expect([await write(), await write()]).toEqual(['kept', 'kept']);
    expect(sent).toEqual(Array.from({ length: 2 }, () => ({ 'x-amz-grant-full-control': 'id="bob"', 'x-amz-grant-read': 'id="friend"' })));
    expect(destination.requests).toMatchObject([{ operation: 'GetBucketAcl', key: null, query: 'acl=' }]);
  });

  test('is lost where the destination has ACLs disabled; after that nobody looks any more', async () => {
    const { write, sent, source } = scene('copy', () => acl('ann', OWN, grant(GROUP, 'READ')));
    expect(await write(s3Error('AccessControlListNotSupported', 400, 'PutObject'))).toBe('lost');
    expect(sent).toEqual([{ 'x-amz-acl': 'public-read' }, {}]);
    expect(await write()).toBe('unseen');
    expect(source.requests).toHaveLength(1);
  });

  test('is an error of its object where the write fails for another reason, or the grants cannot be read', async () => {
    const { write } = scene('copy', () => acl('ann', OWN, grant(GROUP, 'READ')));
    await expect(write(s3Error('SlowDown', 503, 'PutObject'))).rejects.toMatchObject({ code: 'SlowDown' });
    await expect(write(new Error('a bug'))).rejects.toThrow('a bug');
    const denied = scene('copy', () => {
      throw s3Error('AccessDenied', 403, 'GetObjectAcl');
    });
    await expect(denied.write()).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(denied.sent).toEqual([]);
  });

  test('asks for the owner again after an error, and takes no answer without one', async () => {
    let asked = 0;
    const { write } = scene(
      'copy',
      () => acl('ann', OWN, FRIEND),
      () => {
        asked += 1;
        if (asked === 1) throw s3Error('SlowDown', 503, 'GetBucketAcl');
        return acl(asked === 2 ? 'bob' : null);
      },
    );
    await expect(write()).rejects.toMatchObject({ code: 'SlowDown' });
    expect(await write()).toBe('kept');
    const nameless = scene(
      'copy',
      () => acl('ann', OWN, FRIEND),
      () => acl(null),
    );
    await expect(nameless.write()).rejects.toMatchObject({ code: 'MalformedAnswer', operation: 'GetBucketAcl' });
  });

  test('leaves out grants that nobody can read', async () => {
    const { write, sent } = scene('copy', () => acl('ann', OWN, '<Grant><Grantee/></Grant>', '<Grant><Permission>READ</Permission></Grant>'));
    expect(await write()).toBe('none');
    expect(sent).toEqual([{}]);
  });
});
