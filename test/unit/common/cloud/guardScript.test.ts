/** The guard's script itself, run by the shells that are here on a made-up machine. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { GUARD_SOURCE } from '../../../../scripts/guardModule.mjs';
import { root } from '../../../../scripts/host/paths.mjs';
import { readNoticesOf } from '../../../../src/common/cloud/consoleText.ts';
import { GUARD_NOTICE_FILE, parseGuardNotice } from '../../../../src/common/cloud/guardFiles.ts';
import { createGuardBox, findCommand, type GuardBox } from '../../../fixtures/cloud/guardBox.ts';

const missing = ['curl', 'grep', 'sed', 'awk', 'date'].filter((name) => findCommand(name) === null);
const isGnuDate = spawnSync('date', ['-u', '-d', '@0', '+%Y']).status === 0;
const skip =
  process.platform === 'win32' || missing.length > 0 || !isGnuDate
    ? `the guard's script needs a Linux machine's commands: ${missing.join(', ') || 'GNU date'}`
    : false;
const shells = ['bash', 'dash'].filter((name) => findCommand(name) !== null);

const TAG = 'tags/instance/skillet:';

function onMachine(name: string, fact: (box: GuardBox) => Promise<void>): void {
  for (const shell of shells) {
    test(`${name} (${shell})`, { skip }, async () => {
      const box = await createGuardBox(shell);
      try {
        await fact(box);
      } finally {
        await box.stop();
      }
    });
  }
}

for (const shell of ['bash', 'dash']) {
  const without = shells.includes(shell) ? skip : `no ${shell} here`;
  test(`the script is whole for ${shell}`, { skip: without }, () => {
    const { status, stderr } = spawnSync(shell, ['-n', path.join(root, GUARD_SOURCE)], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
}

test('shellcheck finds nothing wrong', { skip: findCommand('shellcheck') === null && 'no shellcheck here' }, () => {
  // SC2034, SC2154: names that go through `eval`. SC2086: numbers without quotes.
  const args = ['-s', 'sh', '-S', 'warning', '-e', 'SC2034,SC2154,SC2086,SC2015', path.join(root, GUARD_SOURCE)];
  const { status, stdout } = spawnSync('shellcheck', args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

onMachine('it is installed as a service that a timer calls every minute', async (box) => {
  const { code, text } = await box.call('install', '480', '30', 'stop');
  assert.deepEqual([code, text.includes(`stop at ${box.time(480)}, stop after 30 minutes without work`)], [0, true]);
  assert.match(box.read('units/skillet-guard.service'), /ExecStart=\/usr\/bin\/skillet-guard tick/);
  assert.match(box.read('units/skillet-guard.timer'), /OnUnitActiveSec=60\n/);
  assert.deepEqual(box.lines('systemctl'), [
    'daemon-reload',
    'enable skillet-guard.timer',
    'start skillet-guard.timer',
  ]);
});

onMachine('where there is no systemd, cron calls it', async (box) => {
  box.remove('bin/systemctl');
  await box.call('install', '480', '30', 'stop');
  assert.equal(box.read('units/skillet-guard'), '* * * * * root /usr/bin/skillet-guard tick >/dev/null\n');
});

onMachine('the deadline ends a machine that works, after one warning 10 and one 2 minutes before', async (box) => {
  await box.call('install', '20', 'never', 'stop');
  await box.ticks(9, { cores: 2 });
  assert.deepEqual(box.lines('wall'), []);
  const deadline = box.time(11);
  await box.ticks(11, { cores: 2 });
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
  assert.deepEqual(box.lines('wall'), [
    `Skillet's guard: this machine will stop in 10 minutes: the deadline ${deadline}. Keep it with: sudo skillet-guard extend 1h`,
    `Skillet's guard: this machine will stop in 2 minutes: the deadline ${deadline}. Keep it with: sudo skillet-guard extend 1h`,
    `Skillet's guard: this machine will stop now: the deadline ${deadline}.`,
  ]);
  const console = box.lines('console');
  assert.match(console.at(-1) ?? '', /^skillet-guard: \S+Z this machine will stop now: the deadline/);
});

onMachine('before it ends a machine it tells programs on it, and no longer when it is extended', async (box) => {
  await box.call('install', '10', 'never', 'terminate');
  await box.ticks(8);
  assert.deepEqual(box.notice(), {
    kind: 'guard',
    action: 'terminate',
    at: box.time(2),
    reason: 'deadline',
    seenAt: box.time(),
  });
  const { code, text } = await box.call('extend', '2h');
  assert.deepEqual([code, text.trim()], [0, `skillet-guard: terminate at ${box.time(122)} (extend)`]);
  assert.equal(box.notice(), null);
  await box.ticks(5);
  assert.deepEqual(box.lines('shutdown'), []);
});

onMachine('a machine without work ends after its idle minutes, reckoned from its last work', async (box) => {
  await box.call('install', 'never', '20', 'stop');
  await box.ticks(3, { cores: 1 });
  await box.ticks(19);
  assert.deepEqual(box.lines('shutdown'), []);
  assert.deepEqual(
    box.lines('wall').map((line) => line.slice(0, 57)),
    [
      "Skillet's guard: this machine will stop in 10 minutes: 20",
      "Skillet's guard: this machine will stop in 2 minutes: 20 ",
    ],
  );
  await box.ticks(1);
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
  assert.match((await box.call('status')).text, /ended before: \S+Z 20 minutes without work or anybody signed in/);
});

const KEEPERS = {
  'the card alone': { gpu: '0\n7\n' },
  'a program on a card in parts': { gpu: '[N/A]\n', gpuPrograms: '4711\n' },
  'a third of a core alone': { cores: 0.33 },
  'somebody at a terminal alone': { who: 'ubuntu   pts/0   2026-11-25 10:00 (203.0.113.7)\n' },
  'a tunnel over SSH alone': { ps: '/usr/sbin/sshd -D\nsshd: ubuntu [priv]\nsshd: ubuntu\n' },
  'an editor over SSH alone': { ps: 'sshd-session: ec2-user@notty\n' },
  'a session of the provider’s own terminal': { ps: '/usr/bin/ssm-session-worker user-0\n' },
  'RStudio in a browser alone': { ss: 'State Recv-Q Send-Q Local Peer\nESTAB 0 0 127.0.0.1:8787 127.0.0.1:50000\n' },
  'Jupyter in a browser alone': { ss: 'ESTAB 0 0 [::ffff:10.0.0.4]:8888 [::ffff:203.0.113.7]:50000\n' },
} as const;
for (const [what, moment] of Object.entries(KEEPERS)) {
  onMachine(`${what} keeps the machine`, async (box) => {
    await box.call('install', 'never', '5', 'stop');
    await box.ticks(7, moment);
    assert.deepEqual([box.lines('shutdown'), box.lines('wall')], [[], []]);
  });
}

onMachine('whoever only knocks at the SSH port, listeners and a resting card do not keep it', async (box) => {
  await box.call('install', 'never', '5', 'stop');
  await box.ticks(6, {
    cores: 0.1,
    gpu: '0\n3\n',
    ps: 'sshd: /usr/sbin/sshd -D [listener] 1 of 10-100 startups\nsshd: unknown [priv]\nsshd: unknown [net]\nsshd: [accepted]\n/usr/lib/rstudio-server/bin/rserver\n',
    ss: 'State Recv-Q Send-Q Local Peer\nESTAB 0 0 10.0.0.4:22 203.0.113.7:50000\nESTAB 0 0 10.0.0.4:41000 52.1.2.3:8888\n',
  });
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
});

onMachine('without `ps` a connection to the SSH port keeps it', async (box) => {
  box.remove('bin/ps');
  await box.call('install', 'never', '5', 'stop');
  await box.ticks(7, { ss: 'ESTAB 0 0 10.0.0.4:22 203.0.113.7:50000\n' });
  assert.deepEqual(box.lines('shutdown'), []);
});

onMachine('a machine without a card, `who` or `ss` is judged by what there is', async (box) => {
  for (const name of ['nvidia-smi', 'who', 'ss', 'ps', 'wall', 'flock', 'timeout']) {
    box.remove(`bin/${name}`);
  }
  await box.call('install', 'never', '5', 'stop');
  await box.ticks(6);
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
});

onMachine('somebody who comes within the last two minutes keeps it, and is told', async (box) => {
  await box.call('install', 'never', '20', 'stop');
  await box.ticks(19);
  assert.equal((box.notice() as { reason: string }).reason, 'idle');
  await box.tick({ who: 'ubuntu pts/0\n' });
  assert.deepEqual([box.lines('shutdown'), box.notice()], [[], null]);
  assert.match(box.lines('wall').at(-1) ?? '', /it goes on: not ended by 20 minutes without work/);
});

onMachine('a changed tag counts at the next look', async (box) => {
  await box.call('install', '480', '30', 'stop');
  box.metadata?.set(`${TAG}deadline`, box.time(60));
  box.metadata?.set(`${TAG}idle-minutes`, '0');
  box.metadata?.set(`${TAG}guard-action`, 'terminate');
  await box.tick();
  assert.match((await box.call('status')).text, new RegExp(`^terminate at ${box.time(59)}\n`));
  box.metadata?.set(`${TAG}deadline`, 'never');
  await box.tick();
  assert.match((await box.call('status')).text, /^nothing ends this machine by itself\n/);
  box.metadata?.set(`${TAG}idle-minutes`, '5');
  await box.ticks(4);
  assert.deepEqual([box.lines('shutdown'), box.tokens() > 0], [['-h now'], true]);
});

onMachine('a tag that means nothing changes nothing', async (box) => {
  await box.call('install', '480', '30', 'stop');
  const before = (await box.call('status')).text.split('\n')[0];
  for (const value of [
    'tomorrow',
    '',
    ' ',
    '2026-13-45T99:00:00Z',
    '$(touch /tmp/x)',
    '-5',
    '4',
    '08',
    '9'.repeat(30),
  ]) {
    for (const name of ['deadline', 'idle-minutes', 'guard-action']) {
      box.metadata?.set(`${TAG}${name}`, value);
    }
    await box.tick();
    assert.equal((await box.call('status')).text.split('\n')[0], before, value);
  }
});

onMachine('a time with an offset is understood', async (box) => {
  await box.call('install', '480', 'never', 'stop');
  box.metadata?.set(`${TAG}deadline`, '2030-01-01T02:00:00+02:00');
  await box.tick();
  assert.match((await box.call('status')).text, /^stop at 2030-01-01T00:00:00Z/);
});

onMachine('a deadline in the past still gives two minutes', async (box) => {
  await box.call('install', '480', 'never', 'stop');
  await box.tick();
  box.metadata?.set(`${TAG}deadline`, box.time(-60));
  await box.tick();
  assert.deepEqual([box.lines('shutdown'), box.lines('wall').length], [[], 1]);
  await box.ticks(2);
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
});

onMachine('where the provider does not answer, what was last told goes on', async (box) => {
  await box.call('install', '480', '30', 'stop');
  box.metadata?.set(`${TAG}deadline`, box.time(6));
  await box.tick();
  box.metadata = null;
  await box.ticks(5);
  assert.deepEqual(box.lines('shutdown'), ['-h now']);
});

onMachine('a damaged or lost state file does not switch it off', async (box) => {
  await box.call('install', 'never', 'never', 'stop');
  box.write('state/state', 'minutes=;rm -rf\nidle=x\ndeadline=\u0000\n');
  await box.tick();
  const { text } = await box.call('status');
  assert.match(text, new RegExp(`^stop at ${box.time(480)}, stop after 30 minutes`));
  box.remove('state/state');
  await box.tick();
  assert.match((await box.call('status')).text, /^stop at /);
});

onMachine('off holds until the next start; on is as at the launch', async (box) => {
  await box.call('install', '10', '5', 'stop');
  await box.tick();
  assert.match((await box.call('off')).text, /off until the next start/);
  await box.ticks(12);
  assert.deepEqual(box.lines('shutdown'), []);
  assert.match((await box.call('on')).text, new RegExp(`stop at ${box.time(10)}, stop after 5 minutes`));
  await box.call('off');
  box.restart(5);
  await box.ticks(1);
  assert.match((await box.call('status')).text, /^stop at/);
});

onMachine('a tag that is changed switches it on again', async (box) => {
  await box.call('install', '480', '30', 'stop');
  await box.call('off');
  box.metadata?.set(`${TAG}deadline`, box.time(30));
  await box.tick();
  assert.match((await box.call('status')).text, new RegExp(`^stop at ${box.time(29)}`));
});

onMachine('idle minutes are changed on the machine; what is no number is refused', async (box) => {
  await box.call('install', 'never', '30', 'stop');
  assert.equal((await box.call('idle', '60')).code, 0);
  assert.match((await box.call('status')).text, /^stop after 60 minutes/);
  for (const args of [['idle', 'x'], ['idle', '2'], ['extend', 'soon'], ['extend', '2'], ['extend'], ['dance']]) {
    assert.equal((await box.call(...args)).code, 2, args.join(' '));
  }
  assert.match((await box.call('status')).text, /^stop after 60 minutes/);
});

onMachine('started again after its deadline, it has its hours anew, and the old tag counts no more', async (box) => {
  await box.call('install', '10', 'never', 'stop');
  box.metadata?.set(`${TAG}deadline`, box.time(10));
  await box.ticks(10);
  assert.equal(box.lines('shutdown').length, 1);
  box.restart(600);
  await box.ticks(7);
  assert.equal(box.lines('shutdown').length, 1);
  await box.ticks(4);
  assert.equal(box.lines('shutdown').length, 2);
});

onMachine('started again before its deadline, it keeps it', async (box) => {
  await box.call('install', '480', 'never', 'stop');
  const deadline = box.time(480);
  await box.tick();
  box.restart(60);
  await box.tick();
  assert.match((await box.call('status')).text, new RegExp(`^stop at ${deadline}\n`));
});

onMachine('a clock that jumps, and hours without a look, are no idle time', async (box) => {
  await box.call('install', 'never', '30', 'stop');
  await box.ticks(2);
  await box.tick({ clockJumpS: 7200 });
  await box.tick({ clockJumpS: -14400 });
  await box.tick({ minutes: 600 });
  await box.ticks(2);
  assert.deepEqual([box.lines('shutdown'), box.lines('wall')], [[], []]);
});

onMachine('a shutdown that fails is tried again', async (box) => {
  await box.call('install', '3', 'never', 'stop');
  box.write('shutdownFails', '');
  await box.ticks(5);
  assert.equal(box.lines('shutdown').length, 3);
});

/** As the views read the console: its words are for people and for them. */
const noticesOf = (box: GuardBox) =>
  readNoticesOf(box.lines('console').join('\n')).map(({ kind, action, at }) => [kind, action, at]);

