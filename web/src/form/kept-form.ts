import { createSignal } from 'solid-js';
import type { Json, JsonObject, JsonSchema } from '#jobs/json.ts';
import { whenChanged } from '../solid.ts';
import { type Drawer, keptAt } from './kept.ts';
import { isObject, isSame } from './kind.ts';

/** What a form is filled from, with the tag of that state; null for something new. */
interface Begin {
  readonly form: JsonObject;
  readonly tag: string | null;
}

/** What of a form may be kept or shown: what its schema knows and does not call secret. */
export const withoutSecrets = (schema: JsonSchema, form: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(form).filter(([name]) => {
      const field = schema.properties?.[name];
      return field !== undefined && field.secret !== true;
    }),
  );

const readKept = (drawer: Drawer): Begin | null => {
  const kept: Json = drawer.read();
  if (!isObject(kept) || !isObject(kept.form)) return null;
  return { form: kept.form, tag: typeof kept.tag === 'string' ? kept.tag : null };
};

/**
 * What is typed into a form, kept in the tab at a place of its own until it is saved or begun anew, secrets never: a reload or a lost session loses nothing.
 * What was kept names the state it began from, so that saving it meets what others have saved since. Without a place nothing is kept.
 */
export const useKeptForm = (place: () => string | null, begin: () => Begin, schema: () => JsonSchema) => {
  const [form, setForm] = createSignal<JsonObject>({});
  const [tag, setTag] = createSignal<string | null>(null);
  const [isKept, setIsKept] = createSignal(false);
  let drawer: Drawer | null = null;
  const fill = (from: Begin, kept: boolean) => {
    setForm(from.form);
    setTag(from.tag);
    setIsKept(kept);
  };
  const forget = () => {
    drawer?.keep(null);
    setIsKept(false);
  };
  const open = (here: string | null) => {
    drawer = here === null ? null : keptAt(here);
    const kept = drawer && readKept(drawer);
    fill(kept ?? begin(), kept !== null);
  };
  // The fields are drawn with what stands in them: what reads a value only when it changes would miss the first one.
  open(place());
  whenChanged(place, open, 'later');
  const keep = (next: JsonObject) => {
    const typed = withoutSecrets(schema(), next);
    const isNew = !isSame(typed, withoutSecrets(schema(), begin().form));
    drawer?.keep(isNew ? { form: typed, tag: tag() } : null);
  };
  return {
    form,
    /** The state that it changes. */
    tag,
    /** What stands here was typed earlier and not saved. */
    isKept,
    change: (next: JsonObject) => {
      setForm(next);
      keep(next);
    },
    /** Goes on from a state that somebody else has saved. */
    take: (from: Begin) => {
      forget();
      fill(from, false);
    },
    startOver: () => {
      forget();
      fill(begin(), false);
    },
    forget,
  };
};
