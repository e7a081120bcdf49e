/** Names of what a stack makes, so that policies can name it before it is there and people find it. */

/** Thrown where a name cannot begin the names of a stack. Final. */
export class NameError extends Error {
  override readonly name = 'NameError';
  readonly code = 'NAME_INVALID';
  readonly retryable = false;

  constructor(given: string) {
    super(
      `${JSON.stringify(given)} cannot be the name of a workflow: it begins with carillon and goes on with at most 12 of a-z, 0-9 and hyphens, such as carillon-test`,
    );
  }
}

/** The name, where it can be one: the rights of the machines end at workgroups and databases that begin with `carillon`. @throws NameError */
export function checkedName(given: string): string {
  if (!/^carillon(-[a-z0-9]([a-z0-9-]{0,9}[a-z0-9])?)?$/.test(given)) throw new NameError(given);
  return given;
}

/** Name of a database of Glue, which knows no hyphens. */
export function databaseName(name: string): string {
  return name.replaceAll('-', '_');
}

/** The tag without which the service role of EMR may touch nothing. */
export const EMR_TAG = { key: 'for-use-with-amazon-emr-managed-policies', value: 'true' } as const;

/** The tag by which clusters, volumes and their costs are told apart by workflow. */
export const WORKFLOW_TAG = 'carillon:workflow';