onMachine('the provider’s notice for a spot machine reaches people, the console and a file, once', async (box) => {
  await box.call('install', '480', '30', 'stop');
  box.metadata?.set('instance-life-cycle', 'spot');
  await box.tick();
  box.metadata?.set('events/recommendations/rebalance', `{"noticeTime": "${box.time()}"}`);
  await box.ticks(2);
  assert.deepEqual(box.notice(), { kind: 'rebalance', action: null, at: null, reason: 'spot', seenAt: box.time(-1) });
  assert.deepEqual(noticesOf(box), [['rebalance', null, null]]);
  const taken = box.time(3);
  box.metadata?.set('spot/instance-action', `{"action": "terminate", "time": "${taken}"}`);
  await box.ticks(2);
  assert.equal(GUARD_NOTICE_FILE, '/run/skillet/notice.json');
  assert.equal(parseGuardNotice(box.read('run/notice.json'))?.at, taken);
  assert.deepEqual(box.notice(), {
    kind: 'interruption',
    action: 'terminate',
    at: taken,
    reason: 'spot',
    seenAt: box.time(-1),
  });
  assert.deepEqual(box.lines('wall'), [
    "Skillet's guard: the provider says that this spot machine is at risk of being taken back.",
    `Skillet's guard: the provider takes this spot machine back (terminate) at ${taken}.`,
  ]);
  assert.match(box.lines('console').at(-1) ?? '', /takes this spot machine back/);
  assert.deepEqual(noticesOf(box), [['interruption', 'terminate', taken]]);
});

onMachine('a drill does not hide the provider’s own word', async (box) => {
  await box.call('install', '480', '30', 'stop');
  box.metadata?.set('instance-life-cycle', 'spot');
  box.write('run/notice.json', '{"kind":"interruption","at":null,"action":"terminate","drill":true}\n');
  box.metadata?.set('spot/instance-action', `{"action": "terminate", "time": "${box.time(3)}"}`);
  await box.tick();
  assert.deepEqual((box.notice() as { reason?: string }).reason, 'spot');
});

onMachine('programs of whoever signs in find the file of notices by their environment', async (box) => {
  await box.call('install', '480', '30', 'stop');
  await box.call('install', '480', '30', 'stop');
  assert.equal(box.read('environment'), `SKILLET_NOTICE_FILE=${box.folder}/run/notice.json\n`);
});

onMachine('a machine made from an image of a guarded one is left alone', async (box) => {
  await box.call('install', '3', '5', 'terminate');
  await box.tick();
  box.metadata?.set('instance-id', 'i-0other');
  await box.ticks(8);
  assert.deepEqual(box.lines('shutdown'), []);
});
