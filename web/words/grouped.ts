/** Made once: to make one takes longer than to write all the numbers of a page. */
const FORMAT = new Intl.NumberFormat('en');

/** A whole number with its thousands grouped, as both languages write them. */
export const grouped = (count: number): string => FORMAT.format(count);
