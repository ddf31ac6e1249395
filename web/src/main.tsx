import { QueryClient, QueryClientProvider } from '@tanstack/solid-query';
import { render } from 'solid-js/web';
import { App } from './App.tsx';
import { ApiProblem } from './api/problem.ts';
import { Crash } from './frame/Crash.tsx';
import { SessionProvider } from './session/session.tsx';
import { ErrorBoundary } from './solid.ts';
import { mendAddress } from './url/mend-address.ts';
import './theme.css';
import 'virtual:status-tones.css';

const worthRepeating = (count: number, error: Error): boolean =>
  count < 2 && error instanceof ApiProblem && (error.status === 0 || error.status >= 500);

const queries = new QueryClient({ defaultOptions: { queries: { retry: worthRepeating, refetchOnWindowFocus: false } } });

mendAddress();
const root = document.getElementById('page');
if (!root) throw new Error('index.html has no #page');
render(
  () => (
    <QueryClientProvider client={queries}>
      <ErrorBoundary fallback={(error: unknown) => <Crash error={error} />}>
        <SessionProvider>
          <App />
        </SessionProvider>
      </ErrorBoundary>
    </QueryClientProvider>
  ),
  root,
);
