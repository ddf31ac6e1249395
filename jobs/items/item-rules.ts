import type { StepDefinition } from '../definition.ts';
import { durationProblems } from '../duration-rules.ts';
import type { Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { errorAt, type Problem, pointerTo, shown } from '../problem.ts';
import type { StepSpec } from '../step.ts';
import { countOfAxes } from './combinations.ts';

type SoundField = (field: keyof StepDefinition) => boolean;

const OF_PARTS = ['max_parallel', 'order', 'batch', 'fail'] as const;

/** What is wrong with the items of a step and how they proceed, besides its shape and its expressions. */
export function* itemViolations(step: StepDefinition, pointer: string, spec: StepSpec, isSound: SoundField): Generator<Problem> {
  const { foreach, matrix, target, batch } = step;
  const hasItems = foreach !== undefined || matrix !== undefined;
  if (foreach !== undefined && matrix !== undefined) {
    yield errorAt(`${pointer}/matrix`, 'stands beside foreach; a step has one of the two');
  }
  if (hasItems && spec.target !== undefined && target !== undefined && typeof target !== 'string') {
    const why = 'a step with foreach or matrix runs each item on one; write one name, which may hold ${{ item }}';
    yield errorAt(`${pointer}/target`, `stands for several targets; ${why}`, { value: target as Json });
  }
  for (const field of OF_PARTS) {
    if (!isSound(field) || step[field] === undefined || hasItems || spec.target !== undefined) continue;
    yield errorAt(`${pointer}/${field}`, `steps of type ${spec.type} take no target, and this one has no foreach or matrix`, {
      value: step[field] as Json,
    });
  }
  if (isSound('batch') && batch?.pause !== undefined) yield* durationProblems(`${pointer}/batch/pause`, batch.pause, LIMITS.runTimeoutMs);
  if (isSound('matrix') && matrix !== undefined) yield* matrixViolations(matrix, `${pointer}/matrix`);
}

function* matrixViolations(matrix: NonNullable<StepDefinition['matrix']>, pointer: string): Generator<Problem> {
  const { include, exclude, ...axes } = matrix;
  if (Object.keys(axes).length === 0 && include === undefined)
    yield errorAt(pointer, 'has no list to combine; write e.g. { site: [ber, fra] }');
  const lists = Object.entries(axes);
  if (lists.every((axis): axis is [string, readonly Json[]] => typeof axis[1] !== 'string')) {
    const count = countOfAxes({ axes: Object.fromEntries(lists) });
    const most = exclude === undefined ? LIMITS.foreachItems : LIMITS.combinations;
    if (count > most) yield errorAt(pointer, `has ${count} combinations; a step takes at most ${most}`);
  }
  for (const [name, list] of Object.entries({ include, exclude })) {
    if (list === undefined || typeof list === 'string') continue;
    for (const [at, one] of list.entries()) {
      if (typeof one === 'object' && one !== null && !Array.isArray(one)) continue;
      yield errorAt(pointerTo(`${pointer}/${name}`, at), `${shown(one)} is no combination; write fields, e.g. { site: ber }`, {
        value: one,
      });
    }
  }
}
