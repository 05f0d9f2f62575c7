/** `512 MiB`, `7.8 GiB`, `80 GiB`: memory in powers of two, as nvidia-smi and the makers of memory count it. */
export function formatMemory(bytes: number): string {
  const gib = bytes / 2 ** 30;
  if (gib < 0.995) {
    return `${Math.round(bytes / 2 ** 20)} MiB`;
  }
  return `${gib < 9.95 ? gib.toFixed(1) : Math.round(gib).toLocaleString('en-US')} GiB`;
}
