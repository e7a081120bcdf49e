/** A run between accounts with exactly the policies that are made for it; and with any one statement less, prepare-run names that statement. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCluster } from '../../cli/commands/run-cluster.ts';
import { undiciTransport } from '../../emr-steps/s3/undici-transport.ts';
import { runRequest } from '../../infra/local/engine/run-request.ts';
import type { Store } from '../../infra/local/s3-store/store.ts';
import { bucketReach } from '../../lambdas/prepare-run/bucket-reach.ts';
import { type AccessDocuments, accessDocuments } from '../../workflows/access/access-documents.ts';
import type { PolicyDocument } from '../../workflows/access/policy-document.ts';
import type { RunEvent } from '../../workflows/events/run-event.ts';
import type { RunFinding } from '../../workflows/events/run-finding.ts';
import { parseRequest } from '../../workflows/request/parse-request.ts';
import type { RunRequestInput } from '../../workflows/request/run-request.ts';
import { capturedHost } from '../helpers/captured-host.ts';
import { localCluster } from '../helpers/run-facts.ts';
import { DATA_ROLE, DESTINATION_KEY, type Encrypted, nodeEnvironment, RECEIVER, REGION, SENDER, SOURCE_KEY, storeWith } from '../helpers/three-accounts.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = await mkdtemp(join(tmpdir(), 'carillon-access-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const reader = { arn: `arn:aws:iam::${SENDER}:role/reader`, externalId: 'ours-alone' };
const writer = { arn: `arn:aws:iam::${RECEIVER}:role/writer`, externalId: 'ours-too' };

interface Case {
  readonly name: string;
  readonly request: RunRequestInput;
  readonly encrypted: Encrypted;
}

const place = {
  source: { bucket: 'sent', region: REGION, expectedOwner: SENDER },
  destination: { bucket: 'received', region: REGION, expectedOwner: RECEIVER },
};

const CASES: readonly Case[] = [
  {
    name: 'inside S3, by the data role in buckets of two other accounts',
    request: { ...place, source: { ...place.source, prefix: 'out/' }, destination: { ...place.destination, prefix: 'in/' }, copy: { mode: 'server-side' } },
    encrypted: { source: false, destination: false },
  },
  {
    name: 'inside S3, with keys of KMS on both sides and a verification',
    request: { ...place, source: { ...place.source, prefix: 'out/' }, copy: { mode: 'server-side' }, verify: true },
    encrypted: { source: true, destination: true },
  },
  {
    name: 'through the nodes, by a reader and a writer, with keys of KMS on both sides',
    request: {
      source: { ...place.source, prefix: 'out/', role: reader },
      destination: { ...place.destination, prefix: 'in/', role: writer },
      copy: { mode: 'streaming' },
    },
    encrypted: { source: true, destination: true },
  },
  {
    name: 'inside S3, by a writer who may read the source too',
    request: {
      source: { ...place.source, prefix: 'out/', role: reader },
      destination: { ...place.destination, role: writer },
      copy: { mode: 'server-side' },
    },
    encrypted: { source: true, destination: false },
  },
  {
    name: 'through the nodes, with an ACL for the owner',
    request: { ...place, source: { ...place.source, prefix: 'out/' }, copy: { mode: 'streaming', acl: 'bucket-owner-full-control', tags: 'drop' } },
    encrypted: { source: false, destination: false },
  },
  {
    name: 'through the nodes, without tags and checksums',
    request: { ...place, source: { ...place.source, prefix: 'out/' }, copy: { mode: 'streaming', tags: 'drop', checksums: 'ignore' } },
    encrypted: { source: false, destination: false },
  },
];

function documentsOf({ request, encrypted }: Case): AccessDocuments {
  const keys = { source: encrypted.source ? [SOURCE_KEY] : [], destination: encrypted.destination ? [DESTINATION_KEY] : [] };
  return accessDocuments(parseRequest(request), { dataRole: DATA_ROLE, keys });
}

let runs = 0;

async function ran({ request }: Case, store: Store) {
  const home = join(folder, String(++runs));
  const events: RunEvent[] = [];
  const host = capturedHost({ env: nodeEnvironment(store, folder), root: ROOT });
  const transport = undiciTransport({ connections: 4 });
  const programs = join(ROOT, 'build', 'steps');
  const cluster = { ...localCluster, programs, nodeArchive: join(ROOT, 'build', 'node'), diffScripts: join(ROOT, 'build', 'diff') };
  const withEndpoint = (side: object) => ({ ...side, endpointUrl: store.url });
  try {
    const { end, output } = await runRequest({
      request: { ...request, source: withEndpoint(request.source), destination: withEndpoint(request.destination) },
      ...{ partFile: null, problems: [], root: ROOT, runs: join(home, 'runs'), locks: join(home, 'locks') },
      cluster: { ...cluster, dataRole: { arn: DATA_ROLE, stsRegion: REGION } },
      buckets: bucketReach({ env: host.env, transport }),
      clusterIn: (at, _runId, emit) => runCluster(at, host, emit),
      emit: (event) => events.push(event),
      signal: host.signal,
    });
    const findings: readonly RunFinding[] = events.flatMap((event) => (event.type === 'run.found' ? [event.finding] : []));
    return { end, output, findings };
  } finally {
    await transport.close();
  }
}

interface Removal {
  readonly from: string;
  readonly sid: string;
  readonly documents: AccessDocuments;
}

/** The documents with one statement less, for every statement of each. */
function removals(documents: AccessDocuments): readonly Removal[] {
  const without = (policy: PolicyDocument, at: number): PolicyDocument => ({ ...policy, Statement: policy.Statement.toSpliced(at, 1) });
  const of = (from: string, policy: PolicyDocument | null | undefined, put: (less: PolicyDocument) => AccessDocuments): readonly Removal[] =>
    (policy?.Statement ?? []).map(({ Sid: sid }, at) => ({ from, sid, documents: put(without(policy as PolicyDocument, at)) }));
  const ofSide = (name: 'source' | 'destination') => {
    const side = documents[name];
    const put = (change: Partial<typeof side>): AccessDocuments => ({ ...documents, [name]: { ...side, ...change } });
    const { role } = side;
    return [
      ...of(`the policy of the ${name} bucket`, side.bucketPolicy, (less) => put({ bucketPolicy: less })),
      ...of(`the trust policy of the role at the ${name}`, role?.trust, (less) => put({ role: role && { ...role, trust: less } })),
      ...of(`the policy of the role at the ${name}`, role?.policy, (less) => put({ role: role && { ...role, policy: less } })),
      ...Object.entries(side.keyPolicies).flatMap(([key, policy]) =>
        of(`the policy of the key ${key}`, policy, (less) => put({ keyPolicies: { ...side.keyPolicies, [key]: less } })),
      ),
    ];
  };
  return [
    ...of('the policy of the data role', documents.dataRole, (less) => ({ ...documents, dataRole: less })),
    ...ofSide('source'),
    ...ofSide('destination'),
  ];
}

describe.each(CASES)('a copy $name', (one) => {
  const documents = documentsOf(one);

  it('works with exactly the policies that are made for it', async () => {
    const store = await storeWith(documents, one.encrypted);
    try {
      const { end, output, findings } = await ran(one, store);
      expect(end).toMatchObject({ status: 'SUCCEEDED' });
      expect(output?.books).toMatchObject({ balanced: true, listed: { objects: 4 }, outcomes: { copied: { objects: 4 } } });
      expect(findings.filter(({ code }) => /unreadable|proven|refused/.test(code))).toEqual([]);
    } finally {
      await store.close();
    }
  });

  it.each(removals(documents))('without $sid in $from is refused, or warned of, by that name', async ({ sid, documents: less }) => {
    const store = await storeWith(less, one.encrypted);
    try {
      const { end, findings } = await ran(one, store);
      if (sid.endsWith('Settings')) return expect(findings.map(({ message }) => message).join()).toContain(`the statement ${sid} would allow it`);
      expect(end).toMatchObject({ status: 'FAILED', error: 'Carillon.Refused' });
      const [first] = ('cause' in end ? end.cause : '').split('\n');
      expect(first).toContain(`the statement ${sid} would allow it`);
    } finally {
      await store.close();
    }
  });
});
