// Runs in every page before its own scripts. A counter is not a browser: no reload, no find bar, no
// printing of the page, no zoom but the program's own, no menu that offers "back". The page has the first
// right to each key; what it leaves is only kept from the browser, never acted upon.
(() => {
  const FUNCTION_KEYS = ['F3', 'F5', 'F7', 'F12'];
  const CTRL_KEYS = ['r', 'f', 'g', 'p', 's', 'u', 'j', 'h', 'd', 'n', 'o', '+', '-', '=', '0'];
  const CTRL_SHIFT_KEYS = ['i', 'j', 'c', 'r', 'n', 't'];
  const ALT_KEYS = ['ArrowLeft', 'ArrowRight', 'Home'];

  const belongsToBrowser = (event) => {
    if (FUNCTION_KEYS.includes(event.key)) return true;
    if (event.altKey && !event.ctrlKey) return ALT_KEYS.includes(event.key);
    if (!event.ctrlKey || event.altKey) return false;
    const key = event.key.toLowerCase();
    return event.shiftKey ? CTRL_SHIFT_KEYS.includes(key) || key === 'r' : CTRL_KEYS.includes(key);
  };

  const isText = (target) =>
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type));

  window.addEventListener('keydown', (event) => {
    // Key 229 is an input method at work: such a key is text.
    if (event.isComposing || event.keyCode === 229) return;
    if (belongsToBrowser(event)) event.preventDefault();
  });
  window.addEventListener('contextmenu', (event) => {
    if (!isText(event.target)) event.preventDefault();
  });
  // A file dropped beside its place must not replace the program by the file.
  for (const kind of ['dragover', 'drop']) {
    window.addEventListener(kind, (event) => event.preventDefault());
  }
})();
