import { createMemo, createSignal, mapArray, onCleanup } from 'solid-js';
import type { ParameterSchema } from '#jobs/definition.ts';
import type { JsonObject } from '#jobs/json.ts';
import { pointerTo } from '#jobs/problem.ts';
import { send } from '../../../api/client.ts';
import { useQuery } from '../../../api/use-query.ts';
import type { FieldChoices } from '../../../form/settings.ts';
import { whenChanged } from '../../../solid.ts';
import { jobPath } from '../queries.ts';
import type { ChoicesView } from '../views.ts';

/** Typing is over after this long without a key. */
const SETTLED_MS = 300;

/** What may be chosen for each parameter that has choices, found anew whenever a parameter they depend on has become another. */
export const createChoices = (
  job: () => string,
  schemas: () => Readonly<Record<string, ParameterSchema>>,
  value: () => JsonObject,
): ((pointer: string) => FieldChoices | undefined) => {
  const [settled, setSettled] = createSignal(value());
  let timer: ReturnType<typeof setTimeout> | undefined;
  onCleanup(() => clearTimeout(timer));
  whenChanged(
    value,
    (now) => {
      clearTimeout(timer);
      timer = setTimeout(() => setSettled(now), SETTLED_MS);
    },
    'later',
  );
  const names = createMemo(() => Object.keys(schemas()).filter((name) => schemas()[name]?.choices !== undefined));
  const found = createMemo(
    mapArray(names, (name) => {
      const needed = createMemo(() => schemas()[name]?.choices?.depends_on ?? []);
      const given = createMemo(() => {
        const all = settled();
        return Object.fromEntries(needed().flatMap((other) => (all[other] === undefined ? [] : [[other, all[other]] as const])));
      });
      const query = useQuery(() => ({
        queryKey: ['job', job(), 'choices', name, given()] as const,
        queryFn: () =>
          send<ChoicesView>('POST', `${jobPath(job())}/parameters/${encodeURIComponent(name)}/choices`, { parameters: given() }),
        enabled: needed().every((other) => given()[other] !== undefined),
        retry: false,
        staleTime: 30_000,
      }));
      const choices: FieldChoices = {
        get items() {
          return query.isSuccess ? query.data.items : undefined;
        },
        get error() {
          return query.error?.message;
        },
        again: () => void query.refetch(),
        get strict() {
          return schemas()[name]?.choices?.strict === true;
        },
        get waitsFor() {
          return needed().find((other) => given()[other] === undefined);
        },
      };
      return [pointerTo('/parameters', name), choices] as const;
    }),
  );
  return (pointer) => found().find(([at]) => at === pointer)?.[1];
};
