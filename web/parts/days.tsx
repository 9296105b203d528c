import { DATE_READ } from '../words/dates.ts';

/** A text whose days stand each on one line: Chinese breaks between any two letters, so that in a narrow column a year would be left alone. */
export const Days = ({ of: text }: { of: string }) => (
  <>{text.split(DATE_READ).map((part, i) => (i % 2 === 1 ? <span class="nowrap">{part}</span> : part))}</>
);
