import { t } from './words.ts';

const NAMED = 5;

/** Targets that are left alone, and why; of many the first few by name. */
export const NamesLeft = (props: { names: readonly string[]; why: string }) => (
  <p class="mt-1 break-words text-muted">
    {t('change.left', props.names.length, props.why)} {props.names.slice(0, NAMED).join(', ')}
    {props.names.length > NAMED ? t('change.more', props.names.length - NAMED) : ''}
  </p>
);
