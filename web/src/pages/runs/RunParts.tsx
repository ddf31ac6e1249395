import { A } from '@solidjs/router';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import { createSignal, Show } from 'solid-js';
import { hasEndedBadly } from '#jobs/run-state.ts';
import { IconButton } from '../../components/IconButton.tsx';
import { visible } from '../../components/visible.ts';
import { useSession } from '../../session/session.tsx';
import { t as common } from '../../words.ts';
import { retryRun } from '../run/actions/retry-run.ts';
import type { ListedRun } from './views.ts';
import { t } from './words.ts';

const SHOWN = 240;

/** A foreign text in one line: bounded, and nothing in it turns its surroundings. */
export const Line = (props: { text: string | null | undefined }) => {
  const shown = () => visible((props.text ?? '').slice(0, SHOWN));
  return <bdi title={shown()}>{shown()}</bdi>;
};

/** Why a run stands as it does, where that needs a look; '' for all others. */
export const whyOf = (run: ListedRun): string => {
  if (run.status === 'retrying') return run.retry_error ?? '';
  const why = run.error_message ?? run.message ?? '';
  if (run.status === 'lost') return t('runs.outcome_unknown', why);
  return hasEndedBadly(run.status) ? why : '';
};

/** The run by its job and version; the link is as large as what it stands in. */
export const RunName = (props: { run: ListedRun; tab?: 0 | -1 }) => (
  <>
    <A href={`/runs/${props.run.id}`} class="truncate font-semibold after:absolute after:inset-0" tabindex={props.tab ?? 0}>
      <Line text={props.run.job} />
    </A>
    <span class="shrink-0 text-muted">
      <Show when={props.run.version}>{(version) => <>v{version()}</>}</Show>
      <Show when={props.run.sample}> · {t('runs.sample')}</Show>
    </span>
  </>
);

/** Who or what started it. */
export const byOf = (run: ListedRun): string =>
  run.trigger === 'schedule' ? (run.schedule ?? t('trigger.schedule')) : run.created_by || run.trigger;

/** Retries a run that ended badly, at once. */
export const RetryButton = (props: { run: ListedRun; tab?: 0 | -1 }) => {
  const session = useSession();
  const [busy, setBusy] = createSignal(false);
  const retry = async () => {
    setBusy(true);
    await retryRun(props.run.id);
    setBusy(false);
  };
  return (
    <Show when={hasEndedBadly(props.run.status)}>
      <IconButton
        small
        class="relative z-1"
        label={t('runs.retry', props.run.job, `#${props.run.number}`)}
        off={!session.may('run:start') && common('denied.control', 'run:start')}
        busy={busy() && t('runs.retrying')}
        tab={props.tab ?? 0}
        press={() => void retry()}
      >
        <RotateCw size={16} class={busy() ? 'motion-safe:animate-turn' : ''} />
      </IconButton>
    </Show>
  );
};

interface ChooseBoxProps {
  readonly run: ListedRun;
  readonly checked: boolean;
  /** All that match are chosen, and no single one can be taken out. */
  readonly barred: boolean;
  readonly toggle: (range: boolean) => void;
  readonly tab?: 0 | -1;
}

/** Chooses a run for what is done to many; the area around the box belongs to it. */
export const ChooseBox = (props: ChooseBoxProps) => (
  <label class="relative z-1 flex size-6 shrink-0 items-center justify-center" title={props.barred ? t('choose.all_fixed') : undefined}>
    <input
      type="checkbox"
      class="size-4 accent-accent"
      checked={props.checked}
      aria-label={t('choose.run', props.run.job, `#${props.run.number}`)}
      aria-disabled={props.barred ? 'true' : undefined}
      aria-description={props.barred ? t('choose.all_fixed') : undefined}
      tabindex={props.tab ?? 0}
      onClick={(event) => {
        event.stopPropagation();
        if (props.barred) event.preventDefault();
        else props.toggle(event.shiftKey);
      }}
    />
  </label>
);
