import { keepPreviousData } from '@tanstack/solid-query';
import { send } from '../../../api/client.ts';
import type { RerunAsk } from './moves.ts';
import type { RerunPreviewView } from './views.ts';

/** What a re-run would come to; asked by POST, since it is asked with values, and starts nothing. */
export const rerunPreviewQuery = (run: string, asked: RerunAsk) => ({
  queryKey: ['rerun-preview', run, JSON.stringify(asked)] as const,
  queryFn: () => send<RerunPreviewView>('POST', `/runs/${run}/rerun/preview`, asked),
  placeholderData: keepPreviousData,
  retry: false,
  // Nobody asks for it again once the dialog is closed.
  gcTime: 0,
});
