import { CHINA } from './china.ts';
import type { Jurisdiction } from './jurisdiction.ts';

/** The tables there are, by code. */
export const JURISDICTIONS: ReadonlyMap<string, Jurisdiction> = new Map([CHINA].map((table) => [table.code, table]));

/** The table by which cases are held today: all lenders are in mainland China. */
export const LAW: Jurisdiction = CHINA;
