import { SourceText } from '../../components/SourceText.tsx';
import type { JobAt } from './views.ts';
import { t } from './words.ts';

/** What a job says, as it was typed. */
export const DefinitionView = (props: { job: JobAt }) => (
  <SourceText text={props.job.source} label={t('job.definition_of', props.job.name, props.job.version)} />
);
