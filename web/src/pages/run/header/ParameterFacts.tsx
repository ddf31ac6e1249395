import { For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { secretNames } from '#jobs/secret-parameters.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { RunView } from '../../../api/views.ts';
import { PlainText } from '../../../components/PlainText.tsx';
import { short } from '../../../components/visible.ts';
import { jobVersionQuery } from './queries.ts';
import { t } from './words.ts';

interface Given {
  readonly name: string;
  /** Null: a secret, which is kept nowhere. */
  readonly text: string | null;
}

/** Characters of a value, and values, that stand in the line. */
const SHORT = 24;
const FEW = 4;

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
const shortly = ({ text }: Given): string => (text === null ? t('parameters.masked') : short(text, SHORT));

/** What the run was started with: a few values in a line, all of them behind it; secrets are only named. */
export const ParameterFacts = (props: { run: RunView }) => {
  const version = useQuery(() => ({
    ...jobVersionQuery(props.run.job, props.run.version ?? 0),
    enabled: props.run.version !== null && props.run.permissions.includes('job:read'),
  }));
  const given = (): readonly Given[] => [
    ...Object.entries(props.run.parameters).map(([name, value]) => ({ name, text: textOf(value) })),
    ...secretNames(version.data?.definition.parameters).map((name) => ({ name, text: null })),
  ];
  return (
    <Show when={given().length > 0}>
      <details data-given class="group/given mt-1 min-w-0">
        <summary class="w-fit max-w-full text-muted">
          <span class="min-w-0 truncate">
            {t('parameters.title', given().length)}
            <span class="group-open/given:hidden print:hidden">
              :{' '}
              <For each={given().slice(0, FEW)}>
                {(one, at) => (
                  <>
                    {at() > 0 ? ', ' : ''}
                    {short(one.name, 60)} <bdi class="text-text">{shortly(one)}</bdi>
                  </>
                )}
              </For>
              {given().length > FEW ? ' …' : ''}
            </span>
          </span>
        </summary>
        <dl class="mt-1 grid max-h-80 grid-cols-[minmax(80px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1 overflow-y-auto pl-5 text-table print:max-h-none print:overflow-visible print:pl-0">
          <For each={given()}>
            {(one) => (
              <>
                <dt class="max-w-60 break-words text-muted">{short(one.name)}</dt>
                <dd class="min-w-0 font-mono">
                  <Show when={one.text !== null} fallback={<span title={t('parameters.secret')}>{t('parameters.masked')}</span>}>
                    <PlainText text={one.text ?? ''} first={400} />
                  </Show>
                </dd>
              </>
            )}
          </For>
        </dl>
      </details>
    </Show>
  );
};
