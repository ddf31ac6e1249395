import { Show } from 'solid-js';
import { ApiProblem } from '../api/problem.ts';
import { t } from '../words.ts';
import { CopyButton } from './CopyButton.tsx';

/** Names the request that a failure is the answer to, to be quoted to whoever looks after the server; nothing where there is none. */
export const RequestId = (props: { of: unknown }) => (
  <Show when={props.of instanceof ApiProblem && props.of.requestId}>{(id) => <RequestNamed id={id()} />}</Show>
);

/** Names a request. */
export const RequestNamed = (props: { id: string }) => (
  <p class="mt-1 flex items-center gap-1 text-meta">
    {t('fetched.request')} <span class="min-w-0 break-all font-mono">{props.id}</span>
    <CopyButton text={props.id} />
  </p>
);
