// Runs before the first paint, so that nothing flashes or moves: the reader's theme and rows, else the system's theme.
(() => {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem('capstan.preferences'));
  } catch {
    // Storage is blocked or damaged: the system's theme it is.
  }
  const theme = kept?.theme === 'light' || kept?.theme === 'dark' ? kept.theme : null;
  const dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  if (kept?.density === 'comfortable' || kept?.density === 'dense') document.documentElement.dataset.density = kept.density;
})();
