/** What connections over SSH ask for and give; free of the library, so that it is loaded when it is first needed. */
import type { Duplex } from 'node:stream';

/** Where a machine is, and as whom to sign in. */
export interface SshTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What its host keys are kept under; it stays when the address changes. */
  readonly alias: string;
  /** Host keys that a trusted third told, as `ssh-ed25519 AAAA…`; empty where none did. */
  readonly hostKeys: readonly string[];
}

export interface SshOptions {
  readonly target: SshTarget;
  /** Files of private keys, in the order in which they are tried. */
  readonly keyFiles: readonly string[];
  /** The agent's socket; null for none. */
  readonly agent: string | null;
  readonly knownHostsFile: string;
  /** Of an encrypted key; it is not kept. Null gives the key up. */
  readonly askPassphrase: (keyFile: string) => Promise<string | null>;
  /** Whether a host of which nothing is known is the right one. */
  readonly askHostKey: (question: HostKeyQuestion) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Between two signs of life; three missed ones end the connection. */
  readonly keepaliveMs?: number;
  /** For signing in, not counting the time in which somebody is asked. */
  readonly limitMs?: number;
}

export interface HostKeyQuestion {
  readonly host: string;
  /** `ssh-ed25519`. */
  readonly type: string;
  /** `SHA256:…`, as ssh-keygen -l prints it. */
  readonly fingerprint: string;
}

export interface SshConnection {
  /** Settles when it is over: with the fault, or with null where it was ended from here. Never rejects. */
  readonly closed: Promise<Error | null>;
  exec(command: string, options: ExecOptions): Promise<ExecResult>;
  /** Bytes to and from a port of the machine's own loopback address. */
  forward(port: number): Promise<Duplex>;
  shell(size: ShellSize): Promise<SshShell>;
  end(): void;
}

export interface ExecOptions {
  readonly signal: AbortSignal;
  /** Each piece as it comes. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  readonly input?: string;
}

export interface ExecResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellSize {
  readonly columns: number;
  readonly rows: number;
}

export interface SshShell {
  write(text: string): void;
  resize(size: ShellSize): void;
  onOutput(listener: (text: string) => void): void;
  /** Settles when it has ended. */
  readonly closed: Promise<void>;
  end(): void;
}

/** A port of this computer that leads to one of a machine. */
export interface Tunnel {
  readonly localPort: number;
  readonly remotePort: number;
  /** Settles when it is over: with the fault, or with null where it was closed from here. Never rejects. */
  readonly closed: Promise<Error | null>;
  close(): Promise<void>;
}

export type TunnelState =
  | { readonly state: 'open' }
  | { readonly state: 'reconnecting'; readonly fault: string }
  /** The machine takes the connection, but nothing answers at the port. */
  | { readonly state: 'refused'; readonly fault: string };

export interface TunnelOptions {
  /** Makes the connection, again where it was lost. */
  readonly connect: (signal: AbortSignal) => Promise<SshConnection>;
  readonly remotePort: number;
  /** Of this computer; another one is taken where it is in use. */
  readonly preferredPort: number;
  readonly onState?: (state: TunnelState) => void;
  readonly signal: AbortSignal;
  /** Before each new try, in turn; the tunnel ends after the last one. */
  readonly retryMs?: readonly number[];
}

/** What the bundle gives. */
export interface SshModule {
  connectSsh(options: SshOptions): Promise<SshConnection>;
  openTunnel(options: TunnelOptions): Promise<Tunnel>;
}
