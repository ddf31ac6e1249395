import { createMemo, type JSX, Show } from 'solid-js';
import { hasEnded } from '#jobs/run-state.ts';
import { commandsQuery, connectionsQuery, runningTransfersQuery, transfersQuery } from '../../../api/queries.ts';
import { useInfiniteQuery, useQuery } from '../../../api/use-query.ts';
import type { Page, StepView } from '../../../api/views.ts';
import { type Going, MoreButton } from '../../../components/MoreButton.tsx';
import { whenChanged } from '../../../solid.ts';
import { Part } from '../Part.tsx';
import { t } from '../words.ts';
import { CommandList } from './CommandList.tsx';
import { ConnectionList } from './ConnectionList.tsx';
import { TransferList } from './TransferList.tsx';

interface Paged<T> {
  readonly data: { readonly pages: readonly Page<T>[] } | undefined;
  readonly dataUpdatedAt: number;
}

const itemsOf = <T,>(query: Paged<T>): readonly T[] => query.data?.pages.flatMap((page) => page.items) ?? [];

/** What a step did on its host, each kind only where there is some: files, commands with what they said, and the connections used. */
export const RemoteWork = (props: { run: string; step: StepView }) => {
  const key = () => props.step.key;
  const running = useQuery(() => runningTransfersQuery(props.run, key()));
  const transfers = useInfiniteQuery(() => transfersQuery(props.run, key()));
  const commands = useInfiniteQuery(() => commandsQuery(props.run, key()));
  const connections = useQuery(() => connectionsQuery(props.run, key()));

  // The step's own news come after those of its files and commands, and none tell of connections.
  whenChanged(
    () => `${key()} ${props.step.status} ${props.step.attempt}`,
    () => {
      for (const query of [running, transfers, commands, connections]) void query.refetch();
    },
    'later',
  );

  const files = createMemo(() => {
    const onTheirWay = running.data?.items ?? [];
    return [...onTheirWay, ...itemsOf(transfers).filter(({ status }) => status !== 'running')];
  });
  const used = () => connections.data?.items ?? [];

  return (
    <>
      <Kind title={t('remote.transfers')} count={files().length} query={transfers}>
        <TransferList files={files()} />
      </Kind>
      <Kind title={t('remote.commands')} count={itemsOf(commands).length} query={commands}>
        <CommandList commands={itemsOf(commands)} active={!hasEnded(props.step.status)} />
      </Kind>
      <Kind title={t('remote.connections')} count={used().length} closed>
        <ConnectionList connections={used()} />
      </Kind>
    </>
  );
};

interface KindProps {
  readonly title: string;
  readonly count: number;
  readonly closed?: boolean;
  readonly query?: Going;
  readonly children: JSX.Element;
}

const Kind = (props: KindProps) => (
  <Show when={props.count > 0}>
    <Part title={`${props.title} (${props.count}${props.query?.hasNextPage ? '+' : ''})`} open={!props.closed}>
      {props.children}
      <Show when={props.query}>{(query) => <MoreButton words={t('remote.more')} query={query()} />}</Show>
    </Part>
  </Show>
);
