import { Router, useCurrentMatches } from '@solidjs/router';
import { type Component, lazy, type ParentProps, untrack } from 'solid-js';
import { ADDRESSES, type Address } from './addresses.ts';
import { BASE } from './api/client.ts';
import { Broken } from './frame/Broken.tsx';
import { Frame } from './frame/Frame.tsx';
import { LiveProvider } from './live/Live.tsx';
import { Gate } from './pages/login/Gate.tsx';
import { useAccountPreferences } from './preferences/account.ts';
import { useLook } from './preferences/look.ts';
import { ErrorBoundary, Suspense } from './solid.ts';

const RunsPage = lazy(async () => ({ default: (await import('./pages/runs/RunsPage.tsx')).RunsPage }));
const RunPage = lazy(async () => ({ default: (await import('./pages/run/RunPage.tsx')).RunPage }));
const ComparePage = lazy(async () => ({ default: (await import('./pages/compare/ComparePage.tsx')).ComparePage }));
const JobsPage = lazy(async () => ({ default: (await import('./pages/jobs/list/JobsPage.tsx')).JobsPage }));
const TrashPage = lazy(async () => ({ default: (await import('./pages/jobs/trash/TrashPage.tsx')).TrashPage }));
const ImportPage = lazy(async () => ({ default: (await import('./pages/jobs/import/ImportPage.tsx')).ImportPage }));
const JobPage = lazy(async () => ({ default: (await import('./pages/jobs/JobPage.tsx')).JobPage }));
const EditJobPage = lazy(async () => ({ default: (await import('./builder/BuilderPage.tsx')).EditJobPage }));
const NewJobPage = lazy(async () => ({ default: (await import('./builder/BuilderPage.tsx')).NewJobPage }));
const SchedulesPage = lazy(async () => ({ default: (await import('./pages/schedules/SchedulesPage.tsx')).SchedulesPage }));
const SchedulePage = lazy(async () => ({ default: (await import('./pages/schedules/schedule/SchedulePage.tsx')).SchedulePage }));
const AgendaPage = lazy(async () => ({ default: (await import('./pages/schedules/agenda/AgendaPage.tsx')).AgendaPage }));
const QueuesPage = lazy(async () => ({ default: (await import('./pages/queues/QueuesPage.tsx')).QueuesPage }));
const CalendarsPage = lazy(async () => ({ default: (await import('./pages/calendars/CalendarsPage.tsx')).CalendarsPage }));
const CalendarPage = lazy(async () => ({ default: (await import('./pages/calendars/CalendarPage.tsx')).CalendarPage }));
const NewCalendarPage = lazy(async () => ({ default: (await import('./pages/calendars/CalendarFormPage.tsx')).NewCalendarPage }));
const EditCalendarPage = lazy(async () => ({ default: (await import('./pages/calendars/CalendarFormPage.tsx')).EditCalendarPage }));
const NewSchedulePage = lazy(async () => ({ default: (await import('./pages/schedules/form/ScheduleFormPage.tsx')).NewSchedulePage }));
const EditSchedulePage = lazy(async () => ({ default: (await import('./pages/schedules/form/ScheduleFormPage.tsx')).EditSchedulePage }));
const MePage = lazy(async () => ({ default: (await import('./pages/me/MePage.tsx')).MePage }));
const OverviewPage = lazy(async () => ({ default: (await import('./pages/overview/OverviewPage.tsx')).OverviewPage }));
const TargetsPage = lazy(async () => ({ default: (await import('./pages/targets/TargetsPage.tsx')).TargetsPage }));
const TargetPage = lazy(async () => ({ default: (await import('./pages/targets/TargetPage.tsx')).TargetPage }));
const NewTargetPage = lazy(async () => ({ default: (await import('./pages/targets/TargetFormPages.tsx')).NewTargetPage }));
const EditTargetPage = lazy(async () => ({ default: (await import('./pages/targets/TargetFormPages.tsx')).EditTargetPage }));
const CredentialsPage = lazy(async () => ({ default: (await import('./pages/credentials/CredentialsPage.tsx')).CredentialsPage }));
const CredentialPage = lazy(async () => ({ default: (await import('./pages/credentials/CredentialPage.tsx')).CredentialPage }));
const NewCredentialPage = lazy(async () => ({ default: (await import('./pages/credentials/CredentialFormPages.tsx')).NewCredentialPage }));
const ReplaceCredentialPage = lazy(async () => ({
  default: (await import('./pages/credentials/CredentialFormPages.tsx')).ReplaceCredentialPage,
}));
const SystemPage = lazy(async () => ({ default: (await import('./pages/system/SystemPage.tsx')).SystemPage }));
const WorkersPage = lazy(async () => ({ default: (await import('./pages/system/WorkersPage.tsx')).WorkersPage }));
const LocksPage = lazy(async () => ({ default: (await import('./pages/system/LocksPage.tsx')).LocksPage }));
const UsersPage = lazy(async () => ({ default: (await import('./pages/people/PeoplePages.tsx')).UsersPage }));
const GroupsPage = lazy(async () => ({ default: (await import('./pages/people/PeoplePages.tsx')).GroupsPage }));
const TokensPage = lazy(async () => ({ default: (await import('./pages/people/TokensPage.tsx')).TokensPage }));
const TemplatesPage = lazy(async () => ({ default: (await import('./pages/templates/TemplatesPage.tsx')).TemplatesPage }));
const ReferencePage = lazy(async () => ({ default: (await import('./pages/reference/ReferencePage.tsx')).ReferencePage }));
const NotFoundPage = lazy(async () => ({ default: (await import('./pages/NotFoundPage.tsx')).NotFoundPage }));

