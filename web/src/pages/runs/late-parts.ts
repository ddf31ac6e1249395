/** What the list's buttons open, and what stands beside it: one file, brought when nobody waits for it. */
export const layers = () => import('./layers.ts');
