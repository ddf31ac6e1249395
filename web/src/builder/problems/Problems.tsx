import CircleAlert from 'lucide-solid/icons/circle-alert';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createMemo, For, Show } from 'solid-js';
import { LIMITS } from '#jobs/limits.ts';
import type { Problem } from '#jobs/problem.ts';
import { visible } from '../../components/visible.ts';
import type { Findings } from '../draft/watch-problems.ts';
import { t } from '../words.ts';

/** What is wrong, each a way to its field and its line. */
export const Problems = (props: { findings: Findings; goTo: (problem: Problem) => void }) => {
  const all = () => props.findings.all();
  const by = () => {
    const why = props.findings.refusal();
    if (why) return t('problems.unasked', why.message);
    return { nobody: hasLooked() ? t('problems.waiting') : '', page: t('problems.local'), server: t('problems.server'), 'page-only': '' }[
      props.findings.by()
    ];
  };
  const hasLooked = createMemo<boolean>((had) => had || props.findings.by() !== 'nobody', false);
  const none = () => (hasLooked() ? t('problems.none') : t('problems.first'));
  return (
    <section class="border-t border-hairline py-2" aria-label={t('problems.title')}>
      <h2 class="flex items-baseline gap-3 text-body font-semibold">
        <span role="status">{all().length === 0 ? none() : t('problems.count', all().length)}</span>
        <span class="text-meta font-normal text-muted">{by()}</span>
      </h2>
      <Show when={all().length > 0}>
        <ul class="mt-1 max-h-32 overflow-y-auto">
          <For each={all().slice(0, LIMITS.problems)}>
            {(problem) => (
              <li>
                <button
                  type="button"
                  class="flex min-h-6 w-full items-start gap-2 rounded-control px-1 py-0.5 text-left hover:bg-bg2"
                  onClick={() => props.goTo(problem)}
                >
                  <Show
                    when={problem.severity === 'error'}
                    fallback={
                      <TriangleAlert
                        size={16}
                        class="tone-paused mt-0.5 shrink-0 text-(--tone)"
                        aria-label={t('problems.warning')}
                        role="img"
                      />
                    }
                  >
                    <CircleAlert size={16} class="tone-failed mt-0.5 shrink-0 text-(--tone)" aria-label={t('problems.error')} role="img" />
                  </Show>
                  <bdi class="line-clamp-3 min-w-0 flex-1 break-words">{visible(problem.message.slice(0, 1000))}</bdi>
                  <Show when={problem.line}>
                    {(line) => <span class="shrink-0 text-meta text-muted">{t('problems.line', line())}</span>}
                  </Show>
                </button>
              </li>
            )}
          </For>
        </ul>
        <Show when={all().length >= LIMITS.problems}>
          <p class="px-1 text-meta text-muted">{t('problems.most', LIMITS.problems)}</p>
        </Show>
      </Show>
    </section>
  );
};
