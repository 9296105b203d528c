import { app } from '../../worker/app.ts';

// Apart from `people.ts`, which `npm run tour` and `npm run shots` take up without what reads pages.

/** The routes of a case as they list themselves, each with an address of that case; ids in it beside the case's own are of nothing. Those of commands are walked by name. */
export function routesOf(id: string): { method: string; path: string; at: string }[] {
  const routes = [...new Map(app.routes.map((one) => [`${one.method} ${one.path}`, one])).values()];
  return routes.flatMap(({ method, path }) => {
    if (!path.includes(':case') || path.includes('*')) return [];
    const at = path
      .replace(':case', id)
      .replace(/:sha256\{.*\}/, 'a'.repeat(64))
      .replace(/:(?:version|no)\{.*\}$/, '1')
      .replace(/:seq\{.*$/, '1.pdf')
      .replace(':what', 'record.json')
      .replace(/:way$/, 'mediation')
      .replace(/:\w+(?:\{.*\})?/g, 'x');
    return [{ method, path, at }];
  });
}
