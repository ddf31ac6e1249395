import { keepPreviousData } from '@tanstack/solid-query';
import { createMemo, createSignal, Show } from 'solid-js';
import { canonical } from '#jobs/canonical.ts';
import type { JsonObject } from '#jobs/json.ts';
import type { ScheduleDefinition } from '#jobs/schedules/definition.ts';
import { send } from '../../../api/client.ts';
import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import { createEffect } from '../../../solid.ts';
import { zone as mine } from '../../../time/clock.ts';
import { useDelayed } from '../../../time/delayed.ts';
import { durationWords } from '../../../time/duration.ts';
import { FromDay } from '../schedule/FromDay.tsx';
import { MomentsTable } from '../schedule/MomentsTable.tsx';
import type { PreviewView, ScheduleProblem } from '../views.ts';
import { t } from './words.ts';

const REST_MS = 300;
const LOOK_MS = 60_000;

interface PreviewProps {
  /** What is written, as the API takes it. */
  readonly definition: JsonObject;
  /** Told what the server says against it, each time it has looked. */
  readonly judged: (problems: readonly ScheduleProblem[]) => void;
}

/** The next ten moments of what is being written, as the server reckons them, with the days on which clocks change within reach. */
export const PreviewPanel = (props: PreviewProps) => {
  const [from, setFrom] = createSignal('');
  // Names are for the save to judge; times are looked at before they are written.
  const asked = createMemo(() => canonical({ ...props.definition, name: 'next-starts', job: 'any-job' }));
  const settled = useDelayed(asked, REST_MS);
  const preview = useQuery(() => ({
    queryKey: ['schedules', 'preview', settled(), from(), mine()],
    queryFn: ({ queryKey: [, , definition, since, viewer] }: { readonly queryKey: readonly string[] }) =>
      send<PreviewView>('POST', '/schedules/preview', {
        definition: JSON.parse(definition ?? ''),
        count: 10,
        viewer_zone: viewer,
        ...(since && { from: `${since}T00:00` }),
      }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: LOOK_MS / 2,
    // What is over is no next start any more.
    refetchInterval: LOOK_MS,
  }));
  const found = () => preview.data;
  createEffect(() => {
    const answer = found();
    if (answer && !preview.isPlaceholderData) props.judged(answer.problems);
  });
  const zone = () => (typeof props.definition.timezone === 'string' ? props.definition.timezone : 'UTC');
  const policies = (): Pick<ScheduleDefinition, 'dst'> => props.definition as Pick<ScheduleDefinition, 'dst'>;
  return (
    <section aria-labelledby="preview" class="min-w-0">
      <h2 id="preview" class="text-section font-semibold">
        {t('preview.title')}
      </h2>
      <p class="mt-1 min-h-5 break-words" role="status">
        <Show when={found()?.valid}>{found()?.words}</Show>
      </p>
      <div class="my-3">
        <FromDay value={from()} change={setFrom} zone={zone()} />
      </div>
      <div class="min-h-88" aria-busy={preview.isPlaceholderData}>
        <Fetched query={preview} skeleton="h-88">
          {(answer) => (
            <Show when={answer().valid} fallback={<p class="text-muted">{t('preview.invalid')}</p>}>
              <Show when={answer().moments.length > 0} fallback={<p class="text-muted">{t('preview.none')}</p>}>
                <MomentsTable moments={answer().moments} zone={answer().zone ?? zone()} viewer={mine()} policies={policies()} />
              </Show>
              <p class="mt-2 text-meta text-muted">
                <Show when={answer().spacing}>
                  {(apart) => `${t('preview.spacing', durationWords(apart().shortest), durationWords(apart().longest))} `}
                </Show>
                {t('preview.data', answer().zone_data)}
              </p>
            </Show>
          )}
        </Fetched>
      </div>
    </section>
  );
};
