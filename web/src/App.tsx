import { Navigate, Route, Router } from '@solidjs/router';
import { lazy, type ParentProps } from 'solid-js';
import { BASE } from './api/client.ts';
import { Broken } from './frame/Broken.tsx';
import { Frame } from './frame/Frame.tsx';
import { LiveProvider } from './live/Live.tsx';
import { Gate } from './pages/login/Gate.tsx';
import { ErrorBoundary, Suspense } from './solid.ts';

const RunsPage = lazy(async () => ({ default: (await import('./pages/runs/RunsPage.tsx')).RunsPage }));
const RunPage = lazy(async () => ({ default: (await import('./pages/run/RunPage.tsx')).RunPage }));
const JobsPage = lazy(async () => ({ default: (await import('./pages/jobs/JobsPage.tsx')).JobsPage }));
const JobPage = lazy(async () => ({ default: (await import('./pages/jobs/JobPage.tsx')).JobPage }));
const TargetsPage = lazy(async () => ({ default: (await import('./pages/places/TargetsPage.tsx')).TargetsPage }));
const CredentialsPage = lazy(async () => ({ default: (await import('./pages/places/CredentialsPage.tsx')).CredentialsPage }));
const WorkersPage = lazy(async () => ({ default: (await import('./pages/places/WorkersPage.tsx')).WorkersPage }));
const PasswordPage = lazy(async () => ({ default: (await import('./pages/login/PasswordPage.tsx')).PasswordPage }));
const NotFoundPage = lazy(async () => ({ default: (await import('./pages/NotFoundPage.tsx')).NotFoundPage }));

const Root = (props: ParentProps) => (
  <Gate>
    <LiveProvider>
      <Frame>
        <ErrorBoundary fallback={(error: Error, reset) => <Broken error={error} reset={reset} />}>
          <Suspense>{props.children}</Suspense>
        </ErrorBoundary>
      </Frame>
    </LiveProvider>
  </Gate>
);

/** Every address of the page; each page's code is loaded when it is first opened. */
export const App = () => (
  <Router base={BASE} root={Root}>
    <Route path="/" component={() => <Navigate href="/runs" />} />
    <Route path="/runs" component={RunsPage} />
    <Route path="/runs/:id/:view?" component={RunPage} />
    <Route path="/jobs" component={JobsPage} />
    <Route path="/jobs/:name/:view?" component={JobPage} />
    <Route path="/targets" component={TargetsPage} />
    <Route path="/credentials" component={CredentialsPage} />
    <Route path="/workers" component={WorkersPage} />
    <Route path="/password" component={PasswordPage} />
    <Route path="*" component={NotFoundPage} />
  </Router>
);
