/** `skillet connect` and `skillet drill` as people run them, on an emulated machine whose SSH leads to this computer. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, type TestContext, test } from 'node:test';
import { cliFile, startCliWith } from '../../../fixtures/cliProcess.ts';
import { motoMissing } from '../../../fixtures/cloud/moto.ts';
import { SECRET, startTestAws, type TestAws } from '../../../fixtures/cloud/testAws.ts';
import { type SshMachineOptions, startSshMachine } from '../../../fixtures/ssh/sshMachine.ts';
import { waitFor } from '../../../fixtures/tempFolder.ts';

const skip = (await motoMissing()) || (existsSync(cliFile) ? false : 'dist/cli.mjs is not built: npm run build');

describe('connecting from the command line', { skip }, () => {
  let aws: TestAws;
  before(async () => {
    aws = await startTestAws();
  });
  beforeEach(() => aws.reset());
  after(async () => {
    const unknown = [...aws.proxy.unknown];
    await aws.stop();
    assert.deepEqual(unknown, []);
  });

  async function machineOf(t: TestContext, options: SshMachineOptions = {}) {
    const machine = await startSshMachine(aws, options);
    t.after(machine.stop);
    const env = { ...aws.env, HOME: machine.home, SSH_AUTH_SOCK: '' };
    const start = (...args: string[]) => startCliWith(t, { folder: machine.home, env }, args);
    const run = async (...args: string[]) => {
      const finished = await start(...args).finished;
      assert.doesNotMatch(finished.stdout + finished.stderr, new RegExp(SECRET));
      return finished;
    };
    return { ...machine, start, run };
  }

  test('RStudio is opened through a tunnel until Ctrl+C, its password shown when asked for', async (t) => {
    const { id, start, server } = await machineOf(t);
    const { child, finished } = start('connect', 'aws', id, '--rstudio', '--show-password');
    let said = '';
    child.stdout?.on('data', (text: string) => {
      said += text;
    });
    const url = await waitFor('the address', () => /RStudio: (http:\S+)/.exec(said)?.[1]);
    await waitFor('all of it', () => said.includes('Open until Ctrl+C.'));
    assert.match(await (await fetch(url)).text(), /RStudio here/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`User: rstudio-user\nPassword: ${id}\nOpen until Ctrl\\+C\\.`));
    assert.equal(stderr, `${id}: waiting for its SSH port to open…\n`);
    assert.deepEqual([...new Set(server.userNames)], ['ubuntu']);
    await assert.rejects(fetch(url));
  });

  test('the password is not shown unless it is asked for', async (t) => {
    const { id, start } = await machineOf(t);
    const { child, finished } = start('connect', 'aws', id, '--rstudio');
    await waitFor('the tunnel', () => new Promise((resolve) => child.stdout?.once('data', () => resolve(true))));
    child.kill('SIGINT');
    assert.doesNotMatch((await finished).stdout, new RegExp(id));
  });

  test('a command runs with its output and its exit code', async (t) => {
    const { id, run } = await machineOf(t);
    const { code, stdout, stderr } = await run('connect', 'aws', id, '--command', 'echo out; echo err >&2; exit 7');
    assert.deepEqual([code, stdout], [7, 'out\n']);
    assert.match(stderr, /err\n$/);
  });

  test('the machine is added to the SSH config, with its host key', async (t) => {
    const { id, run, home, host } = await machineOf(t);
    const { code, stdout, stderr } = await run('connect', 'aws', id, '--ssh-config');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /ssh skillet-book-box\n$/);
    assert.equal(readFileSync(path.join(home, '.ssh/config'), 'utf8'), 'Include skillet_config\n');
    assert.equal(readFileSync(path.join(home, '.ssh/skillet_known_hosts'), 'utf8'), `skillet-${id} ${host.public}\n`);
  });

  test('without a way in it says which there are', async (t) => {
    const { id, run } = await machineOf(t, { hasKey: false });
    const { code, stdout } = await run('connect', 'aws', id);
    assert.equal(code, 0);
    assert.match(
      stdout,
      new RegExp(`${id} is ready at 127\\.0\\.0\\.1\\.\n {2}ssh -p \\d+ -o HostKeyAlias=skillet-${id} `),
    );
    assert.match(stdout, /RStudio: skillet connect aws \S+ --rstudio\n/);
    assert.match(stdout, /The key file of book is not known: add --key file\.\n$/);
  });

  test('a host of which nothing is known is refused where nobody can be asked', async (t) => {
    const { id, run } = await machineOf(t, { isConsoleSilent: true });
    const { code, stderr } = await run('connect', 'aws', id, '--command', 'true');
    assert.equal(code, 2);
    assert.match(stderr, /Its host key was not accepted\..*\(cloud-connect\)/);
  });

  test('a drill asks first, and tells the machine', async (t) => {
    const { id, run, server } = await machineOf(t, { onCommand: () => ({ stdout: 'notice: written\n', code: 0 }) });
    const refused = await run('drill', 'aws', id);
    assert.equal(refused.code, 2);
    assert.deepEqual(server.commands, []);
    const { code, stdout, stderr } = await run('drill', 'aws', id, '--yes');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Drill: book box: the provider takes this spot machine back; it will be terminated in /);
    assert.match(server.commands[0] ?? '', /\/run\/skillet\/notice\.json/);
  });

  test('ways that exclude each other, a strange port and a missing machine are refused with a remedy', async (t) => {
    const { id, run } = await machineOf(t);
    const texts = [
      await run('connect', 'aws', id, '--rstudio', '--terminal'),
      await run('connect', 'aws', id, '--port', 'x'),
      await run('connect', 'aws'),
    ].map(({ code, stderr }) => [code, stderr.split(' (')[0]?.trim().split('\n')[0]]);
    assert.deepEqual(
      texts.map(([code]) => code),
      [2, 2, 2],
    );
    assert.match(String(texts[0]?.[1]), /--rstudio and --terminal exclude each other/);
    assert.match(String(texts[1]?.[1]), /x is no port/);
    assert.match(String(texts[2]?.[1]), /needs a provider and the id of one machine/);
  });
});