/** Not part of the first list: nothing is gone by a press before something was pressed. */
const FocusGoesOn = lazy(async () => {
  const { useFocusGoesOn } = await import('./frame/focus-goes-on.ts');
  return {
    default: () => {
      useFocusGoesOn();
      return null;
    },
  };
});

/** Brings the code of the page that the address names while it is still being asked who looks at it. */
const bringPage = (): void => {
  const matches = useCurrentMatches();
  for (const { route } of untrack(matches))
    (route.component as Partial<ReturnType<typeof lazy>> | undefined)?.preload?.().catch(() => undefined);
};

const Root = (props: ParentProps) => {
  bringPage();
  useLook();
  useAccountPreferences();
  return (
    <Gate>
      <LiveProvider>
        <Frame>
          <ErrorBoundary fallback={(error: unknown, reset) => <Broken error={error} reset={reset} />}>
            <Suspense>{props.children}</Suspense>
          </ErrorBoundary>
        </Frame>
        <ErrorBoundary fallback={null}>
          <Suspense>
            <FocusGoesOn />
          </Suspense>
        </ErrorBoundary>
      </LiveProvider>
    </Gate>
  );
};

const PAGES = {
  '/': OverviewPage,
  '/runs': RunsPage,
  '/runs/:id/:view?': RunPage,
  '/compare': ComparePage,
  '/jobs': JobsPage,
  '/jobs/new': NewJobPage,
  '/jobs/:name/edit': EditJobPage,
  '/jobs/trash': TrashPage,
  '/jobs/import': ImportPage,
  '/jobs/:name/:view?': JobPage,
  '/calendars': CalendarsPage,
  '/calendars/new': NewCalendarPage,
  '/calendars/:name': CalendarPage,
  '/calendars/:name/edit': EditCalendarPage,
  '/queues/:view?': QueuesPage,
  '/schedules': SchedulesPage,
  '/schedules/agenda': AgendaPage,
  '/schedules/new': NewSchedulePage,
  '/schedules/:name/edit': EditSchedulePage,
  '/schedules/:name/:view?': SchedulePage,
  '/targets': TargetsPage,
  '/targets/new': NewTargetPage,
  '/targets/:name': TargetPage,
  '/targets/:name/edit': EditTargetPage,
  '/credentials': CredentialsPage,
  '/credentials/new': NewCredentialPage,
  '/credentials/:name': CredentialPage,
  '/credentials/:name/replace': ReplaceCredentialPage,
  '/templates': TemplatesPage,
  '/system': SystemPage,
  '/workers': WorkersPage,
  '/me': MePage,
  '/locks': LocksPage,
  '/users': UsersPage,
  '/groups': GroupsPage,
  '/tokens': TokensPage,
  '/reference': ReferencePage,
  '*': NotFoundPage,
} as const satisfies Record<Address, Component>;

/** Every address of the page; each page's code is loaded when it is first opened. */
export const App = () => (
  <Router base={BASE} root={Root}>
    {ADDRESSES.map((path) => ({ path, component: PAGES[path] }))}
  </Router>
);
