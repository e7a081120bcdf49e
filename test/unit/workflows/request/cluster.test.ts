import { describe, expect, it } from 'vitest';
import { releaseProblem } from '../../../../workflows/request/cluster.ts';
import { architectureOf, defaultFleets, namedTypes } from '../../../../workflows/request/default-instances.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { least, sentencesOf } from '../../../helpers/request-refusal.ts';

const fleets = { primary: { types: ['m7g.xlarge'] }, core: { types: [{ type: 'm7g.2xlarge' }], onDemand: 2 } };
const groups = { primary: { type: 'm7g.xlarge' }, core: { type: 'm7g.2xlarge', count: 2 } };

function sentences(cluster: unknown, beside: object = {}): readonly string[] {
  return sentencesOf({ ...least, ...beside, cluster });
}

describe('the cluster of a request', () => {
  it('is one of its own, or a given one by its id', () => {
    expect(parseRequest(least).cluster.use).toBe('own');
    expect(parseRequest({ ...least, cluster: { use: 'given', id: 'j-2AXXXXXXGAPLF' } }).cluster).toEqual({ use: 'given', id: 'j-2AXXXXXXGAPLF' });
    expect(sentences({ id: 'j-2AXXXXXXGAPLF' })).toEqual(['cluster.use is missing; allowed are given, own']);
    expect(sentences({ use: 'rented' })).toEqual(['cluster.use ("rented") is not allowed; allowed are given, own']);
    expect(sentences({ use: 'given', id: 'x' })[0]).toMatch(/^cluster\.id \("x"\) is no cluster/);
  });

  it('needs a release on which Node 24 starts, and says why', () => {
    expect(releaseProblem('emr-7.0.0')).toBeNull();
    expect(releaseProblem('emr-10.1.0')).toBeNull();
    expect(releaseProblem('emr-6.15.0')).toMatch(/glibc 2\.26.*emr-7/);
    expect(releaseProblem('7.0')).toMatch(/no release label/);
    expect(sentences({ use: 'own', releaseLabel: 'emr-5.36.2' })[0]).toMatch(/^cluster\.releaseLabel .*older than emr-7\.0\.0/);
  });

  it('takes fleets or groups, Spot on task nodes alone', () => {
    expect(sentences({ use: 'own', fleets })).toEqual([]);
    expect(sentences({ use: 'own', groups: { ...groups, task: [{ type: 'm7g.2xlarge', count: 5, market: 'spot' }] } })).toEqual([]);
    expect(sentences({ use: 'own', fleets, groups })).toEqual(['cluster.groups do not go together with fleets; leave one of them out']);
    expect(sentences({ use: 'own', groups: { ...groups, core: { ...groups.core, market: 'spot' } } })).toEqual([
      'cluster.groups.core.market is not known here',
    ]);
    expect(sentences({ use: 'own', fleets: { ...fleets, core: { ...fleets.core, spot: 1 } } })).toEqual(['cluster.fleets.core.spot is not known here']);
    expect(sentences({ use: 'own', fleets: { ...fleets, task: { types: [{ type: 'm7g.2xlarge' }] } } })[0]).toMatch(/^cluster\.fleets\.task has no unit/);
  });

  it.each([
    [{ groups, subnetIds: ['subnet-01234567', 'subnet-89abcdef'] }, /subnetIds are more than the one/],
    [{ kerberos: { realm: 'R', kdcAdminPassword: 'p' } }, /kerberos needs a securityConfiguration/],
    [{ managedScaling: { minimum: 5, maximum: 2 } }, /maximum \(2\) is less than the minimum of 5/],
    [{ managedScaling: { minimum: 1, maximum: 2, maximumCore: 3 } }, /maximumCore \(3\) is more than the maximum/],
    [{ managedScaling: { unit: 'vcpus', minimum: 1, maximum: 2 } }, /unit \(vcpus\) is of groups/],
    [{ groups, managedScaling: { unit: 'fleet-units', minimum: 1, maximum: 2 } }, /unit \(fleet-units\) is of fleets/],
    [{ disks: { type: 'io2' } }, /iops is missing/],
    [{ disks: { iops: 20_000 } }, /iops \(20000\) is not what gp3 takes/],
    [{ disks: { type: 'st1', iops: 3000, throughput: 125 } }, /iops does not go with st1.*throughput does not go with st1/],
    [{ customAmi: 'ami-01234567', architecture: 'x86_64', fleets }, /\(m7g\.xlarge\) is arm64, but the custom AMI is said to be x86_64/],
  ])('refuses %o, and says why', (members, why) => {
    expect(sentences({ use: 'own', ...members }).join('; ')).toMatch(why);
  });

  it('idles no shorter than Athena may work', () => {
    expect(sentences({ use: 'own', idleMinutes: 30 })).toEqual([]);
    expect(sentences({ use: 'own', idleMinutes: 30 }, { diff: { engine: 'athena' } })[0]).toMatch(/would end the cluster while Athena compares/);
  });
});

describe('instances', () => {
  it('have the architecture that their name tells', () => {
    expect(['m7g.xlarge', 'c7gn.16xlarge', 'r8gd.metal', 'is4gen.large', 'hpc7g.4xlarge'].map(architectureOf)).toEqual(Array(5).fill('arm64'));
    expect(['m7i.xlarge', 'g4dn.xlarge', 'm7i-flex.large', 'g6.12xlarge', 'p6e-gb200.36xlarge'].map(architectureOf)).toEqual(Array(5).fill('x86_64'));
  });

  it('are of the architecture that is asked for where none are named', () => {
    for (const architecture of ['arm64', 'x86_64'] as const) {
      const cluster = parseRequest({ ...least, cluster: { use: 'own', architecture, fleets: defaultFleets(architecture) } }).cluster;
      const types = cluster.use === 'own' ? namedTypes(cluster) : [];
      expect(types.length).toBeGreaterThan(0);
      expect(types.map(({ type }) => architectureOf(type)).every((one) => one === architecture)).toBe(true);
    }
  });
});
