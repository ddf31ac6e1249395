const TOPIC = /^(runs|jobs|notices|queues|(run|log):[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The most topics that one stream may have. */
export const MAX_TOPICS = 100;

/** Whether there is such a topic of live news. */
export const isTopic = (text: string): boolean => TOPIC.test(text);
