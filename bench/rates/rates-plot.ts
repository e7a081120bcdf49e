/** What was taken and refused in each second, below the limit of the time, as an SVG. */
import type { RatesReport } from './rates-section.ts';

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [760, 280, 60, 34, 36] as const;
const COLOURS = { taken: '#2f7d5b', refused: '#c0392b', limit: '#8a94a6', text: '#7f7f7f' } as const;
const [TICKS, SECONDS_OF_A_TICK] = [4, 15] as const;

/** The plot. */
export function ratesPlot({ seconds }: Pick<RatesReport, 'seconds'>): string {
  const most = Math.max(1, ...seconds.flatMap(({ taken, refused, limit }) => [taken, refused, limit])) * 1.05;
  const x = (second: number): number => LEFT + (second / Math.max(1, seconds.length)) * (WIDTH - LEFT - 16);
  const y = (rate: number): number => HEIGHT - BOTTOM - (rate / most) * (HEIGHT - TOP - BOTTOM);
  const line = (of: (second: RatesReport['seconds'][number]) => number, colour: string, more = '') =>
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" ${more} points="${seconds.map((each, at) => `${x(at + 0.5).toFixed(1)},${y(of(each)).toFixed(1)}`).join(' ')}"/>`;
  const ticks = Array.from({ length: TICKS + 1 }, (_, at) => {
    const rate = Math.round(((most / 1.05) * at) / TICKS);
    return `<text x="${LEFT - 8}" y="${y(rate) + 4}" text-anchor="end">${rate.toLocaleString('en')}</text><line x1="${LEFT}" x2="${WIDTH - 16}" y1="${y(rate)}" y2="${y(rate)}" stroke="${COLOURS.limit}" stroke-opacity="0.25"/>`;
  });
  const times = Array.from({ length: Math.floor(seconds.length / SECONDS_OF_A_TICK) + 1 }, (_, at) => {
    const second = at * SECONDS_OF_A_TICK;
    return `<text x="${x(second)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${second} s</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12" fill="${COLOURS.text}">`,
    '<title>writes a second that a throttled prefix took and refused</title>',
    `<text x="${LEFT}" y="18" font-weight="bold">writes a second: <tspan fill="${COLOURS.taken}">taken</tspan>, <tspan fill="${COLOURS.refused}">refused</tspan>, <tspan fill="${COLOURS.limit}">limit</tspan></text>`,
    ...ticks,
    ...times,
    line(({ limit }) => limit, COLOURS.limit, 'stroke-dasharray="5 4"'),
    line(({ taken }) => taken, COLOURS.taken),
    line(({ refused }) => refused, COLOURS.refused),
    '</svg>',
    '',
  ].join('\n');
}
