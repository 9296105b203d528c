import type { PropsWithChildren } from 'hono/jsx';

/**
 * A card beside the thread: on wide screens it stands open there; on phones, where it comes after the thread, it is its title until somebody unfolds it. A browser that
 * cannot show what is folded (`::details-content`) has it folded on wide screens too.
 */
export function Fold({
  id,
  title,
  as = '',
  open = false,
  children,
}: PropsWithChildren<{ id: string; title: string; as?: string; open?: boolean }>) {
  return (
    <section class={`card ${as}`} aria-labelledby={`${id}-title`}>
      {/* A link leads to what is there at every width: of the two titles one is hidden. */}
      <details class="fold" id={id} open={open}>
        <summary>
          <h2>{title}</h2>
        </summary>
        <div class="fold-body">
          <h2 id={`${id}-title`}>{title}</h2>
          {children}
        </div>
      </details>
    </section>
  );
}
