import { useQuery } from '../../../api/use-query.ts';
import { Fetched } from '../../../components/Fetched.tsx';
import type { LateLayerProps } from '../../../components/LateButton.tsx';
import { PopoverLayer } from '../../../components/PopoverLayer.tsx';
import { viewsQuery } from '../queries.ts';
import type { SavedView } from '../views.ts';
import { t } from '../words.ts';
import { ViewsList } from './ViewsList.tsx';

interface ViewsProps {
  readonly search: string;
  readonly edit: (view: SavedView) => void;
}

/** The ways of looking at the list, in all states they can be in. */
export const Views = (props: ViewsProps & { picked?: () => void }) => {
  const query = useQuery(viewsQuery);
  const edit = (view: SavedView) => {
    props.picked?.();
    props.edit(view);
  };
  return (
    <Fetched query={query} skeleton="h-40">
      {(views) => <ViewsList views={views()} search={props.search} edit={edit} picked={() => props.picked?.()} />}
    </Fetched>
  );
};

/** The same views behind a button. */
export const ViewsLayer = (props: ViewsProps & LateLayerProps) => (
  <PopoverLayer
    class={props.class}
    face={props.face}
    opening={props.opening}
    label={t('views.button')}
    box="max-h-[70vh] w-72 overflow-y-auto text-table"
    placement="bottom-end"
  >
    {(close) => (
      <>
        <h2 class="sr-only">{t('views.button')}</h2>
        <Views search={props.search} edit={props.edit} picked={close} />
      </>
    )}
  </PopoverLayer>
);
