import type { RunsFilter } from '../../../url/runs-filter.ts';

export type FilterName = keyof RunsFilter;
/** What a chip narrows by: one value, or the two of a time. */
export type ChipName = Exclude<FilterName, 'since' | 'until'> | 'time';

/** How each chip is filled in. */
export const CHIP_KINDS = {
  status: 'statuses',
  job: 'text',
  time: 'time',
  tag: 'text',
  client: 'text',
  ref_num: 'text',
  number: 'number',
  target: 'text',
  timezone: 'zone',
  trigger: 'triggers',
  created_by: 'text',
  priority: 'priorities',
  error: 'text',
  schedule: 'text',
  parent: 'given',
  chain_source: 'given',
  bulk: 'given',
  approvals: 'given',
  retrying: 'given',
} as const satisfies { readonly [name in ChipName]: string };

/** Chips that are always there, and those that are added; what is only given by a link is neither. */
export const CHIPS = Object.keys(CHIP_KINDS) as readonly ChipName[];
export const STANDING_CHIPS: readonly ChipName[] = ['status', 'job', 'time'];
export const ADDED_CHIPS: readonly ChipName[] = CHIPS.filter((name) => !STANDING_CHIPS.includes(name) && CHIP_KINDS[name] !== 'given');

/** The fields of the filter that a chip sets. */
export const fieldsOf = (chip: ChipName): readonly FilterName[] => (chip === 'time' ? ['since', 'until'] : [chip]);
