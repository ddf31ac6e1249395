import { A } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import { formatDuration } from '#jobs/duration.ts';
import { PlainText } from '../../components/PlainText.tsx';
import { StatusBadge } from '../../components/StatusBadge.tsx';
import { Timestamp } from '../../components/Timestamp.tsx';
import { deltaText } from './delta.ts';
import type { ComparedBrief, ComparisonView } from './views.ts';
import { t } from './words.ts';

/** The two runs beside each other: what they were and how they ended. */
export const RunFacts = (props: { found: ComparisonView }) => (
  <div class="relative overflow-x-auto">
    <table class="w-full min-w-120 text-left text-table">
      <caption class="sr-only">{t('compare.facts')}</caption>
      <thead>
        <tr class="border-b border-hairline bg-bg1 text-meta text-muted">
          <th class="h-8 w-40 px-3 font-normal">{t('compare.what')}</th>
          <Name run={props.found.a} words="compare.a" />
          <Name run={props.found.b} words="compare.b" />
        </tr>
      </thead>
      <tbody>
        <Row
          name={t('compare.status')}
          a={<StatusBadge status={props.found.a.status} />}
          b={<StatusBadge status={props.found.b.status} />}
        />
        <Row name={t('compare.version')} a={<Version run={props.found.a} />} b={<Version run={props.found.b} />} />
        <Row name={t('compare.started')} a={<Timestamp at={props.found.a.started_at} />} b={<Timestamp at={props.found.b.started_at} />} />
        <Row
          name={t('compare.duration')}
          a={longOf(props.found.a)}
          b={
            <>
              {longOf(props.found.b)}{' '}
              <span class="text-muted">{deltaText(props.found.a.execution_time_ms, props.found.b.execution_time_ms)}</span>
            </>
          }
        />
        <Show when={props.found.target}>{(target) => <Row name={t('compare.target')} a={target().a ?? ''} b={target().b ?? ''} />}</Show>
        <Show when={props.found.a.error_message ?? props.found.b.error_message}>
          <Row
            name={t('compare.error')}
            a={<PlainText text={props.found.a.error_message ?? ''} first={300} />}
            b={<PlainText text={props.found.b.error_message ?? ''} first={300} />}
          />
        </Show>
      </tbody>
    </table>
  </div>
);

const longOf = ({ execution_time_ms: ms }: ComparedBrief): string => (ms === null ? '' : formatDuration(ms));

const Name = (props: { run: ComparedBrief; words: 'compare.a' | 'compare.b' }) => (
  <th class="px-3 font-normal">
    <A class="link font-semibold" href={`/runs/${props.run.id}`}>
      {t(props.words, `${props.run.job} #${props.run.number}`)}
    </A>
  </th>
);

const Version = (props: { run: ComparedBrief }) => (
  <Show when={props.run.version !== null} fallback={t('compare.own_definition')}>
    {`v${props.run.version}`}
  </Show>
);

const Row = (props: { name: string; a: JSX.Element; b: JSX.Element }) => (
  <tr class="border-b border-hairline align-top">
    <th scope="row" class="h-8 px-3 py-1.5 font-normal text-muted">
      {props.name}
    </th>
    <td class="px-3 py-1.5 break-words">{props.a}</td>
    <td class="px-3 py-1.5 break-words">{props.b}</td>
  </tr>
);
