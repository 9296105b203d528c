import { boundedJson, type Json } from '../record/json.ts';

/** What a request may bring as JSON. No command needs more: the largest valid input is a plan of many stages with long reasons. */
export const JSON_BOUNDS = { bytes: 262_144, depth: 32 } as const;

export const requestJson = (text: string): Json => boundedJson(text, JSON_BOUNDS);
