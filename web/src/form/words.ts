import type { JsonSchema } from '#jobs/json.ts';
import { grouped, plural } from '../words/counted.ts';
import { speak } from '../words/speak.ts';

const TYPES: Readonly<Record<string, string>> = {
  string: 'Text',
  integer: 'Whole number',
  number: 'Number',
  boolean: 'Yes or no',
  array: 'List',
  object: 'Fields',
};

/** The words of forms made from schemas. */
export const t = speak({
  'form.unset': 'not set',
  'form.yes': 'Yes',
  'form.no': 'No',
  'conflict.title': (name: string) => `${name} was changed meanwhile`,
  'conflict.effect': 'Somebody saved another version while you were typing. Both are shown where they differ.',
  'conflict.edit': 'Go on editing',
  'kept.still': 'What you typed last time is still here.',
  'kept.older': 'What you typed last time is still here. Somebody has saved another version since then; both are shown when you save.',
  'kept.anew': 'Begin anew',
  'conflict.says': 'Somebody else has saved this meanwhile.',
  'conflict.same': 'What they saved is what stands here.',
  'conflict.field': 'Field',
  'conflict.mine': 'Mine',
  'conflict.theirs': 'Theirs',
  'conflict.take': 'Take theirs',
  'conflict.keep': 'Save mine over it',
  'form.required': 'required',
  'form.json': 'Written as JSON.',
  'form.any': 'JSON; anything else is taken as text.',
  'form.secret': 'Never shown again; not remembered by this page.',
  'form.default': (value: string) => `Default: ${value}`,
  'form.use_default': 'Use default',
  'form.not_offered': (value: string) => `${value} (not offered)`,
  'form.add': 'Add',
  'form.full': (most: number) => `It takes no more than ${plural(most, 'entry', 'entries')}.`,
  'form.add_to': (label: string) => `Add to ${label}`,
  'form.entry': (at: number) => `Entry ${at}`,
  'form.remove': (label: string) => `Remove ${label}`,
  'form.up': (label: string) => `Move ${label} up`,
  'form.down': (label: string) => `Move ${label} down`,
  'form.entries': (count: number) => plural(count, 'entry', 'entries'),
  'form.more_entries': (count: number) => `Show ${plural(count, 'more entry', 'more entries')}`,
  'form.more_fields': (count: number) => `Show ${plural(count, 'more field', 'more fields')}`,
  'form.more_problems': (count: number) => `and ${plural(count, 'more', 'more')}`,
  'form.find': (label: string) => `Find in ${label}`,
  'form.find_hint': (count: number) => `Find among ${grouped(count)}`,
  'form.more_choices': (count: number) => `${grouped(count)} more: type to find them`,
  'form.key': 'Name',
  'form.value': 'Value',
  'form.key_taken': 'This name is taken.',
  'form.key_needed': 'A name is needed.',
  'form.variant': (label: string) => `Kind of ${label}`,
  'form.choices_loading': 'Loading choices…',
  'form.choices_wait': (field: string) => `Fill in ${field} first.`,
  'form.choices_failed': (why: string) => `The choices could not be loaded: ${why}`,
  'form.choices_again': 'Load again',
  'form.choices_count': (count: number) => `${plural(count, 'value', 'values')} to choose from.`,
  'form.choices_none': 'Nothing to choose.',
  'form.range': (low: string, high: string) => `${low} to ${high}`,
  'form.from': (low: string) => `At least ${low}`,
  'form.to': (high: string) => `At most ${high}`,
});

/** What kind of value a schema asks for, in a word or two. */
export const typeWords = (schema: JsonSchema): string => {
  if (schema.title) return schema.title;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const type = typeof schema.type === 'string' ? schema.type : schema.properties ? 'object' : schema.type?.[0];
  return TYPES[type ?? ''] ?? 'JSON';
};

/** The range of a number in words, or nothing. */
export const rangeWords = ({ minimum, maximum }: JsonSchema): string | undefined => {
  if (minimum !== undefined && maximum !== undefined) return t('form.range', String(minimum), String(maximum));
  if (minimum !== undefined) return t('form.from', String(minimum));
  return maximum === undefined ? undefined : t('form.to', String(maximum));
};
