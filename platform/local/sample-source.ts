/** The text of the sample job with defaults that hold for this installation, so that it also completes when a person starts it again. */
export const sampleSource = (text: string, url: string, sshdInstalled: boolean): string =>
  text
    .replace('default: http://127.0.0.1:8420/healthz', () => `default: ${url}/healthz`)
    .replace(/(sshd_installed:\s+type: boolean\s+default: )false/, (_whole, before: string) => `${before}${sshdInstalled}`);
