/** Reading SQL text only as far as a server must: where its parameters stand, and whether it would open another file. */

const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$][A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|;|\d[\w.]*/g;

/** Names of the parameters of `sql` by position, from 1; null where a position has no name (SQLite, "Parameters"). */
export function parameters(sql: string): (string | null)[] {
  const names: (string | null)[] = [];
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '?') names.push(null);
    else if (token.startsWith('?')) {
      const position = Math.min(Number(token.slice(1)), 32766);
      while (names.length < position) names.push(null);
      names[position - 1] = token;
    } else if (/^[:@$]/.test(token) && !names.includes(token)) names.push(token);
  }
  return names;
}

/** Whether a statement of `sql` names another file (ATTACH, DETACH, VACUUM INTO): never let through, a path must not escape its folder. */
export function leavesDatabase(sql: string): boolean {
  const words = [...sql.matchAll(TOKEN)].map(([token]) => token).filter((token) => /^[A-Za-z_;]/.test(token));
  return words.some((word, i) => {
    if (i > 0 && words[i - 1] !== ';' && !/^explain|query|plan$/i.test(words[i - 1] ?? '')) return false;
    if (/^(attach|detach)$/i.test(word)) return true;
    if (!/^vacuum$/i.test(word)) return false;
    const end = words.indexOf(';', i);
    return words.slice(i, end < 0 ? undefined : end).some((other) => /^into$/i.test(other));
  });
}

/** Whether `sql` only reads, as far as its first word tells. */
export function isReadonly(sql: string): boolean {
  const first = [...sql.matchAll(TOKEN)].map(([token]) => token).find((token) => /^[A-Za-z]/.test(token));
  return /^(select|explain|values)$/i.test(first ?? '');
}
