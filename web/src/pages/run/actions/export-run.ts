import { get } from '../../../api/client.ts';
import type { RunView } from '../../../api/views.ts';
import { toast } from '../../../components/Toasts.tsx';

/** Saves the run with all its steps and their attempts as a JSON file, as the API tells them. */
export const exportRun = async (run: RunView): Promise<void> => {
  try {
    const [whole, steps, history] = await Promise.all([
      get<RunView>(`/runs/${run.id}`),
      get<{ readonly items: readonly unknown[] }>(`/runs/${run.id}/steps`),
      get<{ readonly items: readonly unknown[] }>(`/runs/${run.id}/history`),
    ]);
    const { permissions: _, temporal_url: __, ...told } = whole;
    saveFile(`${run.job}-${run.number}.json`, JSON.stringify({ ...told, steps: steps.items, history: history.items }, null, 2));
  } catch (problem) {
    toast({ says: (problem as Error).message, failed: true });
  }
};

const saveFile = (name: string, text: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
};
