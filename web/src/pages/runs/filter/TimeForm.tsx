import { createSignal, For } from 'solid-js';
import { Field } from '../../../components/Field.tsx';
import { zone } from '../../../time/clock.ts';
import { momentOf as momentAt, wallAt } from '../../../time/zoned.ts';
import { momentOf, type RunsFilter } from '../../../url/runs-filter.ts';
import { t } from '../words.ts';
import { spanWords } from './chip-words.ts';

const SPANS = ['15m', '1h', '6h', '24h', '7d', '30d'] as const;

interface TimeFormProps {
  readonly filter: RunsFilter;
  readonly change: (part: Partial<RunsFilter>) => void;
  readonly done: () => void;
}

/** When the runs were accepted: within a span that moves with the clock, or between two moments in the reader's zone. */
export const TimeForm = (props: TimeFormProps) => {
  const wall = (said: string) => {
    const moment = momentOf(said, Date.now());
    return moment === null ? '' : wallAt(moment, zone());
  };
  const [error, setError] = createSignal<string>();
  const set = (since: string, until: string) => {
    props.change({ since, until });
    props.done();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const [since, until] = ['since', 'until'].map((name) => {
      const moment = momentAt(String(given.get(name) ?? ''), zone());
      return moment === null ? '' : new Date(moment).toISOString();
    }) as [string, string];
    if (since !== '' && until !== '' && since >= until) return setError(t('filter.backwards'));
    setError(undefined);
    set(since, until);
  };
  return (
    <div class="flex flex-col gap-3">
      <ul class="flex max-w-64 flex-wrap gap-1">
        <For each={SPANS}>
          {(span) => (
            <li>
              <button
                type="button"
                class={`button px-2 ${props.filter.since === span && props.filter.until === '' ? 'border-accent bg-selected' : ''}`}
                aria-pressed={props.filter.since === span && props.filter.until === ''}
                onClick={() => set(span, '')}
              >
                {t('filter.last', spanWords(span))}
              </button>
            </li>
          )}
        </For>
      </ul>
      <form class="flex w-64 flex-col gap-2" novalidate onSubmit={submit}>
        <Field label={t('filter.from')}>
          {(ties) => <input {...ties()} type="datetime-local" class="input" name="since" value={wall(props.filter.since)} />}
        </Field>
        <Field label={t('filter.until')} hint={t('filter.zone_of', zone())} error={error()}>
          {(ties) => <input {...ties()} type="datetime-local" class="input" name="until" value={wall(props.filter.until)} />}
        </Field>
        <div class="flex gap-2">
          <button type="submit" class="button button-main">
            {t('filter.apply')}
          </button>
          <button type="button" class="button" onClick={() => set('', '')}>
            {t('filter.any_time')}
          </button>
        </div>
      </form>
    </div>
  );
};
