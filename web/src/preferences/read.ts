import type { Density, RunTab, Preferences as Stored, Theme } from '../api/views.ts';

export type Preferences = Stored;

export const THEMES = ['system', 'light', 'dark'] as const satisfies readonly Theme[];
export const DENSITIES = ['comfortable', 'compact', 'dense'] as const satisfies readonly Density[];
export const RUN_TABS = ['timeline', 'graph', 'hosts', 'log', 'outputs', 'events'] as const satisfies readonly RunTab[];

/** What holds until the reader says otherwise. */
export const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'compact',
  zone: null,
  run_tab: 'timeline',
  single_keys: true,
  columns: {},
  dismissed: [],
  folded: [],
};

const oneOf = <T extends string>(words: readonly T[], value: unknown): T | undefined => words.find((word) => word === value);
const textList = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;

const columnsOf = (value: unknown): Preferences['columns'] | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([list, columns]) => [
      list,
      (Array.isArray(columns) ? columns : []).flatMap((one: { id?: unknown; width?: unknown } | null) =>
        typeof one?.id === 'string' ? [{ id: one.id, width: typeof one.width === 'number' ? one.width : null }] : [],
      ),
    ]),
  );
};

/** Whether this browser knows the time zone. */
export const isZone = (value: unknown): value is string => {
  if (typeof value !== 'string') return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: value }));
  } catch {
    return false;
  }
};

/** Preferences from whatever was kept: what is damaged or unknown is left at its default. */
export const readPreferences = (kept: unknown): Preferences => {
  const said = typeof kept === 'object' && kept !== null ? (kept as { readonly [name: string]: unknown }) : {};
  return {
    theme: oneOf(THEMES, said.theme) ?? DEFAULTS.theme,
    density: oneOf(DENSITIES, said.density) ?? DEFAULTS.density,
    zone: isZone(said.zone) ? said.zone : DEFAULTS.zone,
    run_tab: oneOf(RUN_TABS, said.run_tab) ?? DEFAULTS.run_tab,
    single_keys: typeof said.single_keys === 'boolean' ? said.single_keys : DEFAULTS.single_keys,
    columns: columnsOf(said.columns) ?? DEFAULTS.columns,
    dismissed: textList(said.dismissed) ?? DEFAULTS.dismissed,
    folded: textList(said.folded) ?? DEFAULTS.folded,
  };
};
