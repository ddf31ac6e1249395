import { render } from '../expression/render.ts';
import type { Variables } from '../expression/variables.ts';
import { type StepFailure, stepFailure } from '../failure.ts';
import { bytesAsJson, type Json, type JsonObject } from '../json.ts';
import { LIMITS } from '../limits.ts';
import type { Part } from '../parts.ts';
import type { PlannedStep } from '../plan.ts';
import { shown } from '../problem.ts';
import { type Axes, combinationsOf, countOfAxes } from './combinations.ts';

/** The parts of a step with items, in the order given; throws `StepFailure('invalid_input')` for what is no list, and for too many. */
export function partsOfItems({ id, items }: PlannedStep, variables: Variables): readonly Part[] {
  if (items === undefined) return [];
  const parts =
    'foreach' in items
      ? listOf(items.foreach, `steps.${id}.foreach`, variables).map((item): Part => ({ item }))
      : combinations(items.matrix, `steps.${id}.matrix`, variables).map((matrix): Part => ({ matrix }));
  const bytes = bytesAsJson(parts);
  if (bytes > LIMITS.partsBytes) {
    throw stepFailure('invalid_input', `step ${id}: its items have ${bytes} bytes together; a step takes at most ${LIMITS.partsBytes}`);
  }
  return parts;
}

function listOf(template: Json, place: string, variables: Variables): readonly Json[] {
  const value = render(template, variables, { place });
  if (!Array.isArray(value)) throw stepFailure('invalid_input', `${place}: ${shown(value)} is no list; items come as a list`);
  if (value.length > LIMITS.foreachItems) throw tooMany(place, value.length);
  return value as readonly Json[];
}

function combinations(matrix: JsonObject, place: string, variables: Variables): readonly JsonObject[] {
  const { include, exclude, ...axes } = matrix;
  const lists: Axes = {
    axes: Object.fromEntries(Object.entries(axes).map(([name, list]) => [name, listOf(list, `${place}.${name}`, variables)])),
    include: objectsOf(include, `${place}.include`, variables),
    exclude: objectsOf(exclude, `${place}.exclude`, variables),
  };
  // Before they are made: two long lists have more combinations than fit anywhere.
  if (countOfAxes(lists) > LIMITS.combinations) throw tooMany(place, countOfAxes(lists));
  const found = combinationsOf(lists);
  if (found.length > LIMITS.foreachItems) throw tooMany(place, found.length);
  return found;
}

function objectsOf(template: Json | undefined, place: string, variables: Variables): readonly JsonObject[] {
  if (template === undefined) return [];
  const list = listOf(template, place, variables);
  const odd = list.find((one) => typeof one !== 'object' || one === null || Array.isArray(one));
  if (odd !== undefined) throw stepFailure('invalid_input', `${place}: ${shown(odd)} is no combination; write fields, e.g. { site: ber }`);
  if (list.length > LIMITS.matrixChanges) {
    throw stepFailure('invalid_input', `${place}: ${list.length} entries; at most ${LIMITS.matrixChanges} are taken`);
  }
  return list as readonly JsonObject[];
}

const tooMany = (place: string, count: number): StepFailure =>
  stepFailure('invalid_input', `${place}: ${count} items; a step takes at most ${LIMITS.foreachItems}`);
