import { Show } from 'solid-js';
import { webhookQuery } from '../../../api/queries.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView, StepView } from '../../../api/views.ts';
import { CopyButton } from '../../../components/CopyButton.tsx';
import { t } from '../words.ts';
import { Fact } from './Facts.tsx';

/** The address that is to be called; only those who may steer the run are given it, as whoever has it may call it. */
export const WebhookFacts = (props: { run: RunView; step: StepView }) => {
  const may = () => props.run.permissions.includes('run:steer');
  const webhook = useQuery(() => ({ ...webhookQuery(props.run.id, props.step.key), enabled: may() }));
  const known = () => webhook.data;
  return (
    <Fact name={t('hold.webhook')}>
      <Show when={known()} fallback={t('hold.webhook_hidden')}>
        {(found) => (
          <Show when={!found().used} fallback={t('hold.webhook_used')}>
            <span class="flex items-start gap-1">
              <span class="min-w-0 font-mono text-meta break-all">{found().url}</span>
              <CopyButton text={found().url} class="-my-1.5" />
            </span>
          </Show>
        )}
      </Show>
    </Fact>
  );
};
