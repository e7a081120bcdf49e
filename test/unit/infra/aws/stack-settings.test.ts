import { beforeAll, describe, expect, it } from 'vitest';
import { ENVIRONMENT_LIMIT } from '../../../../infra/aws/cluster/cluster-settings.ts';
import { ownCluster } from '../../../../lambdas/aws/own-cluster.ts';
import { baseUrl, type ClusterSettings, channels, clusterSettings, stateMachineArn } from '../../../../lambdas/aws/settings.ts';
import { planRun } from '../../../../workflows/plan/run-plan.ts';
import { firstProgress } from '../../../../workflows/plan/run-progress.ts';
import type { OwnCluster } from '../../../../workflows/request/cluster.ts';
import { parseRequest } from '../../../../workflows/request/parse-request.ts';
import { type StackRoles, stackRoles } from '../../../helpers/role-policies.ts';
import { memberAt, type StackTemplate, synthesised } from '../../../helpers/workflow-stack.ts';

let template: StackTemplate;
let roles: StackRoles;
let settings: ClusterSettings;

beforeAll(() => {
  ({ template } = synthesised());
  roles = stackRoles(template);
  settings = clusterSettings(environment('prepare-run'));
}, 180_000);

/** The environment of a function, references resolved. */
function environment(name: string): Readonly<Record<string, string>> {
  const [found] = Object.values(template.Resources).filter(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.FunctionName === `carillon-${name}`,
  );
  return roles.resolve(memberAt(found, 'Properties', 'Environment', 'Variables')) as Readonly<Record<string, string>>;
}

describe('what the stack tells its functions', () => {
  it('is what they read', () => {
    expect(baseUrl(environment('assess-diff'))).toMatch(/^s3:\/\/carillonworkbucket/);
    expect(channels(environment('notify'))).toEqual({ topicArn: 'arn:aws:sns:eu-central-1:111122223333:carillon', eventBus: 'default' });
    expect(stateMachineArn(environment('start-run'))).toBe('arn:aws:states:eu-central-1:111122223333:stateMachine:carillon-copy-run');
    for (const name of ['prepare-run', 'split-partitions', 'stop-cluster'])
      expect(environment(name)).toMatchObject({ CARILLON_DATA_ROLE_ARN: settings.dataRole.arn, CARILLON_STS_REGION: 'eu-central-1' });
  });

  it('fits the environment of a function once it is resolved, with the longest names', () => {
    const bytes = Object.entries(environment('prepare-run')).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
    expect(bytes).toBeLessThan(ENVIRONMENT_LIMIT - 300);
  });

  it('names roles, groups and the encryption that the template makes', () => {
    expect(settings).toMatchObject({
      dataRole: { arn: 'arn:aws:iam::111122223333:role/carillon-data-eu-central-1', stsRegion: 'eu-central-1' },
      serviceRole: 'arn:aws:iam::111122223333:role/carillon-service-eu-central-1',
      instanceProfile: 'carillon-node-eu-central-1',
      athena: { workGroup: 'carillon', database: 'carillon' },
    });
    const [profile] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::InstanceProfile');
    expect(roles.resolve(profile?.Properties.InstanceProfileName)).toBe(settings.instanceProfile);
    expect(roles.resolve(profile?.Properties.Roles)).toEqual([settings.instanceProfile]);
    expect(settings.subnetIds).toHaveLength(2);
  });
});

describe('a cluster of a run on this stack', () => {
  const asked = () => parseRequest({ source: { bucket: 'source-a' }, destination: { bucket: 'destination-a' }, diff: { engine: 'hive' } });

  it('is private, encrypted, tagged for its service role and its workflow, grows its volumes, ends when it idles', () => {
    const request = asked();
    const { parameters } = ownCluster(request, request.cluster as OwnCluster, settings, 'run-1').cluster;
    expect(parameters.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'for-use-with-amazon-emr-managed-policies', Value: 'true' },
        { Key: 'carillon:workflow', Value: 'carillon' },
        { Key: 'carillon:run', Value: 'run-1' },
      ]),
    );
    expect(JSON.stringify(parameters.Instances)).toContain(settings.securityGroups.serviceAccess);
    expect(parameters).toMatchObject({ Name: 'run-1', SecurityConfiguration: settings.securityConfiguration, AutoTerminationPolicy: { IdleTimeout: 7200 } });
    const [first] = parameters.BootstrapActions;
    expect(first).toMatchObject({ Name: 'grow-volumes', ScriptBootstrapAction: { Args: [expect.stringMatching(/^s3:\/\/.*\.sh$/), '80', '50', '1000'] } });
    const conditions = { 'aws:ResourceTag/carillon:workflow': 'carillon' };
    const volume = 'arn:aws:ec2:eu-central-1:111122223333:volume/vol-1';
    expect(roles.may('CarillonInstanceRole', { action: 'ec2:ModifyVolume', resource: volume, context: conditions })).toBe(true);
  });

  it('finds each program and script of every step where the stack put it, and may read it', () => {
    const request = asked();
    const { facts } = ownCluster(request, request.cluster as OwnCluster, settings, 'run-1');
    const plan = planRun(
      { request, runId: 'run-1', runDirectory: `${settings.logs.replace(/\/logs$/, '')}/runs/run-1`, partitions: 1, cluster: facts },
      firstProgress(),
    );
    const urls = [...JSON.stringify(plan.steps).matchAll(/s3:\/\/(cdk-[^"#,]+)/g)].map(([, url]) => String(url));
    expect(urls.length).toBeGreaterThan(10);
    // YARN unpacks an archive by its ending: .jar, .zip, .tar, .tgz, .tar.gz (FSDownload.unpack of Hadoop 3.4).
    expect(facts.nodeArchive).toMatch(/\.tgz$/);
    for (const url of urls) {
      expect(url).toMatch(/\/carillon\/[0-9a-f]{64}\.(js|hql|tgz)$/);
      expect(roles.may('CarillonInstanceRole', { action: 's3:GetObject', resource: `arn:aws:s3:::${url}` })).toBe(true);
    }
  });
});
