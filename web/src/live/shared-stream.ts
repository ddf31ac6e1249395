import { type OpenSource, openStream, SILENCE_MS, type Stream, type StreamEvents } from './stream.ts';
import { unionOf, type Wish } from './wishes.ts';

/** What tabs say to each other. */
export type Word =
  | { readonly kind: 'wish'; readonly tab: string; readonly wish: Wish; readonly isNew: boolean }
  | { readonly kind: 'gone'; readonly tab: string }
  | { readonly kind: 'reconnect' }
  /** Who follows wants to know whether somebody leads. */
  | { readonly kind: 'ask' }
  | OfLeader;

/** Words of a tab that has led since then: of two, the one that began later is right. */
type OfLeader =
  | { readonly kind: 'here'; readonly since: number }
  /** Who leads wants to know who is there. */
  | { readonly kind: 'roll'; readonly since: number }
  | { readonly kind: 'news'; readonly since: number; readonly news: News };

type News =
  | { readonly what: 'open' | 'lost'; readonly id: string }
  | { readonly what: 'message' | 'ping'; readonly data: unknown; readonly id: string }
  | { readonly what: 'resync'; readonly topics: readonly string[] | null; readonly since: string | null; readonly id: string };

/** How a tab speaks to the others; what it says it does not hear itself. */
export interface Channel {
  post(word: Word): void;
  hear(handler: (word: Word) => void): void;
  close(): void;
}

/** What becomes of a tab: it is its turn to lead, another took that from it, or tabs cannot agree. */
export interface Calls {
  readonly lead: () => void;
  readonly follow: () => void;
  readonly alone: () => void;
}

/** A tab's place among those that would lead. */
export interface Turn {
  /** Leads at once, in place of a tab that does not answer. */
  take(): void;
  /** Gives it up and stands in line again. */
  rejoin(): void;
  giveUp(): void;
}

/** Stands in line to lead. */
export type Elect = (calls: Calls) => Turn;

export interface Tabs {
  /** This tab's name. */
  readonly tab: string;
  readonly channel: Channel;
  readonly elect: Elect;
  /** False where there is no way from tab to tab. */
  readonly isShared: boolean;
  readonly open?: OpenSource;
}

/** A stream that all tabs of a browser have in common. */
export interface SharedStream {
  /** What this tab wants from now on. */
  wish(wish: Wish): void;
  /** Tries again at once. */
  reconnect(): void;
  /** True where this tab has found no way to share, and holds a stream of its own. */
  isAlone(): boolean;
  /** This tab leaves; another takes the stream over from the last event. */
  leave(): void;
}

const ANSWER_MS = 2000;
/** So long a tab that is looked at hears nothing of the one that leads before it asks whether it is there: it may have been frozen by the browser, and then neither hears nor passes on anything. */
const QUIET_MS = 5000;
/** So long it waits for the answer before it leads itself. */
const PATIENCE_MS = 3000;
const ROLL_MS = 5 * 60_000;

