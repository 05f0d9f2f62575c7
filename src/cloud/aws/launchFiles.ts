/** The files of this computer that a launch reads and writes: keys and user data. */
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { LaunchProfile } from '../../common/cloud/launchProfile.ts';
import { checkUserDataSize } from '../../common/cloud/launchRules.ts';
import { SkilletError } from '../../common/errors.ts';

/** @param folder Where relative names begin; `~` is the home folder. */
export function localFile(name: string, folder: string): string {
  return /^~(?=[\\/]|$)/.test(name) ? path.join(homedir(), name.slice(1)) : path.resolve(folder, name);
}

/** The profile's own script; empty for none. @throws {SkilletError} `cloud-file`, `cloud-profile`. */
export async function readUserData(profile: LaunchProfile, folder: string): Promise<string> {
  const { userData, userDataFile } = profile;
  if (userDataFile === undefined) {
    return userData ?? '';
  }
  const text = await readText(localFile(userDataFile, folder), 'userDataFile');
  const [fault] = checkUserDataSize(profile, text, 'userDataFile');
  if (fault !== undefined) {
    throw new SkilletError(fault.code, fault.path, fault);
  }
  return text;
}

/** @throws {SkilletError} `cloud-file`: it is not there, or holds something else, which is then not sent. */
export async function readPublicKey(name: string, folder: string): Promise<string> {
  const field = 'keyPair.import.publicKeyFile';
  const file = localFile(name, folder);
  const text = (await readText(file, field)).trim();
  if (/PRIVATE KEY/.test(text)) {
    throw new SkilletError('cloud-file', field, {
      message: `${file} holds a private key, which is never given away.`,
      remedy: 'Name the public one beside it, which ends in .pub.',
    });
  }
  if (!/^(?:ssh-(?:rsa|ed25519) [A-Za-z0-9+/=]+|---- BEGIN SSH2 PUBLIC KEY ----)/.test(text)) {
    throw new SkilletError('cloud-file', field, {
      message: `${file} is no public key that AWS takes.`,
      remedy: 'Name an RSA or ED25519 key in the form of OpenSSH, which begins with ssh-rsa or ssh-ed25519.',
    });
  }
  return text;
}

async function readText(file: string, field: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new SkilletError('cloud-file', field, {
      message: `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      remedy: 'Check the name; a relative one begins at the folder of the profile.',
    });
  }
}

/** Whether the file is there and holds something. */
export async function hasText(file: string): Promise<boolean> {
  try {
    return (await stat(file)).size > 0;
  } catch {
    return false;
  }
}

/**
 * Makes the empty file of a private key, for this person alone, so that the key has a place before it is asked for.
 *
 * @throws {SkilletError} `cloud-file`: something is there, or it cannot be written.
 */
export async function reserveKeyFile(file: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SkilletError('cloud-file', 'keyPair.create.saveTo', {
      message: code === 'EEXIST' ? `${file} is there already.` : `${file} cannot be written (${code ?? 'unknown'}).`,
      remedy: 'Name another file; nothing is ever written over.',
    });
  }
}

/** Writes the key into its empty file. */
export async function writeKeyFile(file: string, key: string): Promise<void> {
  try {
    const handle = await open(file, 'r+');
    try {
      await handle.chmod(0o600); // The person's umask may have taken the right to read away.
      await handle.writeFile(key);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new SkilletError('cloud-file', 'keyPair.create.saveTo', {
      message: `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`,
      remedy: 'Make room on the disk, or name a file elsewhere.',
    });
  }
}

export async function removeKeyFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
