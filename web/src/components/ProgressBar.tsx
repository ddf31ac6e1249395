/** How much of something is done, as a thin bar in the colour of the text around it. */
export const ProgressBar = (props: { label: string; done: number; of: number; class?: string }) => (
  <div
    role="progressbar"
    aria-label={props.label}
    aria-valuemin={0}
    aria-valuemax={Math.max(1, props.of)}
    aria-valuenow={props.done}
    class={`h-1 overflow-hidden rounded-control bg-bg2 ${props.class ?? ''}`}
  >
    <div class="h-full bg-current" style={{ width: `${Math.min(100, (100 * props.done) / Math.max(1, props.of))}%` }} />
  </div>
);
