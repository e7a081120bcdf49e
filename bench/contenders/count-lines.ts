/** Lines of a file that a program wrote. */
import { createReadStream, existsSync } from 'node:fs';

/** Lines that end in a line feed, and hold `part` where one is given; 0 where there is no file. */
export async function linesIn(path: string, part = ''): Promise<number> {
  if (!existsSync(path)) return 0;
  let [count, rest] = [0, ''];
  for await (const chunk of createReadStream(path, 'latin1')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    count += lines.filter((line) => line.includes(part)).length;
  }
  return count;
}
