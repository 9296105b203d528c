/** What a command makes of a case's record to be taken away. Bundled for `end.ts`: the pages of a bundle are JSX, which Node does not load as it stands. */
export { bundle } from '../worker/export/bundle.tsx';
export { making } from '../worker/export/documents.ts';
export { lenderRecordFile, privateRecordFile, recordFile } from '../worker/export/record.ts';
