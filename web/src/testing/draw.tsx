import axe from 'axe-core';
import type { JSX } from 'solid-js';
import { render } from 'solid-js/web';
import { expect, onTestFinished } from 'vitest';
import '../theme.css';
import 'virtual:status-tones.css';

/** Draws a component on an empty page until the test ends. */
export const draw = (what: () => JSX.Element): HTMLElement => {
  const box = document.createElement('main');
  document.body.append(box);
  const dispose = render(what, box);
  onTestFinished(() => {
    dispose();
    box.remove();
  });
  return box;
};

/** Fails when axe finds anything wrong with what is drawn, in either theme. */
export const expectAccessible = async (box: HTMLElement): Promise<void> => {
  for (const theme of ['light', 'dark']) {
    document.documentElement.dataset.theme = theme;
    const { violations } = await axe.run(box, { rules: { region: { enabled: false } } });
    const found = violations.map(({ id, nodes }) => `${theme}: ${id} at ${nodes.map((node) => node.html).join(' | ')}`);
    expect(found).toEqual([]);
  }
};
