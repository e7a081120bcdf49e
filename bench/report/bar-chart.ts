/** Bars with their names and figures, as an SVG that needs nothing else and reads on light and dark grounds. */

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Stands behind the bar, such as `1.5 s`. */
  readonly text: string;
  /** Ours; the others are peers. */
  readonly isOurs: boolean;
  /** Not all is right with it: hatched. */
  readonly isWrong: boolean;
}

/** Bars with a heading of their own. */
export interface BarGroup {
  readonly heading: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const NAME_WIDTH = 150;
const TEXT_WIDTH = 190;
const ROW = 22;
const HEADING = 30;
const COLOURS = { ours: '#2f7d5b', peer: '#8a94a6', ground: '#7f7f7f' } as const;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function barMarks({ name, value, text, isOurs, isWrong }: Bar, most: number, top: number): string {
  const length = most === 0 ? 0 : Math.max(1, (value / most) * (WIDTH - NAME_WIDTH - TEXT_WIDTH));
  const colour = isOurs ? COLOURS.ours : COLOURS.peer;
  const middle = top + ROW / 2 + 4;
  return [
    `<text x="${NAME_WIDTH - 8}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${NAME_WIDTH}" y="${top + 3}" width="${length.toFixed(1)}" height="${ROW - 6}" fill="${isWrong ? 'url(#wrong)' : colour}" stroke="${colour}"/>`,
    `<text x="${NAME_WIDTH + length + 6}" y="${middle}">${escaped(text)}</text>`,
  ].join('\n');
}

/** The chart. Bars of all groups have one scale. */
export function barChart(title: string, groups: readonly BarGroup[]): string {
  const most = Math.max(0, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const marks: string[] = [];
  let top = 34;
  for (const { heading, bars } of groups) {
    if (heading !== '') {
      marks.push(`<text x="8" y="${top + 20}" font-weight="bold">${escaped(heading)}</text>`);
      top += HEADING;
    }
    for (const bar of bars) {
      marks.push(barMarks(bar, most, top));
      top += ROW;
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + 12}" width="${WIDTH}" height="${top + 12}" font-family="sans-serif" font-size="12" fill="${COLOURS.ground}">`,
    `<title>${escaped(title)}</title>`,
    `<defs><pattern id="wrong" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2" height="6" fill="${COLOURS.peer}"/></pattern></defs>`,
    `<text x="8" y="20" font-size="14" font-weight="bold">${escaped(title)}</text>`,
    ...marks,
    '</svg>',
    '',
  ].join('\n');
}
