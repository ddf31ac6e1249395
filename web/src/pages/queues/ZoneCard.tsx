import { For, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { PlainText } from '../../components/PlainText.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { useNow } from '../../time/clock.ts';
import { clockTime, day, zoneName } from '../../time/instant.ts';
import { wallWords } from '../../time/wall.ts';
import { grouped } from '../../words/counted.ts';
import { DepthBars } from './DepthBars.tsx';
import { QueueState } from './QueueState.tsx';
import type { QueueView } from './views.ts';
import { t } from './words.ts';

interface CardProps {
  readonly zone: string | null;
  readonly queues: readonly QueueView[];
  readonly lacks: string | undefined;
  /** Asks whether to pause or resume one. */
  readonly hold: (queue: QueueView) => void;
  /** Opens the last day of one, or closes it. */
  readonly open: (queue: QueueView) => void;
  readonly opened: string;
}

// The same widths in every card, so that the columns of all zones stand in line.
const HEADS = [
  ['queue.queue', 'w-36'],
  ['queue.state', 'w-52'],
  ['queue.depth', ''],
  ['queue.oldest', 'w-24'],
  ['queue.slots', 'w-32'],
  ['queue.rate', 'w-28'],
] as const;

/** The queues of one zone: what its clocks show, and of each queue how much waits, since when, and who works on it. */
export const ZoneCard = (props: CardProps) => {
  const title = () => props.zone ?? t('queues.no_zone');
  return (
    <section class="rounded-layer border border-hairline" aria-label={t('queues.caption', title())}>
      <header class="flex flex-wrap items-baseline gap-x-4 rounded-t-layer border-b border-hairline bg-bg1 px-4 py-2">
        <h2 class="text-section font-semibold">{title()}</h2>
        <Show when={props.zone}>{(zone) => <ZoneNow zone={zone()} />}</Show>
      </header>
      <div class="relative overflow-x-auto" tabindex="0" role="group" aria-label={t('queues.caption', title())}>
        <table class="w-full min-w-256 table-fixed text-table">
          <caption class="sr-only">{t('queues.caption', title())}</caption>
          <thead>
            <tr class="h-8 text-left text-meta text-muted">
              <For each={HEADS}>{([head, width]) => <th class={`px-4 font-normal whitespace-nowrap ${width}`}>{t(head)}</th>}</For>
              <th class="w-40">
                <span class="sr-only">{t('queue.act')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {/* By name, so that a row whose figures change stays, with the focus in it. */}
            <For each={props.queues.map(({ name }) => name)}>
              {(name) => <Show when={props.queues.find((one) => one.name === name)}>{(queue) => <Row {...props} queue={queue()} />}</Show>}
            </For>
          </tbody>
        </table>
      </div>
    </section>
  );
};

/** What the clocks of a zone show, second by second. */
const ZoneNow = (props: { zone: string }) => {
  const now = useNow();
  const at = () => new Date(now());
  return (
    <span class="text-muted">
      {t('queues.now', `${wallWords(day(at(), props.zone)).slice(0, -5)} ${clockTime(at(), props.zone)} ${zoneName(at(), props.zone)}`)}
    </span>
  );
};

const Row = (props: CardProps & { queue: QueueView }) => {
  const isOpened = () => props.opened === props.queue.name;
  return (
    <tr class={`border-t border-hairline align-top ${isOpened() ? 'bg-selected' : ''}`}>
      <td class="px-4 py-2">
        <button
          type="button"
          class="link min-h-6 text-left font-semibold"
          aria-expanded={isOpened()}
          aria-label={t('queue.open_of', props.queue.name)}
          onClick={() => props.open(props.queue)}
        >
          {props.queue.capability}
        </button>
      </td>
      <td class="px-4 py-2 break-words">
        <QueueState state={props.queue.state} />
        <Show when={props.queue.paused}>
          {(paused) => (
            <span class="block text-muted">
              {t('queue.paused_by', paused().by)} <Timestamp at={paused().at} />
              <Show when={paused().note}>
                {(note) => (
                  <span class="block">
                    <PlainText text={note()} first={200} />
                  </span>
                )}
              </Show>
            </span>
          )}
        </Show>
        <Show when={props.queue.problem}>
          {(problem) => (
            <span class="block break-words text-muted">
              <PlainText text={problem()} first={300} />
            </span>
          )}
        </Show>
        <Show when={props.queue.failures > 0}>
          <span class="block text-muted">{t('queue.failures', props.queue.failures)}</span>
        </Show>
      </td>
      <td class="px-4 py-2">
        <DepthBars depth={props.queue.depth} />
      </td>
      <td class="px-4 py-2 whitespace-nowrap">
        {props.queue.oldest_seconds ? formatDuration(Math.round(props.queue.oldest_seconds) * 1000 || 1000) : '–'}
      </td>
      <td class="px-4 py-2 whitespace-nowrap">
        {grouped(props.queue.slots.used)} / {grouped(props.queue.slots.total)}
        <Show when={props.queue.slots.waiting > 0}>
          <span class="block text-meta text-muted">{t('queue.held', props.queue.slots.waiting)}</span>
        </Show>
      </td>
      <td class="px-4 py-2 whitespace-nowrap">
        {props.queue.added_per_second ?? '–'} / {props.queue.dispatched_per_second ?? '–'}
      </td>
      <td class="px-4 py-1 text-right">
        <ActionButton
          words={t(props.queue.paused ? 'pause.resume' : 'pause.pause')}
          run={() => props.hold(props.queue)}
          lacks={props.lacks}
        />
      </td>
    </tr>
  );
};
