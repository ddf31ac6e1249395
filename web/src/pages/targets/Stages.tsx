import { Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import type { Json } from '#jobs/json.ts';
import { PlainText } from '../../components/PlainText.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { CheckMark } from './CheckMark.tsx';
import type { Check } from './views.ts';
import { t } from './words.ts';

type Stage = Check['stages'][number];

/** What a stage found, as `name value` pairs; of a failure what it says. */
const inWords = (found: Json): string =>
  isFailure(found)
    ? found.message
    : typeof found === 'object' && found !== null && !Array.isArray(found)
      ? Object.entries(found)
          .map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
          .join(' · ')
      : found === null
        ? ''
        : String(found);

const isFailure = (found: Json): found is { readonly type: string; readonly message: string } =>
  typeof found === 'object' && found !== null && 'type' in found && 'message' in found && typeof found.message === 'string';

const COLUMNS: readonly Column<Stage>[] = [
  { head: t('targets.stage'), cell: ({ stage }) => <span class="font-mono">{stage}</span> },
  {
    head: t('targets.result'),
    cell: ({ ok }) => <CheckMark check={{ healthy: ok, stage: null }} passed />,
    class: 'whitespace-nowrap',
  },
  { head: t('targets.took'), cell: ({ ms }) => formatDuration(Math.round(ms)), class: 'text-right whitespace-nowrap' },
  {
    head: t('targets.found'),
    cell: ({ found }) => (
      <span class="block min-w-48">
        <PlainText text={inWords(found)} first={300} />
      </span>
    ),
  },
];

/** What one look tried, in order, and why it ended. */
export const Stages = (props: { check: Check }) => (
  <div class="flex flex-col gap-3">
    <Show when={props.check.error}>
      {(error) => (
        <p class="tone-failed break-words text-(--tone)" role="alert">
          {error().type}: {error().message}
        </p>
      )}
    </Show>
    <Table caption={t('targets.stages')} columns={COLUMNS} items={props.check.stages} />
  </div>
);
