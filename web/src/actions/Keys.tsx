import { lazy, onCleanup, Show } from 'solid-js';
import { usePreferences } from '../preferences/preferences.ts';
import { Suspense } from '../solid.ts';
import { t } from '../words.ts';
import { actionsNow, useActions } from './actions.tsx';
import { isCommandK, isForText, isTaken } from './key-event.ts';
import { closeLayer, openKeys, openLayer, openPalette, soughtWords } from './palette-layer.ts';
import { createPresses } from './press.ts';

/** Keys that one holds to go on. */
const isMoving = (key: string): boolean => key === 'j' || key === 'k';

const Palette = lazy(async () => ({ default: (await import('./Palette.tsx')).Palette }));
const KeysOverlay = lazy(async () => ({ default: (await import('./KeysOverlay.tsx')).KeysOverlay }));

/** Listens to the keyboard for what is on screen, and shows the palette and the list of keys; one a page. */
export const Keys = () => {
  const { now } = usePreferences();
  const find = createPresses();
  useActions(() => [{ id: 'keys', words: t('keys.show'), key: '?', run: openKeys }]);

  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (isCommandK(event)) {
      event.preventDefault();
      openPalette();
      return;
    }
    if (!now().single_keys || event.ctrlKey || event.metaKey || event.altKey || isForText(event) || isTaken(event)) return;
    // A key that is held is pressed once.
    if (event.repeat && !isMoving(event.key)) return;
    const action = find(event.key, event.timeStamp, actionsNow());
    if (!action) return;
    event.preventDefault();
    action.run();
  };
  window.addEventListener('keydown', press);
  onCleanup(() => window.removeEventListener('keydown', press));

  return (
    <Suspense>
      <Show when={openLayer() === 'palette'}>
        <Palette typed={soughtWords()} close={closeLayer} />
      </Show>
      <Show when={openLayer() === 'keys'}>
        <KeysOverlay close={closeLayer} />
      </Show>
    </Suspense>
  );
};
