import type { Logo } from '../../worker/negotiation/policy.ts';
import type { Words } from '../words/index.ts';

/** A lender as its logo stands for it; it may have none. */
export type Marked = { slug: string; name: string; logo: Logo | undefined };

/** The logo of a lender, from where the portal itself publishes it. */
export function LenderLogo({
  of: { slug, name, logo },
  at,
  words,
}: {
  of: Marked /** Where it is, where it is not published yet. */;
  at?: string;
  words: Words;
}) {
  return logo ? (
    <img
      class="logo"
      src={at ?? `/lenders/${slug}/logo/${logo.sha256}`}
      alt={words.logo.alt({ lender: name })}
      width={String(logo.width)}
      height={String(logo.height)}
    />
  ) : null;
}
