import { A, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import type { JsonObject } from '#jobs/json.ts';
import { get, send } from '../../../api/client.ts';
import { keyOfContent } from '../../../api/key-of.ts';
import { ApiProblem, type FieldProblem } from '../../../api/problem.ts';
import { SameWidth } from '../../../components/ActionButton.tsx';
import { focusFirstError } from '../../../components/focus-first-error.ts';
import { RequestId } from '../../../components/RequestId.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { ConflictDialog } from '../../../form/ConflictDialog.tsx';
import { createFaster } from '../../../form/faster.ts';
import { KeptBanner } from '../../../form/KeptBanner.tsx';
import { useSession } from '../../../session/session.tsx';
import { batch, createEffect } from '../../../solid.ts';
import { t as shared } from '../../../words.ts';
import { scheduleAt, scheduleHref } from '../queries.ts';
import type { ScheduleProblem, ScheduleSaved, ScheduleView } from '../views.ts';
import { Differences } from './Differences.tsx';
import { changesFrom, type Draft, definitionOf, draftOf } from './draft.ts';
import { elsewhere, errorAt } from './field-errors.ts';
import { JobField } from './JobField.tsx';
import { JobParameters } from './JobParameters.tsx';
import { type Base, keptSchedule } from './kept-draft.ts';
import { PreviewPanel } from './PreviewPanel.tsx';
import { CalendarsFields, RunsFields } from './RunsFields.tsx';
import { sourceOf } from './source.ts';
import { TimesFields } from './TimesFields.tsx';
import { t } from './words.ts';

const POINTERS = Object.keys(draftOf({}))
  .filter((name) => name !== 'kind' && name !== 'gap' && name !== 'fold')
  .map((name) => `/${name}`)
  .concat('/dst');

const baseOf = (schedule: ScheduleView | undefined): Base | null =>
  schedule ? { version: schedule.version, definition: structuredClone(unwrap(schedule.definition)) } : null;

/** Writes a schedule: the fields, what the server says against each, and beside them what it would start when. `edited` is the one to change; without it a new one is made. */
export const ScheduleForm = (props: { edited?: ScheduleView; job?: string }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useSession();
  const place = props.edited?.name ?? '';
  // What is changed is the state that the fields were filled from, whatever is read or saved meanwhile.
  const opened = baseOf(props.edited);
  const drawer = keptSchedule(place);
  const kept = drawer.read();
  const [base, setBase] = createSignal<Base | null>(kept ? kept.base : opened);
  const begin = (from: Base | null): Draft => draftOf(from?.definition ?? { ...(props.job && { job: props.job }) });
  const [draft, setDraft] = createStore<Draft>(kept?.draft ?? begin(opened));
  const [isKept, setIsKept] = createSignal(kept !== null);
  const [refused, setRefused] = createSignal<Error | null>(null);
  const [judged, setJudged] = createSignal<readonly ScheduleProblem[]>([]);
  const [busy, setBusy] = createSignal(false);
  const keyOf = keyOfContent();
  let form: HTMLFormElement | undefined;

  const definition = createMemo(() => definitionOf(draft));
  const first = createMemo(() => JSON.stringify(begin(base())));
  createEffect(() => {
    const now = JSON.stringify(draft);
    drawer.keep(now === first() ? null : { draft: JSON.parse(now) as Draft, base: base() });
  });
  const change = (part: Partial<Draft>) => {
    setDraft(part);
    setRefused(null);
  };
  /** While typing the server is heard on what is written, not on what is still empty. */
  const isWritten = ({ pointer }: FieldProblem) => {
    const value = draft[pointer.split('/')[1] as keyof Draft];
    return value !== undefined && value !== '';
  };
  const judgedOnSending = (): readonly FieldProblem[] => {
    const error = refused();
    return error instanceof ApiProblem ? error.problems : [];
  };
  const errors = createMemo((): readonly FieldProblem[] => {
    if (judgedOnSending().length > 0) return judgedOnSending();
    return judged().filter((one) => one.severity === 'error' && isWritten(one));
  });
  const loose = () => {
    const error = refused();
    if (error === null) return [];
    if (judgedOnSending().length === 0) return [error.message];
    return elsewhere(judgedOnSending(), POINTERS).map(({ message }) => message);
  };
  const remarks = () => judged().filter(({ severity }) => severity === 'warning');

  const saved = (schedule: ScheduleSaved, words: string) => {
    drawer.keep(null);
    void queries.invalidateQueries({ queryKey: ['schedules'] });
    toast({ says: words });
    navigate(scheduleHref(schedule.name), { replace: true });
  };
  const request = async (): Promise<void> => {
    const from = base();
    const body: JsonObject = from ? changesFrom(from.definition, unwrap(draft)) : { source: sourceOf(definition()) };
    if (from && Object.keys(body).length === 0) {
      drawer.keep(null);
      toast({ says: t('form.no_change') });
      return navigate(scheduleHref(place), { replace: true });
    }
    const key = keyOf(JSON.stringify(body));
    if (!from) return saved(await send<ScheduleSaved>('POST', '/schedules', body, key), t('form.created', draft.name.trim()));
    const answer = await send<ScheduleSaved>('PATCH', scheduleAt(place), body, key, { ifMatch: `"${from.version}"` });
    saved(answer, t('form.saved', place));
  };
  const faster = createFaster<ScheduleSaved>({
    read: () => get(scheduleAt(place)),
    isMine: (other) => Object.keys(changesFrom(other.definition, unwrap(draft))).length === 0,
    saved: (other) => saved(other, t('form.saved', place)),
  });
  const save = async () => {
    if (busy() || lacks()) return;
    setBusy(true);
    setRefused(null);
    try {
      await faster.meet(request());
    } catch (error) {
      setRefused(error as Error);
      focusFirstError(form);
    } finally {
      setBusy(false);
    }
  };
  const saveOver = (from: Base | null) => {
    setBase(from);
    void save();
  };
  const takeUp = (from: Base | null) => {
    batch(() => {
      setBase(from);
      setDraft(begin(from));
      setIsKept(false);
      setRefused(null);
    });
  };
  const lacks = () => (session.may('schedule:edit') ? '' : shared('denied.control', 'schedule:edit'));

  return (
    <>
      <KeptBanner isKept={isKept()} isOlder={base()?.version !== opened?.version} startOver={() => takeUp(opened)} />
      <div class="mt-4 grid items-start gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,27rem)_minmax(0,1fr)]">
        <form
          ref={form}
          class="flex min-w-0 flex-col gap-6"
          novalidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <div class="flex flex-col gap-4">
            <Show when={!props.edited}>
              <TextField
                label={t('form.name')}
                hint={t('form.name_hint')}
                error={errorAt(errors(), '/name')}
                maxlength={100}
                value={draft.name}
                change={(name) => change({ name })}
              />
            </Show>
            <JobField value={draft.job} change={(job) => change({ job })} error={errorAt(errors(), '/job')} />
          </div>
          <TimesFields draft={draft} change={change} problems={errors()} />
          <CalendarsFields draft={draft} change={change} problems={errors()} />
          <JobParameters
            job={draft.job}
            label={t('form.parameters')}
            open
            value={draft.parameters}
            onChange={(parameters) => change({ parameters })}
            errors={errors()}
          />
          <RunsFields draft={draft} change={change} problems={errors()} />
          <Show when={loose().length > 0}>
            <div role="alert" tabindex="-1" class="rounded-control bg-failure px-3 py-2 break-words whitespace-pre-line">
              <span class="font-semibold">{t('form.refused')}</span> {loose().join('\n')}
              <Show when={judgedOnSending().length === 0}>
                <RequestId of={refused()} />
              </Show>
            </div>
          </Show>
          <div class="flex flex-wrap gap-2">
            <button
              type="submit"
              class="button button-main"
              aria-disabled={busy() || lacks() ? 'true' : undefined}
              aria-busy={busy()}
              title={lacks() || undefined}
              onClick={(event) => lacks() && event.preventDefault()}
            >
              <SameWidth words={props.edited ? t('form.save') : t('form.create')} busyWords={t('form.saving')} busy={busy()} />
            </button>
            <A class="button" href={props.edited ? scheduleHref(place) : '/schedules'} onClick={() => drawer.keep(null)}>
              {t('form.cancel')}
            </A>
          </div>
        </form>
        <div class="min-w-0 lg:sticky lg:top-4">
          <PreviewPanel definition={definition()} judged={setJudged} />
          <For each={remarks()}>{({ message }) => <p class="mt-2 rounded-control bg-warning px-3 py-2 break-words">{message}</p>}</For>
        </div>
      </div>
      <ConflictDialog name={place} faster={faster} baseOf={baseOf} saveOver={saveOver} takeUp={takeUp}>
        {(other) => <Differences mine={definition()} theirs={definitionOf(draftOf(other().definition))} />}
      </ConflictDialog>
    </>
  );
};
