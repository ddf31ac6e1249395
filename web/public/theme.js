// Runs before the first paint, so that nothing flashes: the reader's choice, else the system's theme.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('capstan.theme');
  } catch {
    // Storage is blocked: the system's theme it is.
  }
  const dark = choice ? choice === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
