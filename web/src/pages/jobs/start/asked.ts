import { createMemo, createSignal } from 'solid-js';
import type { ParameterSchema } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { keysOf } from '#jobs/problem.ts';
import { createEffect } from '../../../solid.ts';
import { hasConditions, loadAsked } from './check.ts';

/** Which parameters are asked for as they are filled in; what a condition hides waits until it can be told. */
export const createAsked = (schemas: () => Readonly<Record<string, ParameterSchema>>, value: () => JsonObject) => {
  const [askedOf, setAskedOf] = createSignal<Awaited<ReturnType<typeof loadAsked>>>();
  const [failure, setFailure] = createSignal<unknown>();
  createEffect(() => {
    if (hasConditions(schemas()) && !askedOf()) loadAsked().then((asked) => setAskedOf(() => asked), setFailure);
  });
  const asked = createMemo(() => {
    // A form without some of its fields would not say so: the page tells what is the matter, and keeps what was typed.
    if (failure() !== undefined) throw failure();
    if (!hasConditions(schemas())) return new Set(Object.keys(schemas()));
    return askedOf()?.(schemas(), value()) ?? new Set(Object.keys(schemas()).filter((name) => schemas()[name]?.visible_if === undefined));
  });
  const isHidden = (pointer: string) => {
    const [, name = '', ...deeper] = keysOf(pointer);
    return deeper.length === 0 && !asked().has(name);
  };
  return { asked, isHidden };
};
