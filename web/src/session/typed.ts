/** All that a tab keeps of what was typed begins so. */
export const TYPED = 'capstan.';
const WHOSE = `${TYPED}whose`;

type Kept = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const forgetIn = (kept: Kept): void => {
  const keys = Array.from({ length: kept.length }, (_, at) => kept.key(at));
  for (const key of keys) if (key?.startsWith(TYPED)) kept.removeItem(key);
};

/** Whose is what was typed in this tab; null when nobody has said so. */
export const whoseTyped = (): string | null => {
  try {
    return sessionStorage.getItem(WHOSE);
  } catch {
    return null;
  }
};

/** Forgets whatever was typed in this tab and not sent. */
export const forgetTyped = (kept: () => Kept = () => sessionStorage): void => {
  try {
    forgetIn(kept());
  } catch {
    // Storage is blocked: nothing was kept.
  }
};

/** What was typed in this tab belongs to this person from now on; what another one typed is forgotten before they see it. */
export const claimTyped = (person: string, kept: () => Kept = () => sessionStorage): void => {
  try {
    const typed = kept();
    if (typed.getItem(WHOSE) !== person) forgetIn(typed);
    typed.setItem(WHOSE, person);
  } catch {
    // Storage is blocked, or too full to say whose it is; what cannot be said to be theirs is not shown.
    forgetTyped(kept);
  }
};
