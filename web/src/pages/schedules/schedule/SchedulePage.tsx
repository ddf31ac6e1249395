import { useNavigate, useParams } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import { send } from '../../../api/client.ts';
import { useQuery } from '../../../api/use-query.ts';
import { ActionButton } from '../../../components/ActionButton.tsx';
import { Banner } from '../../../components/Banner.tsx';
import { Confirm } from '../../../components/Confirm.tsx';
import { Fetched } from '../../../components/Fetched.tsx';
import { MayLink } from '../../../components/MayLink.tsx';
import { PlainText } from '../../../components/PlainText.tsx';
import { SourceText } from '../../../components/SourceText.tsx';
import { Tabs } from '../../../components/Tabs.tsx';
import { Timestamp } from '../../../components/Timestamp.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { Page } from '../../../frame/Page.tsx';
import { useSession } from '../../../session/session.tsx';
import { NotFoundPage } from '../../NotFoundPage.tsx';
import { BackfillsView } from '../backfill/BackfillsView.tsx';
import { HoldDialogs } from '../HoldDialogs.tsx';
import { scheduleAt, scheduleHref, scheduleQuery } from '../queries.ts';
import { ScheduleState } from '../ScheduleState.tsx';
import { useStopSwitch } from '../StopSwitch.tsx';
import type { ScheduleView } from '../views.ts';
import { t } from '../words.ts';
import { Facts } from './Facts.tsx';
import { FiresView } from './FiresView.tsx';
import { HistoryView } from './HistoryView.tsx';
import { NextStarts } from './NextStarts.tsx';
import { TriggerDialog } from './TriggerDialog.tsx';

const VIEWS = ['next', 'fires', 'backfills', 'history', 'definition'] as const;
type View = (typeof VIEWS)[number];

/** One schedule: what it says, what it starts next, what became of its moments, and what can be done with it. */
export const SchedulePage = () => {
  const params = useParams<{ name: string; view?: string }>();
  const view = (): View | undefined => (params.view === undefined ? 'next' : VIEWS.find((one) => one === params.view));
  return (
    <Show when={view()} fallback={<NotFoundPage />}>
      {(shown) => (
        // What was asked about one schedule is not asked about another.
        <Show when={params.name} keyed>
          {(name) => <OneSchedule name={name} view={shown()} />}
        </Show>
      )}
    </Show>
  );
};

const OneSchedule = (props: { name: string; view: View }) => {
  const schedule = useQuery(() => scheduleQuery(props.name));
  const { StopBanner } = useStopSwitch();
  const view = () => props.view;
  const hrefOf = (one: View) => scheduleHref(props.name, one === 'next' ? '' : one);
  const found = () => schedule.data;
  return (
    <Page
      title={props.name}
      trail={[{ word: t('schedules.title'), href: '/schedules' }]}
      state={<Show when={found()}>{(one) => <StateLine schedule={one()} />}</Show>}
      actions={<Show when={found()}>{(one) => <Ways schedule={one()} />}</Show>}
    >
      <div class="mt-3">
        <StopBanner />
        <Show when={found()}>{(one) => <Troubles schedule={one()} />}</Show>
        <Tabs
          label={t('schedule.views')}
          tabs={VIEWS.map((one) => ({ id: one, word: t(`schedule.${one}`), href: hrefOf(one) }))}
          current={view()}
        />
      </div>
      <Fetched query={schedule} skeleton="h-96">
        {(one) => (
          <Switch>
            <Match when={view() === 'fires'}>
              <FiresView schedule={one()} />
            </Match>
            <Match when={view() === 'backfills'}>
              <BackfillsView schedule={one()} />
            </Match>
            <Match when={view() === 'history'}>
              <HistoryView schedule={one()} />
            </Match>
            <Match when={view() === 'definition'}>
              <div class="mt-4">
                <SourceText text={one().source} label={t('schedule.definition')} />
              </div>
            </Match>
            <Match when={view() === 'next'}>
              <Facts schedule={one()} />
              <NextStarts schedule={one()} />
            </Match>
          </Switch>
        )}
      </Fetched>
    </Page>
  );
};

