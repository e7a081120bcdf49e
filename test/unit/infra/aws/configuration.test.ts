import { describe, expect, it } from 'vitest';
import { ConfigurationError, parseConfiguration } from '../../../../infra/aws/configuration.ts';
import { checkedName } from '../../../../infra/aws/names.ts';
import { CONFIGURATION } from '../../../helpers/workflow-stack.ts';

const DATA = { sources: ['a-bucket'], destinations: ['b-bucket'] };
const REQUEST = { source: { bucket: 'a-bucket' }, destination: { bucket: 'b-bucket' } };

function problems(written: unknown): string {
  try {
    parseConfiguration(written);
    return '';
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}

describe('a configuration', () => {
  it('needs buckets and nothing else', () => {
    const { name, network, growVolumes, schedules } = parseConfiguration({ data: DATA });
    expect({ name, network, growVolumes, schedules }).toEqual({
      name: 'carillon',
      network: { kind: 'new', egress: 'nat', cidr: '10.64.0.0/16', s3Endpoint: true },
      growVolumes: { abovePercent: 80, byPercent: 50, mostGigabytes: 1000 },
      schedules: {},
    });
  });

  it.each([
    [{}, 'data'],
    [{ data: { ...DATA, sources: ['*'] } }, 'nearly every bucket'],
    [{ data: { ...DATA, otherRoles: ['arn:aws:iam::*:role/*'] } }, 'is no role'],
    [{ data: { ...DATA, otherRoles: ['*'] } }, 'is no role'],
    [{ data: DATA, certificates: 'certificates.zip' }, 'is no archive'],
    [{ data: DATA, network: { kind: 'given', vpcId: 'vpc-0123456789abcdef0', subnetIds: [] } }, 'subnetIds'],
    [{ data: DATA, retention: { logDays: 91 } }, 'CloudWatch knows'],
    [{ data: DATA, colour: 'blue' }, 'colour'],
    [{ data: DATA, schedules: { a: { when: 'cron(0 3 * * * *)', request: REQUEST } } }, 'schedules.a.when exactly one'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', timeZone: 'Berlin', request: REQUEST } } }, 'schedules.a.timeZone'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)' } } }, 'a pair or a request'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', request: REQUEST, pair: 'p' } } }, 'a pair or a request'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', flexibleMinutes: 0, request: REQUEST } } }, 'flexibleMinutes'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', pair: 'p' } } }, 'is none of the pairs'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', request: { source: { bucket: 'a-bucket' } } } } }, 'schedules.a.request'],
    [{ data: DATA, schedules: { a: { when: 'rate(1 day)', request: { ...REQUEST, rounds: 99 } } } }, 'rounds'],
    [{ data: DATA, pairs: { p: { request: REQUEST, incremental: true } } }, 'verify true'],
    [{ data: DATA, pairs: { p: { request: { ...REQUEST, verify: true, filters: { modifiedAfter: '2020-01-01' } }, incremental: true } } }, 'bounds the time'],
  ])('%j is refused: %s', (written, why) => {
    expect(problems(written)).toContain(why);
  });

  it('holds no passwords, wherever a request stands', () => {
    const kerberos = { realm: 'R', kdcAdminPassword: 'p' };
    const request = { ...REQUEST, cluster: { use: 'own', securityConfiguration: 'c', kerberos } };
    expect(problems({ data: DATA, pairs: { p: { request } } })).toContain('nothing that is written down here is secret');
  });

  it('tells every problem at once', () => {
    expect(problems({ data: DATA, certificates: 'x', schedules: { a: { when: 'often', request: REQUEST } } }).split('\n')).toHaveLength(2);
  });

  it('of the tests is taken', () => {
    expect(problems(CONFIGURATION)).toBe('');
  });
});

describe('the name of a workflow', () => {
  it.each(['carillon', 'carillon-test', 'carillon-a'])('may be %s', (name) => {
    expect(checkedName(name)).toBe(name);
  });

  it.each(['copy', 'Carillon', 'carillon-', 'carillon_x', 'carillon-of-a-very-long-name'])('may not be %s', (name) => {
    expect(() => checkedName(name)).toThrow('carillon-test');
  });
});
