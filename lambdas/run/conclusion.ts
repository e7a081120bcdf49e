/**
 * `conclusion.json`: that an execution has drawn up the books of a run, and that people were told. Where an execution ends outside its machine
 * (it was stopped, or an error struck that nothing catches), whoever sees that knows by it what is still to be done.
 */
import type { RunDirectory } from '../../emr-steps/run-directory/run-directory.ts';
import type { SummarizeRunOutput } from '../../workflows/plan/run-state.ts';

/** The conclusion of one execution; a run that is resumed has another one later. */
export interface Conclusion {
  readonly executionArn: string;
  /** What the books came to; null: nobody has drawn them up. */
  readonly summary: SummarizeRunOutput | null;
  /** Somebody was told. */
  readonly told: boolean;
}

const CONCLUSION_FILE = 'conclusion.json';

/** How far an execution has come. */
export async function readConclusion(directory: RunDirectory, executionArn: string): Promise<Conclusion> {
  const bytes = await directory.read(CONCLUSION_FILE);
  const found = bytes === null ? null : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Conclusion);
  return found?.executionArn === executionArn ? found : { executionArn, summary: null, told: false };
}

/** Writes down what was done. */
export async function conclude(directory: RunDirectory, executionArn: string, done: Partial<Pick<Conclusion, 'summary' | 'told'>>): Promise<void> {
  const conclusion = { ...(await readConclusion(directory, executionArn)), ...done };
  await directory.write(CONCLUSION_FILE, `${JSON.stringify(conclusion, null, 2)}\n`);
}
