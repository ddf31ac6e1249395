import type { QueryFunctionContext } from '@tanstack/solid-query';
import { createMemo, createSignal, For, Show } from 'solid-js';
import type { Json } from '#jobs/json.ts';
import { API, get } from '../../api/client.ts';
import { useQuery } from '../../api/use-query.ts';
import { Empty } from '../../components/Empty.tsx';
import { Fetched } from '../../components/Fetched.tsx';
import { type Column, Table } from '../../components/Table.tsx';
import { Page } from '../../frame/Page.tsx';
import { searchState, text } from '../../url/search-state.ts';
import { useSearchState } from '../../url/use-search-state.ts';
import { t as common } from '../../words.ts';
import { isAbout, type OpenApi, type Operation, operationsByTag, type Parameter, takes, unfolded } from './document.ts';
import { t } from './words.ts';

const STATE = searchState<{ readonly q: string }>({ q: text(100) });

const documentQuery = () => ({
  queryKey: ['openapi'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => get<OpenApi>('/openapi.json', signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Every route of the server as it describes itself: what it takes, what it answers, which permission it needs. */
export const ReferencePage = () => {
  const address = useSearchState(STATE);
  const document = useQuery(() => documentQuery());
  const q = () => address.value().q;
  return (
    <Page title={t('reference.title')} trail={[{ word: common('nav.system'), href: '/system' }]} state={t('reference.says')}>
      <div class="mt-4">
        <Fetched query={document} skeleton="h-96">
          {(found) => {
            const groups = createMemo(() =>
              [...operationsByTag(found(), t('reference.other'))].flatMap(([tag, all]) => {
                const shown = all.filter((one) => isAbout(one, q()));
                return shown.length > 0 ? [{ tag, shown }] : [];
              }),
            );
            return (
              <>
                <div class="flex flex-wrap items-center gap-4 pb-3">
                  <input
                    type="search"
                    class="input w-60"
                    aria-label={t('reference.search')}
                    placeholder={t('reference.search')}
                    maxlength={100}
                    value={q()}
                    onInput={(event) => address.change({ q: event.currentTarget.value }, 'typing')}
                  />
                  <a class="link" href={`${API}/openapi.json`} target="_blank" rel="noreferrer">
                    {t('reference.document')}
                  </a>
                </div>
                <Show when={groups().length > 0} fallback={<Empty says={t('reference.no_match')} />}>
                  <For each={groups()}>
                    {({ tag, shown }) => (
                      <section aria-label={tag} class="mt-6">
                        <h2 class="mb-1 text-section font-semibold">{tag}</h2>
                        <ul>
                          <For each={shown}>{(operation) => <OperationView operation={operation} document={found()} />}</For>
                        </ul>
                      </section>
                    )}
                  </For>
                </Show>
              </>
            );
          }}
        </Fetched>
      </div>
    </Page>
  );
};

const PARAMETERS: readonly Column<Parameter>[] = [
  { head: t('reference.parameter'), cell: ({ name, required }) => <span class="font-mono">{required ? `${name} *` : name}</span> },
  { head: t('reference.where'), cell: (parameter) => parameter.in },
  { head: t('reference.type'), cell: (parameter) => <span class="break-words">{takes(parameter)}</span> },
  { head: t('reference.means'), cell: ({ description }) => description ?? '' },
];

const OperationView = (props: { operation: Operation; document: OpenApi }) => {
  // What nobody opens is not drawn.
  const [open, setOpen] = createSignal(false);
  const permission = () => props.operation['x-permission'];
  return (
    <li class="border-b border-hairline">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary class="min-h-8 items-baseline gap-x-4 py-1 hover:bg-bg1 max-md:flex-wrap">
          <span class="w-16 shrink-0 font-mono font-semibold">{props.operation.method}</span>
          <span class="font-mono break-all md:max-w-1/2 md:shrink-0">{props.operation.path}</span>
          <span class="text-muted">{props.operation.summary}</span>
        </summary>
        <Show when={open()}>
          <div class="flex flex-col gap-3 pb-4 pl-4">
            <Show when={props.operation.description}>{(says) => <p class="max-w-column">{says()}</p>}</Show>
            <p class="text-muted">{permission() ? t('reference.permission', permission() ?? '') : t('reference.open')}</p>
            <Show when={props.operation.parameters?.length}>
              <Table caption={t('reference.parameters')} columns={PARAMETERS} items={props.operation.parameters ?? []} />
            </Show>
            <For each={Object.entries(props.operation.requestBody?.content ?? {})}>
              {([type, { schema }]) => <Schema title={`${t('reference.takes')} ${type}`} schema={schema} document={props.document} />}
            </For>
            <For each={Object.entries(props.operation.responses ?? {})}>
              {([code, answer]) => (
                <div>
                  <p>
                    <span class="font-mono font-semibold">{code}</span> {answer.description}
                  </p>
                  <For each={Object.values(answer.content ?? {})}>
                    {({ schema }) => <Schema title={t('reference.schema_of', code)} schema={schema} document={props.document} />}
                  </For>
                </div>
              )}
            </For>
          </div>
        </Show>
      </details>
    </li>
  );
};

const Schema = (props: { title: string; schema: Json | undefined; document: OpenApi }) => {
  const [open, setOpen] = createSignal(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="link w-fit">{props.title}</summary>
      <Show when={open()}>
        <pre class="mt-1 max-h-96 overflow-auto rounded-control bg-log p-3 font-mono text-table" tabindex="0">
          {JSON.stringify(unfolded(props.schema, props.document), null, 2)}
        </pre>
      </Show>
    </details>
  );
};
