import { useParams } from '@solidjs/router';
import { useQuery } from '../../api/use-query.ts';
import { Fetched } from '../../components/Fetched.tsx';
import { readForForm } from '../../form/read-for-form.ts';
import { Page } from '../../frame/Page.tsx';
import { targetQuery } from './queries.ts';
import { TargetEditor } from './TargetEditor.tsx';
import { t } from './words.ts';

const TRAIL = [{ word: t('targets.title'), href: '/targets' }];

/** Makes a target. */
export const NewTargetPage = () => (
  <Page title={t('targets.new')} trail={TRAIL}>
    <TargetEditor />
  </Page>
);

/** Changes a target; its name stays. */
export const EditTargetPage = () => {
  const params = useParams<{ name: string }>();
  const target = useQuery(() => ({ ...targetQuery(params.name), ...readForForm('target', params.name) }));
  return (
    <Page
      title={t('targets.edit_title', params.name)}
      trail={[...TRAIL, { word: params.name, href: `/targets/${encodeURIComponent(params.name)}` }]}
    >
      <Fetched query={target} skeleton="h-96">
        {(found) => <TargetEditor target={found()} />}
      </Fetched>
    </Page>
  );
};
