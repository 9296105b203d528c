import type { Header } from 'postal-mime';

/** Whether a mail is from whom it says, and whether a person wrote it. */

/**
 * Whether our own mail server found that a mail is from the domain of `from`: by its own Authentication-Results (RFC 8601) alone, which it puts on top of all
 * that came; those below, of whatever name, anybody may have written.
 * @param server its name (authserv-id), in lower case
 */
export function isAuthentic(headers: readonly Header[], server: string, from: string): boolean {
  const found = headers.find(({ key }) => key === 'authentication-results');
  const [named = '', ...results] = bare(found?.value ?? '').split(';');
  if ((named.trim().split(/\s+/)[0] ?? '').toLowerCase() !== server) return false;
  const domain = domainOf(from);
  return results.some((result) => {
    const [, method, outcome] = /^\s*([a-z-]+)(?:\s*\/\s*\d+)?\s*=\s*([a-z]+)/i.exec(result) ?? [];
    if (outcome?.toLowerCase() !== 'pass') return false;
    if (method === 'dmarc') return property(result, 'header.from') === domain;
    // Of DKIM and SPF it counts whose they are: DMARC's alignment (RFC 7489, 3.1), of SPF the strict one.
    if (method === 'dkim') return isWithin(domain, property(result, 'header.d') || domainOf(property(result, 'header.i')));
    return method === 'spf' && domainOf(property(result, 'smtp.mailfrom')) === domain;
  });
}

/** A header without comments and without what is quoted, in which a sender may have written anything (a local part, say). */
function bare(value: string): string {
  let text = '';
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < value.length; i++) {
    const char = value[i] ?? '';
    if (char === '\\' && (quoted || depth > 0)) i++;
    else if (quoted) quoted = char !== '"';
    else if (char === '"' && depth === 0) quoted = true;
    else if (char === '(') depth++;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) text += char;
  }
  return text;
}

const property = (result: string, name: string): string => {
  const found = result.split(/\s+/).find((one) => one.toLowerCase().startsWith(`${name}=`));
  return found?.slice(name.length + 1).toLowerCase() ?? '';
};

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
const isWithin = (domain: string, signer: string): boolean => signer.includes('.') && (domain === signer || domain.endsWith(`.${signer}`));

const BY_MACHINES: Readonly<Record<string, RegExp>> = {
  // RFC 3834, and what came before it.
  'auto-submitted': /^\s*(?!no\b)\S/i,
  precedence: /^\s*(?:bulk|junk|list|auto_reply)\b/i,
  'return-path': /^\s*<\s*>/,
  'list-id': /\S/,
  'x-autoreply': /\S/,
  'x-autorespond': /\S/,
  'x-failed-recipients': /\S/,
  // RFC 3464 and RFC 8098: bounces and receipts.
  'content-type': /^\s*multipart\/report\b/i,
  from: /(?:mailer-daemon|postmaster|no-?reply)@/i,
  subject:
    /^\s*(?:自动回复|自動回覆|自动答复|系统退信|退信通知|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office|undeliver(?:ed|able)|delivery status notification|mail delivery failed)/iu,
};

/** Whether a machine sent a mail: an answer to every letter, a bounce, a receipt, a list. @param subject as it reads, decoded */
export function isAutomatic(headers: readonly Header[], subject: string): boolean {
  return (
    headers.some(({ key, value }) => (Object.hasOwn(BY_MACHINES, key) && key !== 'subject' ? BY_MACHINES[key]?.test(value) : false)) ||
    (BY_MACHINES.subject?.test(subject) ?? false)
  );
}
