/** Opens the browser's own print dialog. */
export const askToPrint = (): void => window.print();
