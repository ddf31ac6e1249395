import { speak } from '../../words/speak.ts';

/** The words of the API reference. */
export const t = speak({
  'reference.title': 'API reference',
  'reference.says': 'Every route of this server, as it describes itself. Send a token as “Authorization: Bearer cap_…”.',
  'reference.document': 'OpenAPI document',
  'reference.search': 'Filter routes',
  'reference.no_match': 'No route has this in its path or summary.',
  'reference.other': 'other',
  'reference.permission': (name: string) => `Needs ${name}`,
  'reference.open': 'Answers without a login',
  'reference.parameters': 'Parameters',
  'reference.parameter': 'Name',
  'reference.where': 'In',
  'reference.type': 'What it takes',
  'reference.means': 'Meaning',
  'reference.takes': 'Takes',
  'reference.answers': 'Answers',
  'reference.schema_of': (code: string) => `Schema of ${code}`,
});
