import { plural } from '../../words/counted.ts';
import { speak } from '../../words/speak.ts';

/** The words of the pages of credentials. */
export const t = speak({
  'credentials.title': 'Credentials',
  'credentials.caption': 'Credentials by name; values are never shown',
  'credentials.search': 'Filter credentials',
  'credentials.none': 'No credential yet. A credential is a secret under a name: steps and targets use it, and nobody reads it again.',
  'credentials.new': 'New credential',
  'credentials.create': 'Create credential',
  'credentials.made': (name: string) => `Credential ${name} created.`,
  'credentials.replace': 'Replace',
  'credentials.replace_title': (name: string) => `Replace the secret of ${name}`,
  'credentials.replaced': (name: string) => `Credential ${name} replaced.`,
  'credentials.delete': 'Delete credential',
  'credentials.delete_ask': (name: string) => `Delete ${name}?`,
  'credentials.delete_effect': 'Its secret is gone for good.',
  'credentials.deleted': (name: string) => `Credential ${name} deleted.`,
  'credentials.used': 'Still in use; take it away from those first.',
  'credentials.keep': 'Keep it',
  'credentials.never': 'Values go in here and are never shown again.',
  'credentials.unknown_kind': (kind: string) => `This page does not know the kind ${kind}; reload it, or use the API.`,
  'credentials.name': 'Name',
  'credentials.kind': 'Kind',
  'credentials.kind_stays': 'A credential stays of its kind.',
  'credentials.username': 'User name',
  'credentials.description': 'Description',
  'credentials.fingerprint': 'Fingerprint of its key',
  'credentials.version': 'Version',
  'credentials.rotated': 'Last replaced',
  'credentials.by': 'By',
  'credentials.expires': 'Expires',
  'credentials.expired': 'expired',
  'credentials.no_end': '–',
  'credentials.used_by': 'Used by',
  'credentials.uses': (targets: number, jobs: number) =>
    [targets > 0 ? plural(targets, 'target', 'targets') : '', jobs > 0 ? plural(jobs, 'job', 'jobs') : ''].filter(Boolean).join(', ') ||
    'nobody',
  'credentials.holds': 'Holds',
  'credentials.targets': 'Targets',
  'credentials.jobs': 'Jobs',
});
