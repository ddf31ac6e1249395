import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useSession } from '../session/session.tsx';
import { ActionButton } from './ActionButton.tsx';

/** A way to a page on which something is made or changed; who may not sees it too, and is told which permission is missing. */
export const MayLink = (props: { href: string; words: string; permission: string; look?: 'plain' | 'main' }) => {
  const session = useSession();
  const look = () => props.look ?? 'plain';
  return (
    <Show
      when={session.may(props.permission)}
      fallback={<ActionButton words={props.words} look={look()} lacks={props.permission} run={() => undefined} />}
    >
      <A class={`button ${look() === 'main' ? 'button-main' : ''}`} href={props.href}>
        {props.words}
      </A>
    </Show>
  );
};
