/** Standard input ended before its time. */

/** The attempt must fail, and another will get all rows: what ends here is not the end of the rows. */
export class InputCutOffError extends Error {
  override readonly name = 'InputCutOffError';
  readonly code = 'INPUT_CUT_OFF';
  readonly retryable = true;

  constructor(why: string) {
    super(`standard input was cut off: ${why}; run this again`);
  }
}
