/**
 * Where the parameters of a statement stand. What a statement does is never read from its text (SQLite itself says it: see `guard.ts`); only
 * the names of parameters are, as the engine's binding does not tell them. Tokens are those of SQLite's tokenizer (`tokenize.c`).
 */

const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$#](?:[\w$\u0080-\uffff]|::)+(?:\([^\s)]*\))?|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*/g;

const MAX_POSITION = 32_766;

/** Names of the parameters of a statement by position, from 1, with their prefix; null where a position has no name ("SQLite: Parameters"). */
export function parameters(sql: string): (string | null)[] {
  const names: (string | null)[] = [];
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '?') names.push(null);
    else if (token.startsWith('?')) {
      const position = Math.min(Number(token.slice(1)), MAX_POSITION);
      while (names.length < position) names.push(null);
      names[position - 1] = token;
    } else if (/^[:@$#]/.test(token) && !names.includes(token)) names.push(token);
  }
  return names;
}

/** Whether nothing but white space, semicolons and comments stands in `sql`. */
export function isBlank(sql: string): boolean {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, '').replace(/[\s;]/g, '') === '';
}
