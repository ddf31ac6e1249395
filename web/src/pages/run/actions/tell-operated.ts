import { toast } from '../../../components/Toasts.tsx';
import type { Operated } from './moves.ts';
import { t } from './words.ts';

/** Says what became of an operation on a step. Throws what it was refused with where nothing of it was done. */
export const tellOperated = ({ items }: Operated, done: string): void => {
  const refused = items.filter(({ outcome }) => outcome === 'refused');
  const [first] = refused;
  if (first && refused.length === items.length) throw new Error(first.why ?? t('step.refused', first.key));
  toast(first ? { says: t('step.partly', done, refused.length, first.why ?? ''), failed: true } : { says: done });
};
