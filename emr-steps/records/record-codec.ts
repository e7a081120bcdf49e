/** What each record file of this room exports beside its type. */

/** A record kind's line, without its newline, and back. Both throw RecordError. */
export interface RecordCodec<T> {
  /** Name of the record kind, as messages show it. */
  readonly record: string;
  readonly encode: (record: T) => string;
  readonly decode: (line: string) => T;
}