/** Every tab tells its wishes; the one that leads holds the stream for all of them and passes on what it hears, each time with the event's id, so that whoever leads next goes on from there. */
export const shareStream = (url: string, events: StreamEvents, { tab, channel, elect, isShared, open }: Tabs): SharedStream => {
  const others = new Map<string, { wish: Wish; answered: boolean }>();
  let mine: Wish = { topics: [], visible: true, asleep: true, from: '' };
  let stream: Stream | null = null;
  let lastId = '';
  let isLive = false;
  /** What was passed on before this tab was there it has missed. */
  let isJoined = false;
  let isAlone = !isShared;
  /** Since when the tab leads that is followed, or this one. */
  let since = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let doubt: ReturnType<typeof setTimeout> | undefined;
  let answers: ReturnType<typeof setTimeout> | undefined;
  let rolls: ReturnType<typeof setInterval> | undefined;

  const relisten = () => {
    if (!stream) return;
    const wishes = [mine, ...[...others.values()].map(({ wish }) => wish)];
    if (wishes.every(({ asleep }) => asleep)) stream.close();
    else stream.listen(unionOf(wishes), mine.from);
  };

  const take = (news: News) => {
    if (news.id !== '') lastId = news.id;
    isLive = news.what !== 'lost';
    if (news.what === 'message' || news.what === 'ping') events[news.what](news.data, news.id);
    else if (news.what === 'resync') events.resync(news.topics, news.since, news.id);
    else events[news.what]();
  };
  const spread = (news: News) => {
    channel.post({ kind: 'news', since, news });
    take(news);
  };
  const follow = (news: News) => {
    clearTimeout(silence);
    if (news.what !== 'lost') silence = setTimeout(events.lost, SILENCE_MS);
    take(news);
    if (news.what !== 'open' || isJoined) return;
    isJoined = true;
    events.resync(null, news.id || null, news.id);
  };

  /** Who does not answer is no longer there, and what it wanted is not wanted any more. */
  const callRoll = () => {
    for (const other of others.values()) other.answered = false;
    channel.post({ kind: 'roll', since });
    clearTimeout(answers);
    answers = setTimeout(() => {
      for (const [name, { answered }] of others) if (!answered) others.delete(name);
      relisten();
    }, ANSWER_MS);
  };

  const lead = () => {
    clearTimeout(silence);
    clearTimeout(doubt);
    isJoined = true;
    // No two tabs begin at once.
    since = Math.max(Date.now(), since + 1) + Math.random();
    const told: StreamEvents = {
      open: () => spread({ what: 'open', id: lastId }),
      lost: () => spread({ what: 'lost', id: '' }),
      message: (data, id) => spread({ what: 'message', data, id }),
      ping: (data, id) => spread({ what: 'ping', data, id }),
      resync: (topics, readSince, id) => spread({ what: 'resync', topics, since: readSince, id }),
    };
    stream = openStream(url, told, open, lastId);
    relisten();
    callRoll();
    rolls = setInterval(callRoll, ROLL_MS);
  };

  const stop = () => {
    for (const timer of [silence, doubt, answers]) clearTimeout(timer);
    clearInterval(rolls);
    stream?.close();
    stream = null;
  };

  /** Another leads by now; what it passed on while this tab was frozen may be lost. */
  const stepBack = () => {
    if (!stream) return;
    stop();
    wonder();
    silence = setTimeout(events.lost, SILENCE_MS);
    events.resync(null, null, lastId);
  };

  const sayWish = (isNew: boolean) => channel.post({ kind: 'wish', tab, wish: mine, isNew });

  const isLookedAt = () => mine.visible && !mine.asleep;
  const ask = () => {
    clearTimeout(doubt);
    doubt = setTimeout(() => isLookedAt() && turn.take(), PATIENCE_MS);
    channel.post({ kind: 'ask' });
  };
  const wonder = () => {
    clearTimeout(doubt);
    doubt = setTimeout(() => isLookedAt() && ask(), QUIET_MS);
  };

  const greet = () => {
    sayWish(false);
    if (stream) channel.post({ kind: 'news', since, news: isLive ? { what: 'open', id: lastId } : { what: 'lost', id: '' } });
  };
  const hearLeader = (word: OfLeader) => {
    if (word.since < since) return;
    since = word.since;
    if (stream) turn.rejoin();
    stepBack();
    wonder();
    if (word.kind === 'roll') sayWish(false);
    if (word.kind === 'news') follow(word.news);
  };
  channel.hear((word) => {
    if ('since' in word) return hearLeader(word);
    if (word.kind === 'reconnect') return stream?.reconnect();
    if (word.kind === 'ask') return stream ? channel.post({ kind: 'here', since }) : undefined;
    if (word.kind === 'gone') others.delete(word.tab);
    else others.set(word.tab, { wish: word.wish, answered: true });
    relisten();
    if (word.kind === 'wish' && word.isNew) greet();
  });

  sayWish(true);
  silence = setTimeout(events.lost, SILENCE_MS);
  const turn = elect({
    lead,
    follow: stepBack,
    alone: () => {
      isAlone = true;
      channel.close();
      others.clear();
      if (!stream) lead();
    },
  });

  return {
    wish: (wish) => {
      const isNewlyLookedAt = !isLookedAt() && wish.visible && !wish.asleep;
      mine = wish;
      sayWish(false);
      relisten();
      if (isNewlyLookedAt && !stream) ask();
    },
    isAlone: () => isAlone,
    reconnect: () => (stream ? stream.reconnect() : channel.post({ kind: 'reconnect' })),
    leave: () => {
      channel.post({ kind: 'gone', tab });
      stop();
      channel.close();
      turn.giveUp();
    },
  };
};
