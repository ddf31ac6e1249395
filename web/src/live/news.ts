import type { LiveMessage } from '../api/views.ts';

/** What has been heard and not yet been drawn, each thing once. */
export type News = Map<string, LiveMessage>;

/** Tells a live message from anything else that may come over a stream. */
export const isMessage = (data: unknown): data is LiveMessage => typeof data === 'object' && data !== null && 'topic' in data;

/** What a message is about: a later one of the same takes its place. */
const subjectOf = (message: LiveMessage): string => {
  if ('run' in message) return `run ${message.run.id}`;
  if ('step' in message) return `step ${message.step.key}`;
  const { topic, ...rest } = message;
  return 'last' in rest ? `log ${rest.key}` : JSON.stringify(rest);
};

/** Adds a message to the news; what it makes old is dropped, and the newest come last. */
export const takeNews = (news: News, message: LiveMessage): void => {
  const subject = `${message.topic} ${subjectOf(message)}`;
  news.delete(subject);
  news.set(subject, message);
};
