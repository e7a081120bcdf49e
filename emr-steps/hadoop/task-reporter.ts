/** Counters and status on standard error, in the form that Hadoop Streaming reads (`reporter:…`). */
import type { TaskReporter } from './step-context.ts';

/** Where lines go: standard error, or a test's list. */
export interface LineSink {
  write(text: string): unknown;
}

/** A job fails above 120 counters in all (mapreduce.job.counters.max), Hadoop's own among them: further names are added up under one. */
const MOST_COUNTERS = 60;
/** Hadoop cuts the name of a group at 128, of a counter at 64, and a status at 512 characters. */
const LONGEST_GROUP = 128;
const LONGEST_NAME = 64;
const LONGEST_STATUS = 512;
const OTHER = 'other';

// biome-ignore lint/suspicious/noControlCharactersInRegex: line ends and other control characters are what must go
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g;

function oneLine(text: string, longest: number): string {
  return text.replace(CONTROL, ' ').trim().slice(0, longest);
}

/** The form of a name in a counter line: one line, its commas semicolons, because Hadoop has no escape for them. */
function counterWord(text: string, longest: number): string {
  return oneLine(text.replaceAll(',', ';'), longest);
}

/**
 * A reporter that writes to `stderr`. A counter's amount is cut to a whole number; an amount of zero writes nothing.
 * A name that is new after 60 others counts as `other` of its group.
 */
export function taskReporter(stderr: LineSink): TaskReporter {
  const known = new Set<string>();
  return {
    counter(group, name, amount) {
      const whole = Math.trunc(amount);
      if (whole === 0 || !Number.isFinite(whole)) return;
      let words = `${counterWord(group, LONGEST_GROUP)},${counterWord(name, LONGEST_NAME)}`;
      if (known.size < MOST_COUNTERS) known.add(words);
      else if (!known.has(words)) words = `${counterWord(group, LONGEST_GROUP)},${OTHER}`;
      stderr.write(`reporter:counter:${words},${whole}\n`);
    },
    status(text) {
      stderr.write(`reporter:status:${oneLine(text, LONGEST_STATUS)}\n`);
    },
  };
}
