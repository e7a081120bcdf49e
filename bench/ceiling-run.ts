/** What the store gives at most: `node bench/ceiling-run.ts [processes]`. */
import { ceilingLines, measureCeiling } from './ceiling.ts';

console.log(ceilingLines(await measureCeiling(Number(process.argv[2] ?? 1))).join('\n'));
