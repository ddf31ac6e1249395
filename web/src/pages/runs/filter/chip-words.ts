import { STATUS_LOOK } from '#jobs/run-state.ts';
import { zone } from '../../../time/clock.ts';
import { instantText } from '../../../time/instant.ts';
import type { RunsFilter } from '../../../url/runs-filter.ts';
import { t } from '../words.ts';
import type { ChipName } from './kinds.ts';

const AGO = /^(\d+)([mhd])$/;

/** `24 h`, for `24h`. */
export const spanWords = (since: string): string => since.replace(AGO, '$1 $2');

const at = (moment: string) => instantText(moment, new Date(), zone());

const timeWords = ({ since, until }: RunsFilter): string => {
  if (AGO.test(since) && until === '') return t('filter.last', spanWords(since));
  const from = AGO.test(since) ? t('filter.last', spanWords(since)) : since && at(since);
  if (from && until) return t('filter.range', from, at(until));
  if (until) return t('filter.until_words', at(until));
  return from ? t('filter.since_words', from) : '';
};

const shortId = (id: string) => (id === '' ? '' : `${id.slice(0, 4)}…${id.slice(-4)}`);

/** What a chip is set to, in words; '' when it narrows nothing. */
export const chipWords = (chip: ChipName, filter: RunsFilter): string => {
  switch (chip) {
    case 'time':
      return timeWords(filter);
    case 'status':
      return filter.status.map((status) => STATUS_LOOK[status].word.split(':')[0]).join(', ');
    case 'trigger':
      return filter.trigger.map((trigger) => t(`trigger.${trigger}`)).join(', ');
    case 'priority':
      return filter.priority.join(', ');
    case 'number':
      return filter.number === null ? '' : `#${filter.number}`;
    case 'parent':
    case 'chain_source':
    case 'bulk':
      return shortId(filter[chip]);
    case 'approvals':
      return filter.approvals === '' ? '' : t('filter.approvals_mine');
    case 'retrying':
      return filter.retrying === '' ? '' : t('filter.at_least', spanWords(filter.retrying));
    default:
      return filter[chip];
  }
};
