import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STATUS_LOOK } from '#jobs/run-state.ts';

// The contrast of two colours as WCAG counts it, 1 to 21.
const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

const luminance = (color: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => channel(Number.parseInt(color.slice(at, at + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const css = readFileSync(new URL('../theme.css', import.meta.url), 'utf8');
const block = (selector: string): Record<string, string> => {
  const [body = ''] = css.slice(css.indexOf(`${selector} {`)).split('}');
  return Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]));
};
const themes = { light: block(':root'), dark: block("[data-theme='dark']") } as const;
const backgrounds = ['bg0', 'bg1', 'bg2', 'selected', 'log', 'added', 'removed', 'warning', 'failure'];

test('black on white is 21, a colour on itself 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#0b5cad', '#0b5cad')).toBe(1);
});

describe.each(Object.entries(themes))('in the %s theme', (theme, colors) => {
  const of = (name: string) => colors[name] ?? expect.unreachable(`no --${name}`);

  test.each(backgrounds)('text on %s reads', (name) => {
    expect(contrast(of('text'), of(name))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['bg0', 'bg1', 'bg2', 'log', 'selected'])('muted text and links on %s read', (name) => {
    expect(contrast(of('muted'), of(name))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('accent'), of(name))).toBeGreaterThanOrEqual(4.5);
  });

  test('the main button and search hits read', () => {
    expect(contrast(of('on-accent'), of('accent'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('text'), of('hit'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of('text'), of('hit-current'))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['bg0', 'bg1', 'bg2'])('the border of a control stands out from %s', (name) => {
    expect(contrast(of('control'), of(name))).toBeGreaterThanOrEqual(3);
  });

  test.each(Object.keys(STATUS_LOOK) as (keyof typeof STATUS_LOOK)[])('%s reads on every background it stands on', (status) => {
    for (const name of ['bg0', 'bg1', 'bg2', 'selected']) {
      expect(contrast(STATUS_LOOK[status][theme as 'light' | 'dark'], of(name)), name).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('all sixteen terminal colours read on the log', () => {
    for (let at = 0; at < 8; at++) expect(contrast(of(`ansi-${at}`), of('log'))).toBeGreaterThanOrEqual(6);
  });
});
