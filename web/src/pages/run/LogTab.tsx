import { useNavigate } from '@solidjs/router';
import { For, Show } from 'solid-js';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import type { RunView } from '../../api/views.ts';
import { isGrowing, LogView, opensAt } from '../../log/LogView.tsx';
import { t } from '../../words.ts';
import type { StepRow } from './rows.ts';

/** The chosen step's log over the whole page. */
export const LogTab = (props: { run: RunView; rows: readonly StepRow[]; chosen: StepRow | undefined; hrefOf: (key: string) => string }) => {
  const navigate = useNavigate();
  return (
    <div class="flex min-h-96 flex-1 flex-col gap-3 py-3">
      <label class="flex items-center gap-2 self-start">
        <span class="text-muted">{t('steps.choose')}</span>
        <select
          class="input w-auto max-w-72"
          onChange={(event) => navigate(props.hrefOf(event.currentTarget.value), { replace: true, scroll: false })}
        >
          <For each={props.rows}>
            {(row) => (
              <option value={row.key} selected={row.key === props.chosen?.key}>
                {row.name} · {STATUS_LOOK[row.status].word}
              </option>
            )}
          </For>
        </select>
      </label>
      <Show when={props.chosen?.step} fallback={<p class="text-muted">{t('steps.not_started')}</p>}>
        {(step) => (
          <LogView
            run={props.run.id}
            step={step().key}
            opensAt={opensAt(step().status)}
            growing={isGrowing(step().status)}
            height="min-h-0 flex-1"
          />
        )}
      </Show>
    </div>
  );
};
