import type { Json } from './json.ts';
import { LIMITS } from './limits.ts';
import { errorAt, type Problem, pointerTo } from './problem.ts';

/** What no schema says and every value from outside must keep to: depth, size, exact integers, texts that storage takes, no `__proto__`. Ends at the first breach of size. */
export function* boundViolations(value: Json, pointer = ''): Generator<Problem> {
  const room = { values: LIMITS.values, characters: LIMITS.characters };
  yield* walk(value, pointer, 1, room);
  if (room.values < 0) yield errorAt(pointer, `holds more than ${LIMITS.values} values`);
  else if (room.characters < 0) yield errorAt(pointer, `holds more than ${LIMITS.characters} characters of text`);
}

interface Room {
  values: number;
  characters: number;
}

function* walk(value: Json, pointer: string, depth: number, room: Room): Generator<Problem> {
  room.values -= 1;
  if (typeof value === 'string') yield* textViolations(value, pointer, room);
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    yield errorAt(pointer, `${value} is beyond ±${Number.MAX_SAFE_INTEGER}, where integers stop being exact; write it in quotes`, {
      value,
    });
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > LIMITS.nesting) {
    yield errorAt(pointer, `is nested more than ${LIMITS.nesting} levels deep`);
    return;
  }
  const entries = Object.entries(value);
  if (entries.length > LIMITS.items) {
    yield errorAt(pointer, `has ${entries.length} entries; at most ${LIMITS.items} allowed`);
    return;
  }
  for (const [key, part] of entries) {
    if (room.values < 0 || room.characters < 0) return;
    const at = pointerTo(pointer, key);
    if (!Array.isArray(value)) yield* keyViolations(key, at, room);
    yield* walk(part, at, depth + 1, room);
  }
}

function* keyViolations(key: string, pointer: string, room: Room): Generator<Problem> {
  if (key === '__proto__') yield errorAt(pointer, 'the key "__proto__" is not allowed');
  yield* textViolations(key, pointer, room);
}

function* textViolations(text: string, pointer: string, room: Room): Generator<Problem> {
  room.characters -= text.length;
  if (text.includes('\u0000')) yield errorAt(pointer, 'text must not hold NUL characters');
  else if (!text.isWellFormed()) yield errorAt(pointer, 'text holds half of a surrogate pair, which is no character');
}
