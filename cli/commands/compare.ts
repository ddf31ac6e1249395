import type { z } from 'zod';
import type { ComparisonView } from '#api/views/comparison.ts';
import { formatDuration } from '#jobs/duration.ts';
import { STATUS_LOOK } from '#jobs/run-state.ts';
import type { ApiClient } from '../api-client.ts';
import { EXIT } from '../exit-codes.ts';
import { runId } from '../run-reference.ts';

type Comparison = z.infer<typeof ComparisonView>;

/** Prints how two runs differ, or a run and the last one of its job that completed; exit code 9 when they do. */
export async function compareCommand(
  api: ApiClient,
  a: string,
  b: string,
  { json }: { readonly json?: boolean },
  say: (line: string) => void,
): Promise<number> {
  const other = b === 'last-success' ? 'last_success' : await runId(api, b);
  const { body } = await api.ask<Comparison>('GET', `/runs/compare?a=${await runId(api, a)}&b=${other}`);
  if (json) say(JSON.stringify(body));
  else for (const line of linesOf(body)) say(line);
  const isSame = body.definition === null && body.parameters.length === 0 && body.target === null && body.steps.length === 0;
  return isSame ? EXIT.completed : EXIT.differences;
}

function* linesOf({ a, b, definition, parameters, target, steps, equal_steps }: Comparison): Generator<string> {
  const brief = ({ number, version, status }: Comparison['a']) => `#${number} v${version ?? '-'} ${STATUS_LOOK[status].word.toLowerCase()}`;
  yield `${brief(a)}  |  ${brief(b)}`;
  if (definition !== null) {
    const changed = definition.steps?.changed.map(({ id }) => id) ?? [];
    const added = definition.steps?.added.map(({ id }) => `+${id}`) ?? [];
    const removed = definition.steps?.removed.map(({ id }) => `-${id}`) ?? [];
    yield `definition: ${[...changed, ...added, ...removed, ...definition.fields.map(({ pointer }) => pointer)].join(', ')}`;
  }
  for (const { pointer, before, after } of parameters) yield `parameters${pointer}: ${JSON.stringify(before)} | ${JSON.stringify(after)}`;
  if (target !== null) yield `target: ${target.a ?? '-'} | ${target.b ?? '-'}`;
  for (const step of steps) {
    yield `${step.id}: ${sideOf(step.a)} | ${sideOf(step.b)}`;
    for (const { pointer, before, after } of [...step.config, ...step.outputs])
      yield `  ${pointer}: ${JSON.stringify(before)} | ${JSON.stringify(after)}`;
    for (const part of step.parts?.items ?? []) {
      const about = part.target ?? (part.item === null ? '' : JSON.stringify(part.item));
      yield `  ${part.key} ${about}: ${sideOf(part.a)} | ${sideOf(part.b)}`;
    }
  }
  if (equal_steps.length > 0) yield `equal: ${equal_steps.map(({ id }) => id).join(', ')}`;
}

function sideOf(side: Comparison['steps'][number]['a']): string {
  if (side === null) return '-';
  const took = side.duration_ms === null ? '' : ` in ${formatDuration(side.duration_ms)}`;
  return `${STATUS_LOOK[side.status].word.toLowerCase()}${took}${side.kept_from === null ? '' : ' (kept)'}${side.error ? `: ${side.error.message}` : ''}`;
}
