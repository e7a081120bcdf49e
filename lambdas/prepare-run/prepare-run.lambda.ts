/** The function `prepare-run` on AWS. */
import { EMRClient } from '@aws-sdk/client-emr';
import { SFNClient } from '@aws-sdk/client-sfn';
import { baseBucket } from '../aws/base-bucket.ts';
import { chosenCluster } from '../aws/chosen-cluster.ts';
import { executionRuns } from '../aws/executions.ts';
import { clusterSettings } from '../aws/settings.ts';
import { telling } from '../aws/telling.ts';
import { bucketReach } from './bucket-reach.ts';
import { prepareRunHandler } from './handler.ts';

const { env } = process;
const { home, locks, transport } = baseBucket(env);
const { instruments, emit, now } = telling('prepare-run');
const settings = clusterSettings(env);
const emr = new EMRClient({});

/** The handler. */
export const handler = prepareRunHandler(
  {
    ...{ home, locks, emit, now },
    isRunning: executionRuns(new SFNClient({})),
    buckets: bucketReach({ env, transport }),
    asker: { env, transport },
    clusterOf: (request, runId) => chosenCluster(settings, emr, request, runId),
    athena: settings.athena,
  },
  instruments,
);