const StateLine = (props: { schedule: ScheduleView }) => (
  <span class="flex flex-wrap items-center gap-x-3 gap-y-1">
    <ScheduleState state={props.schedule.state} />
    <span class="max-w-column break-words">{props.schedule.words}</span>
  </span>
);

const Told = (props: { children: JSX.Element }) => (
  <div class="-mx-4 md:-mx-6">
    <Banner tone="warning">
      <span class="min-w-0 flex-1">{props.children}</span>
    </Banner>
  </div>
);

/** Why it starts nothing, or Temporal does not know of it. */
const Troubles = (props: { schedule: ScheduleView }) => (
  <>
    <Show when={props.schedule.pause}>
      {(pause) => (
        <Told>
          <span class="font-semibold">{t('schedule.paused')}</span> {pause().by ? t('state.by', pause().by ?? '') : ''}{' '}
          <Show when={pause().since}>
            {t('state.since')} <Timestamp at={pause().since} />
          </Show>
          <Show when={pause().until}>
            {' '}
            {t('state.until')} <Timestamp at={pause().until} />
          </Show>
          <Show when={pause().note}>
            {(note) => (
              <span class="block">
                <PlainText text={note()} first={500} />
              </span>
            )}
          </Show>
        </Told>
      )}
    </Show>
    <Show when={props.schedule.stopped_reason}>{(why) => <Told>{t('schedule.stopped', why())}</Told>}</Show>
    <Show when={props.schedule.plan.problem}>{(problem) => <Told>{t('schedule.problem', problem())}</Told>}</Show>
  </>
);

const Ways = (props: { schedule: ScheduleView }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = createSignal<'hold' | 'trigger' | 'delete' | null>(null);
  const close = () => setAsked(null);
  const lacks = (permission: string) => (session.may(permission) ? undefined : permission);
  const editHref = () => scheduleHref(props.schedule.name, 'edit');
  const holdWords = () => t(props.schedule.pause ? 'pause.resume' : 'pause.pause');
  useActions(() => [
    { id: 'schedule.trigger', words: t('trigger.trigger'), key: 'r', run: () => setAsked('trigger'), denied: lacks('run:start') },
    { id: 'schedule.hold', words: holdWords(), run: () => setAsked('hold'), denied: lacks('schedule:pause') },
    { id: 'schedule.edit', words: t('schedule.edit'), run: () => navigate(editHref()), denied: lacks('schedule:edit') },
    { id: 'schedule.delete', words: t('delete.delete'), run: () => setAsked('delete'), denied: lacks('schedule:edit') },
  ]);
  const remove = async (key: string) => {
    const { name, version } = props.schedule;
    await send('DELETE', scheduleAt(name), undefined, key, { ifMatch: `"${version}"` });
    toast({ says: t('delete.done', name) });
    navigate('/schedules', { replace: true });
    queries.removeQueries({ queryKey: ['schedules', 'one', name] });
    void queries.invalidateQueries({ queryKey: ['schedules', 'list'] });
  };
  return (
    <>
      <ActionButton words={t('trigger.trigger')} run={() => setAsked('trigger')} lacks={lacks('run:start')} />
      <ActionButton words={holdWords()} run={() => setAsked('hold')} lacks={lacks('schedule:pause')} />
      <ActionButton words={t('delete.delete')} look="danger" run={() => setAsked('delete')} lacks={lacks('schedule:edit')} />
      <MayLink href={editHref()} words={t('schedule.edit')} permission="schedule:edit" look="main" />
      <HoldDialogs schedule={asked() === 'hold' ? props.schedule : null} close={close} />
      <TriggerDialog schedule={props.schedule} open={asked() === 'trigger'} close={close} />
      <Confirm
        open={asked() === 'delete'}
        title={t('delete.title', props.schedule.name)}
        effect={t('delete.effect')}
        keep={t('delete.keep')}
        act={t('delete.act')}
        close={close}
        run={remove}
      />
    </>
  );
};
