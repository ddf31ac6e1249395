import ChevronDown from 'lucide-solid/icons/chevron-down';
import { LateButton } from '../../components/LateButton.tsx';
import { layers } from './late-parts.ts';
import { t } from './words.ts';

/** The way to a file of all that a filter finds; `barred` says why there is none. */
export const ExportButton = (props: { search: string; barred?: string | undefined }) => {
  const face = () => (
    <>
      {t('export.button')}
      <ChevronDown size={16} class="text-muted" />
    </>
  );
  return (
    <LateButton
      opens="menu"
      class="button"
      face={face()}
      title={props.barred}
      barred={props.barred !== undefined}
      load={async () => (await layers()).ExportLayer}
    >
      {(Layer, opening) => <Layer class="button" face={face()} opening={opening} search={props.search} barred={props.barred} />}
    </LateButton>
  );
};
