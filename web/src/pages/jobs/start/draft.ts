import type { ParameterSchema } from '#jobs/definition.ts';

type Texts = Readonly<Record<string, string>>;
const keyOf = (job: string) => `capstan.start.${job}`;

/** What was typed into a job's start form and not sent yet, as long as the tab lives. */
export const readDraft = (job: string): Texts => {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(job)) ?? '{}');
  } catch {
    return {};
  }
};

/** Keeps what is typed, secrets never; an empty draft forgets it. */
export const keepDraft = (job: string, texts: Texts, parameters: Readonly<Record<string, ParameterSchema>>): void => {
  const kept = Object.entries(texts).filter(([name]) => !parameters[name]?.secret);
  try {
    if (kept.length === 0) sessionStorage.removeItem(keyOf(job));
    else sessionStorage.setItem(keyOf(job), JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // Storage is blocked or full: the form works without a draft.
  }
};
