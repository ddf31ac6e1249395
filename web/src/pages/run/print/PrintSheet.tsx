import { createSignal, For, onCleanup, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { hasEndedBadly } from '#jobs/run-state.ts';
import type { RunView } from '../../../api/views.ts';
import { PlainText } from '../../../components/PlainText.tsx';
import { StatusBadge } from '../../../components/StatusBadge.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { batch, onMount } from '../../../solid.ts';
import type { StepRow } from '../rows.ts';
import './print.css';
import { t } from './words.ts';

/** Steps on paper; a sheet holds about fifty. */
const MOST_STEPS = 1_000;

/** What is on paper below the run's header: its steps and the first error, in the light theme; built only while it is printed. */
export const PrintSheet = (props: { run: RunView; rows: readonly StepRow[] }) => {
  const [printing, setPrinting] = createSignal(false);
  let theme: string | undefined;
  const begin = () =>
    batch(() => {
      theme = document.documentElement.dataset.theme;
      document.documentElement.dataset.theme = 'light';
      setPrinting(true);
    });
  const end = () => {
    setPrinting(false);
    if (theme !== undefined) document.documentElement.dataset.theme = theme;
  };
  onMount(() => {
    addEventListener('beforeprint', begin);
    addEventListener('afterprint', end);
    onCleanup(() => {
      removeEventListener('beforeprint', begin);
      removeEventListener('afterprint', end);
    });
  });
  const firstError = () => props.rows.find(({ status, step }) => hasEndedBadly(status) && step?.error);
  return (
    <Show when={printing()}>
      <div class="mt-6 hidden print:block">
        <Show when={firstError()}>
          {(row) => (
            <section class="mb-6">
              <h2 class="text-section font-semibold">{t('print.first_error', row().key)}</h2>
              <p class="font-mono text-table">
                <PlainText text={row().step?.error?.message ?? ''} />
              </p>
            </section>
          )}
        </Show>
        <table class="w-full text-left text-table">
          <caption class="text-left text-section font-semibold">{t('print.steps')}</caption>
          <thead>
            <tr class="border-b border-hairline">
              <th>{t('print.step')}</th>
              <th>{t('print.status')}</th>
              <th>{t('print.started')}</th>
              <th>{t('print.duration')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows.slice(0, MOST_STEPS)}>
              {(row) => (
                <tr class="break-inside-avoid border-b border-hairline">
                  <td class={row.isPart ? 'pl-4' : ''}>{row.isPart ? `${row.key} ${row.name}` : row.name}</td>
                  <td>
                    <StatusBadge status={row.status} waitingFor={row.step?.waiting_for ?? null} />
                  </td>
                  <td>
                    <Timestamp at={row.step?.started_at} zone={props.run.timezone} absent="" />
                  </td>
                  <td>{row.step?.duration_ms == null ? '' : formatDuration(row.step.duration_ms)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
        <Show when={props.rows.length > MOST_STEPS}>
          <p>{t('print.more', props.rows.length - MOST_STEPS)}</p>
        </Show>
      </div>
    </Show>
  );
};
