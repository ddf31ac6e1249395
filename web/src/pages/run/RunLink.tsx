import { A } from '@solidjs/router';
import { t } from './words.ts';

/** A run by its number; its address is by id where that is known. */
export const RunLink = (props: { number: number; id?: string | undefined }) => (
  <A class="link whitespace-nowrap" href={`/runs/${props.id ?? props.number}`}>
    {t('run.numbered', props.number)}
  </A>
);
