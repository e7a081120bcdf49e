/** How tasks are told of the data role: by variables, which `emr-steps/credentials` reads on nodes and in functions. */
import type { DataRole } from './run-facts.ts';

/** The variables; none where nodes are themselves. */
export function dataRoleEnvironment(role: DataRole | undefined): Readonly<Record<string, string>> {
  return role === undefined ? {} : { CARILLON_DATA_ROLE_ARN: role.arn, CARILLON_STS_REGION: role.stsRegion };
}
