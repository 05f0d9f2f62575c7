/** Mends a language tag that the browser itself cannot use. Imported first: uPlot asks for number formats while it loads. */

// Chromium on Linux makes "en-US@posix" of LANG=C, and Intl refuses it.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

export {};
