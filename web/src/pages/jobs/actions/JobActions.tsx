import { A, useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createSignal, Show } from 'solid-js';
import { useActions } from '../../../actions/actions.tsx';
import { send } from '../../../api/client.ts';
import { createKeys } from '../../../api/key-of.ts';
import { Menu, MenuItem } from '../../../components/Menu.tsx';
import { toast } from '../../../components/Toasts.tsx';
import { useSession } from '../../../session/session.tsx';
import { hrefOfJob } from '../list/columns.tsx';
import { exportHref, save } from '../list/ExportMenu.tsx';
import { jobPath } from '../queries.ts';
import type { JobNow } from '../views.ts';
import { t } from '../words.ts';
import { CloneJob } from './CloneJob.tsx';
import { DeleteJob } from './DeleteJob.tsx';
import { SwitchOff } from './SwitchOff.tsx';

type Asked = 'switch' | 'clone' | 'delete';

/** What can be done with a job; who may not reads which permission is missing. */
export const JobActions = (props: { job: JobNow; isStarting: boolean }) => {
  const session = useSession();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = createSignal<Asked>();
  const lacks = (permission: string) => (session.may(permission) ? undefined : permission);
  const keys = createKeys();
  const close = () => setAsked(undefined);
  const readAgain = () => queries.invalidateQueries({ queryKey: ['job', props.job.name] });

  const switchOn = async () => {
    try {
      await send('PATCH', jobPath(props.job.name), { active: true }, keys.of('on'), { ifMatch: props.job.etag });
      keys.done('on');
      toast({ says: t('job.switched_on', props.job.name) });
    } catch (error) {
      toast({ says: (error as Error).message, failed: true });
    }
    await readAgain();
  };
  const toggle = () => (props.job.active ? setAsked('switch') : void switchOn());
  const switchWords = () => t(props.job.active ? 'job.switch_off' : 'job.switch_on');

  useActions(() => [
    { id: 'job.run', words: t('job.run'), denied: lacks('run:start'), run: () => navigate(hrefOfJob(props.job.name, 'run')) },
    { id: 'job.edit', words: t('job.edit'), denied: lacks('job:edit'), run: () => navigate(hrefOfJob(props.job.name, 'edit')) },
    { id: 'job.switch', words: switchWords(), denied: lacks('job:edit'), run: toggle },
    { id: 'job.clone', words: t('job.clone'), denied: lacks('job:edit'), run: () => setAsked('clone') },
    { id: 'job.delete', words: t('job.delete'), denied: lacks('job:edit'), run: () => setAsked('delete') },
  ]);

  return (
    <>
      <A class="button" href={hrefOfJob(props.job.name, 'edit')}>
        {t('job.edit')}
      </A>
      <Show when={!props.isStarting}>
        <A class="button button-main" href={hrefOfJob(props.job.name, 'run')}>
          {t('job.run')}
        </A>
      </Show>
      <Menu label={t('job.more')} heading={props.job.name} trigger={<Ellipsis size={16} />}>
        <MenuItem onSelect={toggle} lacks={lacks('job:edit')}>
          {switchWords()}
        </MenuItem>
        <MenuItem onSelect={() => setAsked('clone')} lacks={lacks('job:edit')}>
          {t('job.clone')}
        </MenuItem>
        <MenuItem onSelect={() => save(exportHref('yaml', [props.job.name]))}>{t('job.export')}</MenuItem>
        <MenuItem onSelect={() => setAsked('delete')} lacks={lacks('job:edit')}>
          {t('job.delete')}
        </MenuItem>
      </Menu>
      <SwitchOff job={props.job} open={asked() === 'switch'} close={close} done={readAgain} lacks={lacks('job:edit')} />
      <CloneJob job={props.job} open={asked() === 'clone'} close={close} lacks={lacks('job:edit')} />
      <DeleteJob job={props.job} open={asked() === 'delete'} close={close} lacks={lacks('job:edit')} />
    </>
  );
};
