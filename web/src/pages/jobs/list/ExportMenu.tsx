import ChevronDown from 'lucide-solid/icons/chevron-down';
import { Show } from 'solid-js';
import { API } from '../../../api/client.ts';
import { Menu, MenuItem } from '../../../components/Menu.tsx';
import { t } from '../words.ts';

/** Characters of names that fit into an address. */
const MOST_NAMED = 6_000;

/** The address of these jobs as one text; of every job without names. */
export const exportHref = (format: 'yaml' | 'ndjson', names: readonly string[] = []): string =>
  `${API}/jobs/export?format=${format}${names.length === 0 ? '' : `&names=${names.map(encodeURIComponent).join(',')}`}`;

/** Saves what an address answers as a file; this page stays, whatever the answer is. */
export const save = (href: string): void => {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
};

/** Writes out all jobs, or those that the filters leave. */
export const ExportMenu = (props: { shown: readonly string[] }) => (
  <Menu
    label={t('jobs.export')}
    heading={t('jobs.export_hint')}
    worded
    trigger={
      <>
        {t('jobs.export')} <ChevronDown size={16} />
      </>
    }
  >
    <MenuItem onSelect={() => save(exportHref('yaml'))}>{t('jobs.export_all_yaml')}</MenuItem>
    <MenuItem onSelect={() => save(exportHref('ndjson'))}>{t('jobs.export_all_ndjson')}</MenuItem>
    <Show when={props.shown.length > 0 && exportHref('yaml', props.shown).length <= MOST_NAMED}>
      <MenuItem onSelect={() => save(exportHref('yaml', props.shown))}>{t('jobs.export_shown', props.shown.length)}</MenuItem>
    </Show>
  </Menu>
);
