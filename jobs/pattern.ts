import { RE2JS } from '@bufbuild/re2';

const compiled = new Map<string, RE2JS>();

/** The pattern ready to test texts in linear time, wherever it was written; throws when it is not RE2. JavaScript's own engine never sees it. */
export function patternOf(source: string): { test(text: string): boolean } {
  const known = compiled.get(source);
  if (known) return known;
  const made = new RE2JS(source);
  if (compiled.size >= 1000) compiled.clear();
  compiled.set(source, made);
  return made;
}
