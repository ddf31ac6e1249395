import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import { sendText } from '../../api/client.ts';
import { ActionButton } from '../../components/ActionButton.tsx';
import { Confirm } from '../../components/Confirm.tsx';
import { Field } from '../../components/Field.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useSession } from '../../session/session.tsx';
import { whenChanged } from '../../solid.ts';
import { Effects } from './Effects.tsx';
import { calendarAt } from './queries.ts';
import type { CalendarDryRun, CalendarSaved } from './views.ts';
import { t } from './words.ts';

interface Import {
  readonly name: string;
  readonly text: string;
}

const upload = <T,>({ name, text }: Import, dry: boolean, key?: string): Promise<T> =>
  sendText<T>(`/calendars/import?${new URLSearchParams({ name, ...(dry && { dry_run: 'true' }) })}`, text, 'text/calendar', key);

/** Gives a calendar the events of an iCalendar file, after showing which starts that changes. `name` is the calendar where it is not the reader's to choose. */
export const ImportDialog = (props: { open: boolean; close: () => void; name?: string }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useSession();
  const [name, setName] = createSignal('');
  const [file, setFile] = createSignal<File | null>(null);
  const [plan, setPlan] = createSignal<{ readonly of: Import; readonly found: CalendarDryRun } | null>(null);
  const [refusal, setRefusal] = createSignal('');
  const [looking, setLooking] = createSignal(false);
  whenChanged(
    () => props.open,
    () => {
      setName(props.name ?? '');
      setFile(null);
      setPlan(null);
      setRefusal('');
    },
  );
  const asked = () => ({ name: name().trim(), file: file() });
  const isAsked = (was: ReturnType<typeof asked>) => props.open && was.name === asked().name && was.file === file();
  const missing = () => {
    if (name().trim() === '') return t('import.no_name');
    return file() === null ? t('import.no_file') : undefined;
  };
  /** Reads the file once, so that what is imported is what was looked at, whatever becomes of the file. */
  const look = async () => {
    const of = asked();
    if (!of.file) return;
    setLooking(true);
    setRefusal('');
    try {
      const text = await of.file.text();
      const found = await upload<CalendarDryRun>({ name: of.name, text }, true);
      if (isAsked(of)) setPlan({ of: { name: of.name, text }, found });
    } catch (error) {
      if (isAsked(of)) setRefusal((error as Error).message);
    } finally {
      setLooking(false);
    }
  };
  const run = async (key: string) => {
    const looked = plan();
    if (!looked) throw new Error(t('import.dry_first'));
    const saved = await upload<CalendarSaved>(looked.of, false, key);
    void queries.invalidateQueries({ queryKey: ['calendars'] });
    toast({ says: t('import.done', saved.name, saved.feed?.events ?? 0) });
    navigate(calendarAt(saved.name));
  };
  return (
    <Confirm
      open={props.open}
      wide
      title={t('import.title')}
      effect={t('import.effect')}
      keep={t('import.keep')}
      act={t('import.act')}
      look="main"
      lacks={session.may('calendar:edit') ? undefined : 'calendar:edit'}
      barred={plan() === null ? t('import.dry_first') : undefined}
      close={props.close}
      run={run}
    >
      {() => (
        <>
          <Field label={t('import.name')}>
            {(ties) => (
              <input
                {...ties()}
                class="input"
                maxlength={100}
                readonly={props.name !== undefined}
                value={name()}
                onInput={(event) => {
                  setName(event.currentTarget.value);
                  setPlan(null);
                }}
              />
            )}
          </Field>
          <Field label={t('import.file')}>
            {(ties) => (
              <input
                {...ties()}
                type="file"
                accept=".ics,text/calendar"
                class="input"
                onChange={(event) => {
                  setFile(event.currentTarget.files?.[0] ?? null);
                  setPlan(null);
                }}
              />
            )}
          </Field>
          <div>
            <ActionButton
              words={t('import.dry')}
              busyWords={t('import.looking')}
              busy={looking()}
              barred={missing()}
              run={() => void look()}
            />
          </div>
          <Show when={refusal()}>
            <p role="alert" class="rounded-control bg-failure px-3 py-2 break-words whitespace-pre-line">
              {refusal()}
            </p>
          </Show>
          <Show when={plan()?.found}>
            {(found) => (
              <>
                <Show when={found().feed}>{(feed) => <p>{t('import.found', feed().events, feed().instances)}</p>}</Show>
                <Effects effects={found().effects} />
              </>
            )}
          </Show>
        </>
      )}
    </Confirm>
  );
};
