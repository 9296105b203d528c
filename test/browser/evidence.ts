import { PDF } from '@libpdf/core';

/** A small document, as a payslip would be. */
export async function evidencePdf(text = 'Payslip 2026-10'): Promise<Uint8Array> {
  const pdf = PDF.create();
  pdf.addPage({ size: 'a4' }).drawText(text, { x: 60, y: 700, size: 18 });
  return pdf.save();
}
