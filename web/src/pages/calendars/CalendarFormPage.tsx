import { A, useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { get, send } from '../../api/client.ts';
import { keyOfContent } from '../../api/key-of.ts';
import { ApiProblem } from '../../api/problem.ts';
import { useQuery } from '../../api/use-query.ts';
import { ActionButton, SameWidth } from '../../components/ActionButton.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { Field } from '../../components/Field.tsx';
import { toast } from '../../components/Toasts.tsx';
import { TextDiff } from '../../diff/TextDiff.tsx';
import { ConflictDialog } from '../../form/ConflictDialog.tsx';
import { createFaster } from '../../form/faster.ts';
import { KeptBanner } from '../../form/KeptBanner.tsx';
import { type Drawer, keptAt } from '../../form/kept.ts';
import { readForForm } from '../../form/read-for-form.ts';
import { Page } from '../../frame/Page.tsx';
import { useSession } from '../../session/session.tsx';
import { batch } from '../../solid.ts';
import { wallWords } from '../../time/wall.ts';
import { t as shared } from '../../words.ts';
import { Effects } from './Effects.tsx';
import { calendarAt, calendarQuery } from './queries.ts';
import type { CalendarDryRun, CalendarSaved, CalendarView } from './views.ts';
import { t } from './words.ts';

const BEGIN = `name: holidays
timezone: Europe/Berlin   # leave it out, and its times are by the clocks of whatever uses it
entries:
  - 12-24..12-26
`;

const EXAMPLES = [
  '2026-12-31',
  '2027-05-10..2027-05-14',
  '12-24..12-26',
  'sat-sun',
  'mon-fri 22:00-06:00',
  '{ on: 22:00-23:00, note: backup }',
] as const;

/** Makes a calendar. */
export const NewCalendarPage = () => (
  <Page title={t('form.new')} trail={[{ word: t('calendars.title'), href: '/calendars' }]}>
    <CalendarForm />
  </Page>
);

/** Changes a calendar. */
export const EditCalendarPage = () => {
  const params = useParams<{ name: string }>();
  const calendar = useQuery(() => ({ ...calendarQuery(params.name), ...readForForm('calendar', params.name) }));
  return (
    <Page
      title={t('form.edit', params.name)}
      trail={[
        { word: t('calendars.title'), href: '/calendars' },
        { word: params.name, href: calendarAt(params.name) },
      ]}
    >
      <Fetched query={calendar} skeleton="h-96">
        {(found) => (
          <Show when={found().name} keyed>
            <CalendarForm edited={found()} />
          </Show>
        )}
      </Fetched>
    </Page>
  );
};

/** The saved calendar that a text began from: only in this state is it replaced. */
interface Base {
  readonly version: number;
  readonly source: string;
}

const baseOf = ({ version, source }: CalendarView): Base => ({ version, source });

/** What was typed about a calendar and not saved, with what it began from. */
const readKept = (drawer: Drawer, name: string): { readonly source: string; readonly base: Base | null } | null => {
  const kept = drawer.read() as Partial<{ source: string; base: Partial<Base> | null }> | null;
  if (typeof kept?.source !== 'string') return null;
  const { version, source } = kept.base ?? {};
  const base = typeof version === 'number' && typeof source === 'string' ? { version, source } : null;
  return name !== '' && base === null ? null : { source: kept.source, base };
};

/** Writes the text of a calendar and shows, before it is saved, which starts of which schedules that removes, adds and moves. */
const CalendarForm = (props: { edited?: CalendarView }) => {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const session = useSession();
  const place = props.edited?.name ?? '';
  // What is changed is the state that the text was read in, whatever is read or saved meanwhile.
  const opened = props.edited ? baseOf(props.edited) : null;
  const drawer = keptAt(`calendar.${place}`);
  const kept = readKept(drawer, place);
  const [base, setBase] = createSignal<Base | null>(kept ? kept.base : opened);
  const [source, setSource] = createSignal(kept?.source ?? opened?.source ?? BEGIN);
  const [isKept, setIsKept] = createSignal(kept !== null);
  const [plan, setPlan] = createSignal<CalendarDryRun | null>(null);
  const [refusal, setRefusal] = createSignal<readonly string[]>([]);
  const [busy, setBusy] = createSignal<'dry' | 'save' | null>(null);
  const keyOf = keyOfContent();
  const lacks = () => (session.may('calendar:edit') ? '' : shared('denied.control', 'calendar:edit'));

  const request = <T,>(dry: boolean): Promise<T> => {
    const query = dry ? '?dry_run=true' : '';
    const key = dry ? undefined : keyOf(source());
    return props.edited
      ? send<T>('PUT', calendarAt(place) + query, { source: source() }, key, { ifMatch: `"${base()?.version}"` })
      : send<T>('POST', `/calendars${query}`, { source: source() }, key);
  };
  const attempt = async (what: 'dry' | 'save', act: () => Promise<void>) => {
    if (busy() !== null || lacks() !== '') return;
    setBusy(what);
    setRefusal([]);
    try {
      await faster.meet(act());
    } catch (error) {
      const problems = error instanceof ApiProblem ? error.problems.map(({ message }) => message) : [];
      setRefusal(problems.length > 0 ? problems : [(error as Error).message]);
    } finally {
      setBusy(null);
    }
  };
  const saved = (name: string) => {
    drawer.keep(null);
    void queries.invalidateQueries({ queryKey: ['calendars'] });
    toast({ says: t('form.saved', name) });
    navigate(calendarAt(name), { replace: true });
  };
  const faster = createFaster<CalendarView>({
    read: () => get(calendarAt(place)),
    isMine: (other) => other.source === source(),
    saved: () => saved(place),
  });
  const look = () =>
    attempt('dry', async () => {
      const asked = source();
      const found = await request<CalendarDryRun>(true);
      // What was typed meanwhile is another calendar.
      if (asked === source()) setPlan(found);
    });
  const save = () => attempt('save', async () => saved((await request<CalendarSaved>(false)).name));
  const write = (text: string) => {
    setSource(text);
    drawer.keep(text === (base()?.source ?? BEGIN) ? null : { source: text, base: base() as Json });
    setPlan(null);
    setRefusal([]);
  };
  const saveOver = (from: Base | null) => {
    setBase(from);
    void save();
  };
  const takeUp = (from: Base | null) => {
    batch(() => {
      setBase(from);
      setIsKept(false);
      write(from?.source ?? BEGIN);
    });
  };
  return (
    <>
      <KeptBanner isKept={isKept()} isOlder={base()?.version !== opened?.version} startOver={() => takeUp(opened)} />
      <div class="mt-4 grid items-start gap-x-10 gap-y-6 lg:grid-cols-2">
        <form
          class="flex min-w-0 flex-col gap-4"
          novalidate
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Field
            label={t('form.text')}
            hint={t('form.hint')}
            error={refusal().length > 0 ? [t('form.refused'), ...refusal()].join('\n') : undefined}
          >
            {(ties) => (
              <textarea
                {...ties()}
                class="input min-h-80 font-mono text-table"
                spellcheck={false}
                value={source()}
                onInput={(event) => write(event.currentTarget.value)}
              />
            )}
          </Field>
          <div class="flex flex-wrap gap-2">
            <button
              type="submit"
              class="button button-main"
              aria-disabled={busy() !== null || lacks() !== '' ? 'true' : undefined}
              aria-busy={busy() === 'save' ? 'true' : undefined}
              title={lacks() || undefined}
            >
              <SameWidth words={props.edited ? t('form.save') : t('form.create')} busyWords={t('form.saving')} busy={busy() === 'save'} />
            </button>
            <ActionButton
              words={t('form.dry')}
              busyWords={t('import.looking')}
              busy={busy() === 'dry'}
              barred={lacks() || (busy() === 'save' ? t('form.saving') : undefined)}
              run={() => void look()}
            />
            <A class="button" href={props.edited ? calendarAt(place) : '/calendars'} onClick={() => drawer.keep(null)}>
              {t('form.cancel')}
            </A>
          </div>
        </form>
        <div class="flex min-w-0 flex-col gap-4">
          <section aria-label={t('form.examples')}>
            <h2 class="font-semibold">{t('form.examples')}</h2>
            <ul class="mt-1 font-mono text-table">
              <For each={EXAMPLES}>{(one) => <li>- {one}</li>}</For>
            </ul>
          </section>
          <Show when={plan()}>
            {(found) => (
              <>
                <Effects effects={found().effects} />
                <section aria-label={t('form.first_times')}>
                  <h2 class="font-semibold">{t('form.first_times')}</h2>
                  <ul class="mt-1 max-h-60 overflow-y-auto text-table" tabindex="0">
                    <For each={found().spans.slice(0, 50)} fallback={<li class="text-muted">{t('form.no_first_times')}</li>}>
                      {(span) => (
                        <li>
                          {wallWords(span.local_from)} – {wallWords(span.local_to)}
                        </li>
                      )}
                    </For>
                  </ul>
                </section>
              </>
            )}
          </Show>
        </div>
      </div>
      <ConflictDialog name={place} faster={faster} baseOf={baseOf} saveOver={saveOver} takeUp={takeUp}>
        {(other) => <TextDiff before={other().source} after={source()} beforeLabel={t('form.theirs')} afterLabel={t('form.mine')} />}
      </ConflictDialog>
    </>
  );
};
