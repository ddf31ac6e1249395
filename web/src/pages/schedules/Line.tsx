import { visible } from '../../components/visible.ts';

const SHOWN = 300;

/** A foreign text in one muted line: bounded, and nothing in it turns its surroundings. */
export const Line = (props: { text: string }) => {
  const shown = () => visible(props.text.slice(0, SHOWN));
  return (
    <bdi class="block truncate text-meta text-muted" title={shown()}>
      {shown()}
    </bdi>
  );
};
