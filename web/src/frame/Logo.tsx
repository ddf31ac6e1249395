/** The capstan's mark: a drum with its bars, in the colour of the text around it. */
export const Logo = (props: { class: string }) => (
  <svg viewBox="0 0 32 32" class={props.class} fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true">
    <circle cx="16" cy="16" r="5" />
    <path d="M16 2v9M16 21v9M2 16h9M21 16h9M6.1 6.1A14 14 0 0 1 25.9 6.1M25.9 25.9A14 14 0 0 1 6.1 25.9" />
  </svg>
);
