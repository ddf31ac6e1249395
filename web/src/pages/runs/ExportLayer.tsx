import { createSignal, For } from 'solid-js';
import { API, ask } from '../../api/client.ts';
import type { LateLayerProps } from '../../components/LateButton.tsx';
import { Menu, MenuItem } from '../../components/Menu.tsx';
import { toast } from '../../components/Toasts.tsx';
import { useChosenColumns } from './chosen-columns.ts';
import { EXPORT_COLUMNS } from './columns.tsx';
import { t } from './words.ts';

const FORMATS = ['csv', 'json'] as const;

interface ExportLayerProps extends LateLayerProps {
  readonly search: string;
  readonly barred?: string | undefined;
}

/** Downloads runs as a file: all that a filter finds, with what the shown columns show. */
export const ExportLayer = (props: ExportLayerProps) => {
  const columns = useChosenColumns();
  const named = () => [...new Set(columns.shown().flatMap((column) => EXPORT_COLUMNS[column]))].join(',');
  const path = (format: string) => `/runs/export?${props.search}${props.search === '' ? '' : '&'}format=${format}&columns=${named()}`;
  const [busy, setBusy] = createSignal(false);
  /** A refusal is told, and not kept as a file. */
  const download = async (format: string) => {
    if (busy()) return;
    setBusy(true);
    try {
      const from = path(format);
      await ask(from);
      const link = Object.assign(document.createElement('a'), { href: API + from, download: `runs.${format}` });
      link.click();
    } catch (problem) {
      toast({ says: t('export.refused', (problem as Error).message), failed: true });
    }
    setBusy(false);
  };
  return (
    <Menu
      class={props.class}
      worded
      trigger={props.face}
      heading={t('export.heading')}
      opening={props.opening}
      barred={props.barred !== undefined}
      title={props.barred}
      busy={busy()}
    >
      <For each={FORMATS}>{(format) => <MenuItem onSelect={() => void download(format)}>{t(`export.${format}`)}</MenuItem>}</For>
    </Menu>
  );
};
