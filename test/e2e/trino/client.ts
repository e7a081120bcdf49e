/** Statements over Trino's REST protocol. */

/** Rows of a result, cells as JSON has them. */
export type Rows = readonly (readonly unknown[])[];

/** A statement that Trino refused or could not run. */
export class TrinoError extends Error {
  override readonly name = 'TrinoError';
}

interface Page {
  readonly data?: Rows;
  readonly nextUri?: string;
  readonly error?: { readonly errorName: string; readonly message: string; readonly failureInfo?: Failure };
}

interface Failure {
  readonly message?: string;
  readonly cause?: Failure;
}

const HEADERS = { 'X-Trino-User': 'root', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'default', 'X-Trino-Source': 'carillon' };

/** Runs one statement to its end. @throws TrinoError */
export async function query(url: string, statement: string): Promise<Rows> {
  const rows: (readonly unknown[])[] = [];
  let answer = await fetch(`${url}/v1/statement`, { method: 'POST', body: statement, headers: HEADERS });
  for (;;) {
    if (!answer.ok) throw new TrinoError(`Trino answers ${answer.status}`);
    const { data = [], nextUri, error } = (await answer.json()) as Page;
    if (error !== undefined) throw new TrinoError(`${error.errorName}: ${causes(error.failureInfo).join(': ') || error.message}`);
    rows.push(...data);
    if (nextUri === undefined) return rows;
    answer = await fetch(nextUri);
  }
}

/** Its own words, and those of what it came from. */
function causes(failure: Failure | undefined): readonly string[] {
  return failure === undefined ? [] : [...(failure.message === undefined ? [] : [failure.message]), ...causes(failure.cause)];
}
