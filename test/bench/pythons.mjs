/** Finds or makes a Python environment for each peer, with pinned versions. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** @typedef {import('./summary.mjs').PeerName} PeerName */
/** @typedef {{ label: string, script: string, packages: Record<string, string>, bases: string[] }} Peer */

/** @type {Record<PeerName, Peer>} */
export const PEERS = {
  keras: {
    label: 'Keras',
    script: 'on_keras.py',
    packages: { keras: '3.15.1', 'tensorflow-cpu': '2.21.0', numpy: '2.4.6' },
    bases: ['python3'],
  },
  pytorch: {
    label: 'PyTorch',
    script: 'on_pytorch.py',
    packages: { torch: '2.15.0', numpy: '2.4.6' },
    bases: ['python3'],
  },
  mxnet: {
    label: 'MXNet',
    script: 'on_mxnet.py',
    packages: { mxnet: '1.9.1', numpy: '1.23.5' }, // The last NumPy with the names that MXNet asks for.
    bases: ['python3.11', 'python3'],
  },
};

/**
 * The interpreter that `PYTHON_<PEER>` names, else one of an environment under `folder`, made and filled when needed.
 *
 * @param {PeerName} name
 * @param {string} folder
 * @returns {{ python: string, versions: string } | { missing: string }}
 */
export function preparePython(name, folder) {
  const { packages, bases } = PEERS[name];
  const given = process.env[`PYTHON_${name.toUpperCase()}`];
  if (given !== undefined) {
    const found = installedVersions(given, Object.keys(packages));
    return found === null
      ? { missing: `${given} lacks ${Object.keys(packages).join(' or ')}` }
      : describe(given, found);
  }
  const venv = path.join(folder, `venv-${name}`);
  const python = pythonOf(venv);
  const base = bases.find((candidate) => spawnSync(candidate, ['-c', '']).status === 0);
  if (!existsSync(python)) {
    if (base === undefined) {
      return { missing: `there is no ${bases.join(' or ')}` };
    }
    if (spawnSync(base, ['-m', 'venv', venv], { stdio: 'inherit' }).status !== 0) {
      return { missing: `${base} -m venv failed` };
    }
  }
  const isPinned = () => matchesPins(installedVersions(python, Object.keys(packages)), packages);
  if (!isPinned()) {
    const pins = Object.entries(packages).map(([wanted, version]) => `${wanted}==${version}`);
    console.log(`Installing ${pins.join(' ')} …`);
    const { status } = spawnSync(python, ['-m', 'pip', 'install', '--quiet', ...pins], { stdio: 'inherit' });
    if (status !== 0 || !isPinned()) {
      return { missing: `pip could not install ${pins.join(' ')}` };
    }
  }
  return describe(python, packages);
}

/** @param {string} python @param {Record<string, string>} versions */
function describe(python, versions) {
  const words = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return { python, versions: words.join(', ') };
}

/**
 * TensorFlow's package in the environment of Keras, so that Keras and Skillet run on the same library.
 *
 * @param {string} folder
 * @returns {string | null} Null where there is none.
 */
export function findTensorFlow(folder) {
  const python = process.env.PYTHON_KERAS ?? pythonOf(path.join(folder, 'venv-keras'));
  const code = 'import sysconfig; print(sysconfig.get_paths()["platlib"])';
  const { status, stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  const found = path.join(stdout?.trim() ?? '', 'tensorflow');
  return status === 0 && existsSync(found) ? found : null;
}

/** @param {string} venv */
function pythonOf(venv) {
  return path.join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

/**
 * @param {string} python
 * @param {readonly string[]} names
 * @returns {Record<string, string> | null} Null when one is missing.
 */
function installedVersions(python, names) {
  const code =
    'import importlib.metadata, json, sys; print(json.dumps({n: importlib.metadata.version(n) for n in sys.argv[1:]}))';
  const { status, stdout } = spawnSync(python, ['-c', code, ...names], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

/**
 * A build's own mark behind the version (`2.15.0+cpu`) does no harm.
 *
 * @param {Record<string, string> | null} found
 * @param {Record<string, string>} wanted
 */
export function matchesPins(found, wanted) {
  return found !== null && Object.entries(wanted).every(([name, version]) => found[name]?.split('+')[0] === version);
}
