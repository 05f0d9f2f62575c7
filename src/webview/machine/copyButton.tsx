/** A button that says for a moment that it has copied. */
import { useEffect, useState } from 'preact/hooks';

const SAID_MS = 2000;

interface CopyProps {
  readonly text: string;
  /** For those who hear it out of its place. */
  readonly label?: string;
  readonly isEnabled?: boolean;
  onClick(): void;
}

export function CopyButton({ text, label, isEnabled = true, onClick }: CopyProps) {
  const [copies, setCopies] = useState(0);
  const [isSaid, setSaid] = useState(false);
  // Each copy begins the moment anew.
  useEffect(() => {
    const timer = setTimeout(() => setSaid(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copies]);
  const copy = () => {
    if (isEnabled) {
      onClick();
      setSaid(true);
      setCopies(copies + 1);
    }
  };
  return (
    <button type="button" class="secondary copy" aria-label={label} aria-disabled={!isEnabled} onClick={copy}>
      <span class={`codicon codicon-${isSaid ? 'check' : 'copy'}`} aria-hidden="true" /> {text}
      <span class="hidden" role="status">
        {isSaid ? 'Copied' : ''}
      </span>
    </button>
  );
}
