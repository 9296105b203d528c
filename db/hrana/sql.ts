/** Reading SQL text only as far as its engine does not tell: which parameter stands at which position, and whether it is explained. */

/** As SQLite's tokenizer has it (tokenize.c): strings, quoted names and comments are passed over; a variable may hold `::` and end in `(…)`. */
const TOKEN =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?|\[[^\]]*\]?|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\?\d*|[:@$#](?:::)*[\w$\u0080-\uffff](?:[\w$\u0080-\uffff]|::)*(?:\([^\t\n\v\f\r )]*\))?|[\w$\u0080-\uffff]+/g;

/** Names of the parameters of `sql` by position, from 1; null where a position has no name (SQLite, "Parameters"). */
export function parameters(sql: string): (string | null)[] {
  const names: (string | null)[] = [];
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === '?') names.push(null);
    else if (token.startsWith('?')) {
      const position = Math.min(Number(token.slice(1)), 32766);
      while (names.length < position) names.push(null);
      // A position keeps the first name that it got: in `:b, :a, ?1` the last means the same as the first.
      names[position - 1] ??= token;
    } else if (/^[:@$#]/.test(token) && !names.includes(token)) names.push(token);
  }
  return names;
}

/** Whether the statement is an EXPLAIN: its first word, past comments. */
export const isExplain = (sql: string): boolean => /^(?:\s|;|--[^\n]*\n|\/\*[\s\S]*?\*\/)*explain\b/i.test(sql);
