/** What every part of a workflow is made with. */
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** It. */
export interface WorkflowBase {
  readonly scope: Construct;
  /** Begins the name of everything that policies name. */
  readonly name: string;
  readonly key: IKey;
  readonly bucket: Bucket;
  /** Days of logs; one of those that CloudWatch knows. */
  readonly logDays: number;
}
