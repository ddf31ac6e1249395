import { createVirtualizer } from '@tanstack/solid-virtual';
import { createMemo, createSignal, For, Match, Show, Switch } from 'solid-js';
import { Refusal } from '../components/Fetched.tsx';
import { createEffect, on } from '../solid.ts';
import { t } from '../words.ts';
import './log.css';
import { LogRow } from './LogRow.tsx';
import { LogToolbar } from './LogToolbar.tsx';
import { createLogSource } from './source.ts';
import { lineAt, PART, partOf } from './window.ts';

const LINE = 20;

interface LogViewProps {
  readonly run: string;
  readonly step: string;
  /** Where it opens: at the end, following, or at the first line that is an error. */
  readonly opensAt: 'end' | 'error';
  /** False once nothing more will be written. */
  readonly growing: boolean;
  /** Class of the box's height. */
  readonly height: string;
}

/** A step's log by line number: only what is looked at is loaded and drawn, however long it is; it follows the end until the reader scrolls up. */
export const LogView = (props: LogViewProps) => {
  const source = createLogSource(
    () => props.run,
    () => props.step,
  );
  const [box, setBox] = createSignal<HTMLDivElement>();
  const [follow, setFollow] = createSignal(true);
  const [wrap, setWrap] = createSignal(false);
  const [target, setTarget] = createSignal(0);
  const [at, setAt] = createSignal(1);
  const total = () => source.window().total;
  const part = createMemo(() => partOf(at(), total()), undefined, {
    equals: (one, other) => one.first === other.first && one.last === other.last,
  });
  const count = () => part().last - part().first + 1;

  const rows = createVirtualizer({
    get count() {
      return count();
    },
    getScrollElement: () => box() ?? null,
    estimateSize: () => LINE,
    overscan: 20,
  });

  const goTo = (line: number, align: 'start' | 'center' | 'end') => {
    setAt(line);
    queueMicrotask(() => rows.scrollToIndex(line - part().first, { align }));
  };
  const goToEnd = () => {
    setFollow(true);
    goTo(total(), 'end');
  };
  const goToError = () => {
    const line = source.firstError();
    if (line === null) return;
    setFollow(false);
    setTarget(line);
    goTo(line, 'center');
  };

  createEffect(
    on([() => props.run, () => props.step, source.opened], () => {
      setTarget(0);
      if (!source.opened()) return;
      if (props.opensAt === 'error' && source.firstError() !== null) goToError();
      else goToEnd();
    }),
  );
  createEffect(on(total, () => follow() && source.opened() && goToEnd(), { defer: true }));
  createEffect(on(wrap, () => rows.measure(), { defer: true }));

  // What is on screen is what must be loaded.
  createEffect(() => {
    const shown = rows.getVirtualItems();
    const [first, last] = [shown[0], shown.at(-1)];
    if (source.opened() && first && last) source.show(part().first + first.index, part().first + last.index);
  });

  let top = 0;
  const onScroll = (element: HTMLDivElement) => {
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < LINE;
    if (element.scrollTop < top && !atEnd) setFollow(false);
    else if (atEnd && part().last === total()) setFollow(true);
    top = element.scrollTop;
  };

  return (
    <section
      class={`flex flex-col overflow-hidden rounded-control border border-hairline bg-log ${props.height}`}
      aria-label={t('log.label', props.step)}
    >
      <LogToolbar
        run={props.run}
        step={props.step}
        total={total()}
        follow={follow()}
        growing={props.growing}
        wrap={wrap()}
        toggleWrap={() => setWrap(!wrap())}
        firstError={source.firstError()}
        goToEnd={goToEnd}
        goToError={goToError}
      />
      <Switch>
        <Match when={source.error() && !source.opened() && source.error()}>
          {(error) => (
            <div class="px-4">
              <Refusal error={error()} retry={source.reopen} />
            </div>
          )}
        </Match>
        <Match when={source.opened() && total() === 0}>
          <p class="p-4 text-muted">{props.growing ? t('log.none_yet') : t('log.none')}</p>
        </Match>
        <Match when={source.opened()}>
          <div
            ref={setBox}
            role="log"
            aria-live="off"
            aria-label={t('log.label', props.step)}
            tabindex="0"
            class="min-h-0 flex-1 overflow-auto py-1 font-mono text-table -outline-offset-2"
            style={{ '--gutter': `${total().toLocaleString().length + 1}ch` }}
            onScroll={(event) => onScroll(event.currentTarget)}
          >
            <Show when={part().first > 1}>
              <PartButton
                word={t('log.earlier')}
                from={part().first - PART}
                to={part().first - 1}
                go={() => goTo(part().first - 1, 'end')}
              />
            </Show>
            <div class="relative" style={{ height: `${rows.getTotalSize()}px` }}>
              <For each={rows.getVirtualItems()}>
                {(item) => {
                  const n = () => part().first + item.index;
                  const line = () => lineAt(source.window(), n());
                  const before = () => lineAt(source.window(), n() - 1);
                  return (
                    <div
                      data-index={item.index}
                      ref={(row) => queueMicrotask(() => wrap() && rows.measureElement(row))}
                      class={`absolute top-0 left-0 ${wrap() ? 'w-full' : 'h-5 w-max min-w-full'}`}
                      style={{ transform: `translateY(${item.start}px)` }}
                    >
                      <LogRow
                        n={n()}
                        line={line()}
                        wrap={wrap()}
                        target={target() === n()}
                        newAttempt={before() !== undefined && line() !== undefined && before()?.attempt !== line()?.attempt}
                      />
                    </div>
                  );
                }}
              </For>
            </div>
            <Show when={part().last < total()}>
              <PartButton
                word={t('log.later')}
                from={part().last + 1}
                to={Math.min(part().last + PART, total())}
                go={() => goTo(part().last + 1, 'start')}
              />
            </Show>
          </div>
        </Match>
      </Switch>
    </section>
  );
};

const PartButton = (props: { word: string; from: number; to: number; go: () => void }) => (
  <button type="button" class="link px-4 py-1" onClick={() => props.go()}>
    {props.word}: {t('log.part', props.from.toLocaleString(), props.to.toLocaleString())}
  </button>
);
