import { useQueryClient } from '@tanstack/solid-query';
import X from 'lucide-solid/icons/x';
import { For, Show } from 'solid-js';
import { send } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { IconButton } from '../../../components/IconButton.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { jobPath } from '../queries.ts';
import type { VersionRow } from '../views.ts';
import { t } from '../words.ts';

/** The names that a version goes by, which can be taken away. */
export const VersionTags = (props: { job: string; version: VersionRow }) => {
  const queries = useQueryClient();
  const session = useSession();
  const keys = createKeys();
  const remove = async (tag: string) => {
    try {
      await send('DELETE', `${jobPath(props.job)}/tags/${encodeURIComponent(tag)}`, undefined, keys.of(tag), {
        ifMatch: `"${props.version.version}"`,
      });
      keys.done(tag);
      toast({ says: t('versions.untagged', tag) });
    } catch (error) {
      toast({ says: (error as Error).message, failed: true });
    }
    await queries.invalidateQueries({ queryKey: ['job', props.job] });
  };
  return (
    <Show when={props.version.tags.length > 0}>
      <ul class="relative mt-1 flex w-fit flex-wrap gap-1">
        <For each={props.version.tags}>
          {(tag) => (
            <li class="inline-flex h-6 items-center rounded-control border border-hairline bg-bg0 pl-2 text-meta">
              {tag}
              <IconButton
                small
                label={t('versions.untag', tag)}
                off={!session.may('job:edit') && t('versions.untag_denied')}
                press={() => void remove(tag)}
              >
                <X size={12} />
              </IconButton>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
};
