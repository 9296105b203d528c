import type { Drawn } from './drawing.ts';

/** What was drawn, as HTML. */
export function Drawing({ of }: { of: readonly Drawn[] }) {
  return (
    <>
      {of.map((one) => (
        <Piece one={one} />
      ))}
    </>
  );
}

function Piece({ one }: { one: Drawn }) {
  if (typeof one === 'string') return <>{one}</>;
  const { tag: Tag, marks, within } = one;
  return (
    <Tag {...marks}>
      <Drawing of={within} />
    </Tag>
  );
}
