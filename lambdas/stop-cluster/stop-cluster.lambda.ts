/** The function `stop-cluster` on AWS. */
import { AthenaClient } from '@aws-sdk/client-athena';
import { EMRClient } from '@aws-sdk/client-emr';
import { queryStopper } from '../aws/athena.ts';
import { baseBucket } from '../aws/base-bucket.ts';
import { emrClusters } from '../aws/clusters.ts';
import { telling } from '../aws/telling.ts';
import { stopClusterHandler } from './handler.ts';
import { sessionSweep } from './session-sweep.ts';

const { env } = process;
const { home, locks, transport } = baseBucket(env);
const { instruments, now } = telling('stop-cluster');

/** The handler. */
export const handler = stopClusterHandler(
  {
    ...{ home, locks },
    clusters: emrClusters(new EMRClient({})),
    stopQueries: queryStopper(new AthenaClient({})),
    sweep: sessionSweep({ env, transport }, home, now),
  },
  instruments,
);
