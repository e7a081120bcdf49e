import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT_LIMIT } from '../../../../infra/aws/cluster/cluster-settings.ts';
import { type PolicyDocument, policyDocuments } from '../../../helpers/role-policies.ts';
import { memberAt, type Resource, type StackTemplate, synthesised } from '../../../helpers/workflow-stack.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const CFN_LINT = join(ROOT, 'build/tools/python/bin/cfn-lint');

const FURTHER = {
  given: {
    network: { kind: 'given', vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'] },
    certificates: 's3://certificates/emr.zip',
    growVolumes: null,
    data: { sources: ['source-a'], destinations: ['destination-a'] },
  },
  endpoints: { network: { kind: 'new', egress: 'endpoints' }, data: { sources: ['source-a'], destinations: ['destination-a'] } },
} as const;

let template: StackTemplate;
let further: Readonly<Record<keyof typeof FURTHER, StackTemplate>>;

beforeAll(() => {
  // A finding that nobody has acknowledged ends the synthesis.
  const strictly = (written?: unknown) => synthesised(written, (app) => Validations.of(app).addPlugins(new AwsSolutionsChecks(app))).template;
  template = strictly();
  further = { given: strictly(FURTHER.given), endpoints: strictly(FURTHER.endpoints) };
}, 180_000);

function all(type: string, from: StackTemplate = template): readonly Resource[] {
  return Object.values(from.Resources).filter(({ Type }) => Type === type);
}

/** Every statement of every policy of roles. */
function statements(from: StackTemplate): PolicyDocument['Statement'] {
  return [...all('AWS::IAM::Policy', from), ...all('AWS::IAM::Role', from)].flatMap(policyDocuments).flatMap(({ Statement }) => Statement);
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}

describe('the template', () => {
  it('is what it was; definitions of machines have their own tests', async () => {
    const shown = JSON.parse(JSON.stringify(template)) as { Resources: Record<string, { Properties: Record<string, unknown> }> };
    for (const { Properties } of Object.values(shown.Resources)) if (Properties?.DefinitionString !== undefined) Properties.DefinitionString = '…';
    await expect(`${JSON.stringify(shown, null, 1)}\n`).toMatchFileSnapshot('./workflow-stack.template.snap');
  });

  it('names no path of a machine', () => {
    for (const one of [template, ...Object.values(further)]) expect(JSON.stringify(one).match(/.{40}\/(home|work|root|tmp|Users)\/.{40}/)).toBeNull();
  });

  it('stays below half of the size that CloudFormation takes', () => {
    expect(Buffer.byteLength(JSON.stringify(template))).toBeLessThan(500_000);
    expect(Object.keys(template.Resources).length).toBeLessThan(250);
  });

  it.runIf(existsSync(CFN_LINT))(
    'passes cfn-lint (make synth installs it)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'carillon-lint-'));
      try {
        const files = Object.entries({ template, ...further }).map(([name, one]) => {
          const file = join(folder, `${name}.json`);
          writeFileSync(file, JSON.stringify(one));
          return file;
        });
        // W3005: CDK writes dependencies that references imply already.
        expect(execFileSync(CFN_LINT, ['--ignore-checks', 'W3005', '--', ...files], { encoding: 'utf8' })).toBe('');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});

describe('rights', () => {
  it('are never for every action of a service, nor for actions by pattern', () => {
    for (const one of [template, ...Object.values(further)])
      expect(
        statements(one)
          .flatMap(({ Action }) => listOf(Action))
          .filter((action) => action.includes('*')),
      ).toEqual([]);
  });

  it('are by managed policies in one place, where EMR wants the newer one of two', () => {
    const managed = all('AWS::IAM::Role').flatMap(({ Properties }) => Properties.ManagedPolicyArns ?? []);
    expect(managed).toEqual([{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AmazonEMRServicePolicy_v2']] }]);
  });

  it('to hand over roles are for exactly the two roles of a cluster, each to its service', () => {
    const passing = statements(template).filter(({ Action }) => listOf(Action).includes('iam:PassRole'));
    expect(passing.map(({ Resource }) => JSON.stringify(Resource))).toSatisfy((resources: string[]) => resources.every((resource) => !resource.includes('*')));
    expect(passing).toHaveLength(3);
  });

  it('of the data role are had by nodes and the functions that ask buckets, and by nobody else', () => {
    const [role] = all('AWS::IAM::Role').filter(({ Properties }) => JSON.stringify(Properties.RoleName ?? '').includes('carillon-data'));
    const trusted = JSON.stringify(role?.Properties.AssumeRolePolicyDocument);
    const names = Object.keys(template.Resources).filter((id) => trusted.includes(`"${id}"`));
    expect(names.map((id) => id.replace(/^Carillon|Role?[0-9A-F]{8}$/g, ''))).toEqual(['Instance', 'preparerun', 'splitpartitions', 'stopcluster']);
  });
});

describe('the network', () => {
  it('lets nobody in', () => {
    for (const one of [template, ...Object.values(further)]) {
      const groups = all('AWS::EC2::SecurityGroup', one);
      const open = [...groups.flatMap(({ Properties }) => Properties.SecurityGroupIngress ?? []), ...all('AWS::EC2::SecurityGroupIngress', one)];
      expect(JSON.stringify(open)).not.toContain('0.0.0.0/0');
      expect(
        groups
          .filter(({ Properties }) => /nodes/i.test(String(Properties.GroupDescription)))
          .every(({ Properties }) => Properties.SecurityGroupIngress === undefined),
      ).toBe(true);
      expect(groups.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('of clusters is private and carries the tag of EMR', () => {
    const subnets = all('AWS::EC2::Subnet').filter(({ Properties }) => JSON.stringify(Properties.Tags).includes('clusters'));
    expect(subnets).toHaveLength(2);
    for (const { Properties } of [...subnets, ...all('AWS::EC2::SecurityGroup', further.given)])
      expect(Properties.Tags).toContainEqual({ Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' });
    expect(all('AWS::EC2::Subnet').every(({ Properties }) => Properties.MapPublicIpOnLaunch === false)).toBe(true);
  });

  it('reaches S3 for nothing, and without NAT sessions, keys and EC2 by endpoints', () => {
    const services = all('AWS::EC2::VPCEndpoint', further.endpoints).map(({ Properties }) => JSON.stringify(Properties.ServiceName));
    for (const service of ['s3', 'sts', 'kms', 'ec2']) expect(services.some((name) => name.includes(`.${service}`))).toBe(true);
    expect(all('AWS::EC2::NatGateway', further.endpoints)).toHaveLength(0);
    expect(all('AWS::EC2::NatGateway')).toHaveLength(1);
  });

  it('that is given is left as it is', () => {
    expect(all('AWS::EC2::VPC', further.given)).toHaveLength(0);
    expect(JSON.stringify(further.given)).toContain('subnet-0123456789abcdef0');
  });
});

describe('what is kept', () => {
  it('is encrypted, reached by TLS alone, and public nowhere', () => {
    for (const { Properties } of all('AWS::S3::Bucket')) {
      expect(Properties.BucketEncryption).toBeDefined();
      expect(Object.values(Properties.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
    }
    const policies = all('AWS::S3::BucketPolicy').map(({ Properties }) => JSON.stringify(Properties.PolicyDocument));
    expect(policies.every((policy) => policy.includes('"aws:SecureTransport":"false"') && policy.includes('s3:TlsVersion'))).toBe(true);
    expect(all('AWS::Logs::LogGroup').every(({ Properties }) => Properties.KmsKeyId !== undefined && Properties.RetentionInDays === 90)).toBe(true);
  });

  it('is encrypted on the disks of clusters always, between nodes where there are certificates', () => {
    const encryption = (from: StackTemplate) => all('AWS::EMR::SecurityConfiguration', from)[0]?.Properties.SecurityConfiguration;
    expect(memberAt(encryption(template), 'EncryptionConfiguration')).toMatchObject({ EnableAtRestEncryption: true, EnableInTransitEncryption: false });
    expect(memberAt(encryption(template), 'InstanceMetadataServiceConfiguration', 'MinimumInstanceMetadataServiceVersion')).toBe(2);
    expect(memberAt(encryption(further.given), 'EncryptionConfiguration')).toMatchObject({
      EnableInTransitEncryption: true,
      InTransitEncryptionConfiguration: { TLSCertificateConfiguration: { S3Object: 's3://certificates/emr.zip' } },
    });
  });

  it('has no open upload and no results of queries for more than a week', () => {
    const [work] = all('AWS::S3::Bucket').filter(({ Properties }) => Properties.VersioningConfiguration !== undefined);
    const rules = memberAt(work, 'Properties', 'LifecycleConfiguration', 'Rules') as readonly Record<string, unknown>[];
    expect(rules).toContainEqual(expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }));
    expect(rules).toContainEqual(expect.objectContaining({ Prefix: 'athena/', ExpirationInDays: 7 }));
    expect(rules.some(({ Prefix }) => Prefix === 'runs/')).toBe(false);
  });
});

describe('functions', () => {
  it('run on Node 24 and arm64, are traced, and fit their environment', () => {
    const functions = all('AWS::Lambda::Function');
    expect(functions).toHaveLength(13);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' }, Handler: 'index.handler' });
      // References grow when they are resolved, a bucket's name by 50 letters at most.
      expect(Buffer.byteLength(JSON.stringify(Properties.Environment))).toBeLessThan(ENVIRONMENT_LIMIT - 500);
    }
  });

  it('that events call leave what they give up in the queue', () => {
    const withQueue = all('AWS::Lambda::Function').filter(({ Properties }) => Properties.DeadLetterConfig !== undefined);
    expect(withQueue.map(({ Properties }) => Properties.FunctionName).toSorted()).toEqual([
      'carillon-conclude-run',
      'carillon-follow-run',
      'carillon-start-run',
      'carillon-stop-cluster',
    ]);
  });
});

describe('machines', () => {
  it('are bound to what they call, logged and traced', () => {
    for (const { Properties } of all('AWS::StepFunctions::StateMachine')) {
      const text = JSON.stringify(Properties.DefinitionString);
      const open = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
      expect(new Set(Object.keys(Properties.DefinitionSubstitutions ?? {}))).toEqual(open);
      expect(Properties.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
      expect(Properties.TracingConfiguration).toEqual({ Enabled: true });
    }
  });
});

describe('ended executions', () => {
  it('that did not succeed are stopped, and whatever their end is they are followed', () => {
    const rules = Object.fromEntries(all('AWS::Events::Rule').map(({ Properties }) => [Properties.Name, memberAt(Properties, 'EventPattern', 'detail')]));
    expect(memberAt(rules, 'carillon-stop', 'status')).toEqual(['FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(memberAt(rules, 'carillon-stop', 'stateMachineArn')).toHaveLength(2);
    expect(memberAt(rules, 'carillon-follow', 'status')).toEqual(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);
    expect(memberAt(rules, 'carillon-follow', 'stateMachineArn')).toHaveLength(1);
  });
});

describe('schedules', () => {
  it('call start-run with a name that is the same for every delivery', () => {
    const [hourly, nightly] = all('AWS::Scheduler::Schedule')
      .map(({ Properties }) => Properties)
      .toSorted((a, b) => (String(a.Name) < String(b.Name) ? -1 : 1));
    expect(nightly).toMatchObject({
      Name: 'nightly',
      ScheduleExpression: 'cron(0 3 * * ? *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 30 },
      State: 'ENABLED',
    });
    expect(JSON.parse(String(memberAt(nightly, 'Target', 'Input')))).toEqual({ name: 'nightly-<aws.scheduler.scheduled-time>', pair: 'logs' });
    expect(hourly).toMatchObject({ Name: 'hourly', State: 'DISABLED', FlexibleTimeWindow: { Mode: 'OFF' } });
    expect(memberAt(JSON.parse(String(memberAt(hourly, 'Target', 'Input'))), 'request', 'source')).toEqual({ bucket: 'source-a' });
    expect(memberAt(hourly, 'Target', 'DeadLetterConfig')).toBeDefined();
  });

  it('name pairs, which are parameters', () => {
    const [pair] = all('AWS::SSM::Parameter');
    expect(pair?.Properties.Name).toBe('/carillon/carillon/pairs/logs');
    expect(JSON.parse(String(pair?.Properties.Value))).toMatchObject({ incremental: true, overlapMinutes: 1440, request: { verify: true } });
  });
});
