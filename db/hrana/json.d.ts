/** Of "JSON.parse source text access" (ECMAScript, stage 4), which Node 24 has and TypeScript's library has not yet. */
interface JSON {
  rawJSON(text: string): unknown;
}
