/** Where Athena compares listings: a workgroup and a database of the workflow's own. */

import { Aws } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { databaseName } from '../names.ts';
import type { WorkflowBase } from '../workflow-base.ts';

/** As the settings of `prepare-run` have it. */
export interface AthenaSettings {
  readonly workGroup: string;
  readonly database: string;
  readonly resultLocation: string;
}

/** Workgroup and database. Results lie outside of the directories of runs, and end after a week. */
export function athena({ scope, name, bucket, key }: WorkflowBase): AthenaSettings {
  const resultLocation = `s3://${bucket.bucketName}/athena`;
  new CfnWorkGroup(scope, 'WorkGroup', {
    name,
    description: 'Compares the listings of Carillon',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      publishCloudWatchMetricsEnabled: true,
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `${resultLocation}/`,
        expectedBucketOwner: Aws.ACCOUNT_ID,
        encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: key.keyArn },
      },
    },
  });
  new CfnDatabase(scope, 'Database', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: databaseName(name), description: 'Tables over the listings of Carillon, each for the time of one diff' },
  });
  return { workGroup: name, database: databaseName(name), resultLocation };
}
