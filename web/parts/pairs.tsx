import type { Child } from 'hono/jsx';

/** Names with their figures, close together. */
export const Pairs = ({ of: pairs }: { of: readonly (readonly [name: string, value: Child])[] }) => (
  <dl class="pairs small">
    {pairs.map(([name, value]) => (
      <>
        <dt>{name}</dt>
        <dd class="num">{value}</dd>
      </>
    ))}
  </dl>
);
