import * as z from 'zod';

/** Scripts of this site make no code from text, and the content policy says so: schemas must not try it, as a try that fails is reported too. Imported before any schema. */
z.config({ jitless: true });
