const width = 720;
const height = 300;
const margin = { left: 60, right: 20, top: 44, bottom: 32 };
const plot = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
const colours = ['#0f766e', '#b45309', '#1d4ed8'];

export interface LineChart {
  title: string;
  unit: string;
  /** One value a second. */
  series: { label: string; values: number[] }[];
}

export function lineChart({ title, unit, series }: LineChart): string {
  const top = roundUp(Math.max(...series.flatMap(({ values }) => values), 1));
  const last = Math.max(...series.map(({ values }) => values.length), 2) - 1;
  const lines = series.map(({ values }, i) => {
    const points = values.map((value, x) => `${at((x / last) * plot.width)},${down(value, top)}`).join(' ');
    return `<polyline points="${points}" fill="none" stroke="${colours[i]}" stroke-width="2"/>`;
  });
  const legend = series.map(
    ({ label }, i) =>
      `<text x="${width - margin.right - 90 * (series.length - i - 1)}" y="22" text-anchor="end" fill="${colours[i]}">${label}</text>`,
  );
  const seconds = [0, last].map(
    x => `<text x="${at((x / last) * plot.width)}" y="${height - 10}" text-anchor="middle">${x} s</text>`,
  );
  return frame(title, [...grid(top, unit), ...lines, ...legend, ...seconds]);
}

export interface BarChart {
  title: string;
  unit: string;
  bars: { label: string; value: number }[];
}

export function barChart({ title, unit, bars }: BarChart): string {
  const top = roundUp(Math.max(...bars.map(({ value }) => value), 1));
  const step = plot.width / bars.length;
  const drawn = bars.flatMap(({ label, value }, i) => {
    const x = at(i * step + step * 0.2);
    const middle = at(i * step + step / 2);
    const y = down(value, top);
    return [
      `<rect x="${x}" y="${y}" width="${(step * 0.6).toFixed(1)}" height="${(height - margin.bottom - Number(y)).toFixed(1)}" fill="${colours[0]}"/>`,
      `<text x="${middle}" y="${Number(y) - 5}" text-anchor="middle">${value.toFixed(1)}</text>`,
      `<text x="${middle}" y="${height - 10}" text-anchor="middle">${label}</text>`,
    ];
  });
  return frame(title, [...grid(top, unit), ...drawn]);
}

function frame(title: string, inside: string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#374151">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin.left}" y="22" font-size="14" font-weight="600">${title}</text>`,
    ...inside,
    '</svg>',
    '',
  ].join('\n');
}

function grid(top: number, unit: string): string[] {
  return [0, 0.5, 1].flatMap(share => {
    const y = down(top * share, top);
    return [
      `<line x1="${margin.left}" y1="${y}" x2="${width - margin.right}" y2="${y}" stroke="#e5e7eb"/>`,
      `<text x="${margin.left - 6}" y="${Number(y) + 4}" text-anchor="end">${top * share}${unit}</text>`,
    ];
  });
}

function at(x: number): string {
  return (margin.left + x).toFixed(1);
}

function down(value: number, top: number): string {
  return (margin.top + plot.height * (1 - value / top)).toFixed(1);
}

/** The next of 1, 2, 5, 10, 20, 50, … */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find(step => step * power >= value) ?? 10) * power;
}
