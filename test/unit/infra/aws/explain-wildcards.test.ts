import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { afterAll, describe, expect, it } from 'vitest';
import { explainWildcards } from '../../../../infra/aws/rights/explain-wildcards.ts';

const outdir = mkdtempSync(join(tmpdir(), 'carillon-wildcards-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** The errors of a stack whose role has one statement. */
function errorsOf(action: string, resource: string): readonly string[] {
  const stack = new Stack(new App({ outdir }), 'Stack');
  const statements = [new PolicyStatement({ actions: [action], resources: [resource] })];
  new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com'), inlinePolicies: { own: new PolicyDocument({ statements }) } });
  explainWildcards(stack);
  return Annotations.fromStack(stack)
    .findError('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
}

describe('a resource with a wildcard', () => {
  it('ends the synthesis where nobody wrote down its reason, by action or for what is named in part by service', () => {
    expect(errorsOf('dynamodb:GetItem', 'arn:aws:dynamodb:*:*:table/x')).toEqual([expect.stringContaining('why dynamodb:GetItem may be done to')]);
    expect(errorsOf('s3:GetObject', '*')).toHaveLength(1);
    expect([
      errorsOf('s3:GetObject', 'arn:aws:s3:::bucket/*'),
      errorsOf('elasticmapreduce:ListClusters', '*'),
      errorsOf('dynamodb:GetItem', 'arn:aws:dynamodb:eu-central-1:111122223333:table/x'),
    ]).toEqual([[], [], []]);
  }, 180_000);
});
