export interface Series {
  readonly name: string;
  /** x and y above 0. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 720;
const HEIGHT = 440;
const MARGIN = { left: 70, right: 20, top: 40, bottom: 50 };
const COLOURS = ['#0b6e99', '#c2410c', '#4d7c0f', '#6d28d9', '#b91c1c'];

/** Series over logarithmic axes as an SVG file, with a line of slope 1 through the first point of the first. */
export function logLogPlot(title: string, xName: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [decades(all.map(({ x }) => x)), decades(all.map(({ y }) => y))];
  const place = { x: scale(xs, MARGIN.left, WIDTH - MARGIN.right), y: scale(ys, HEIGHT - MARGIN.bottom, MARGIN.top) };
  const first = series[0]?.points[0];
  const right = Math.max(...all.map(({ x }) => x));
  const parts = [
    `<text x="${WIDTH / 2}" y="20" text-anchor="middle" font-weight="bold">${escapeXml(title)}</text>`,
    `<text x="${WIDTH / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escapeXml(xName)}</text>`,
    ...xs.map((power) => `<path d="M${place.x(10 ** power)} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}" stroke="#ddd"/><text x="${place.x(10 ** power)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${label(power)}</text>`),
    ...ys.map((power) => `<path d="M${MARGIN.left} ${place.y(10 ** power)}H${WIDTH - MARGIN.right}" stroke="#ddd"/><text x="${MARGIN.left - 8}" y="${place.y(10 ** power) + 4}" text-anchor="end">${label(power)}</text>`),
    ...(first === undefined ? [] : [`<path d="M${place.x(first.x)} ${place.y(first.y)}L${place.x(right)} ${place.y((first.y * right) / first.x)}" stroke="#888" stroke-dasharray="4 4"/>`]),
    ...series.map(({ name, points }, i) => line(name, points.map(({ x, y }) => [place.x(x), place.y(y)] as const), i)),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}

function line(name: string, points: readonly (readonly [number, number])[], at: number): string {
  const colour = COLOURS[at % COLOURS.length] ?? '#000';
  const dots = points.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`).join('');
  const path = points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L');
  const row = MARGIN.top + 16 * (at + 1);
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<rect x="${MARGIN.left + 10}" y="${row - 8}" width="12" height="4" fill="${colour}"/><text x="${MARGIN.left + 28}" y="${row - 2}">${escapeXml(name)}</text>`;
}

/** Powers of ten around some values. */
function decades(values: readonly number[]): readonly number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function scale(powers: readonly number[], start: number, end: number): (value: number) => number {
  const [least, most] = [powers[0] ?? 0, powers.at(-1) ?? 1];
  return (value) => Math.round(10 * (start + ((Math.log10(value) - least) / (most - least)) * (end - start))) / 10;
}

function label(power: number): string {
  return power < 0 ? (10 ** power).toFixed(-power) : (10 ** power).toLocaleString('en');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
