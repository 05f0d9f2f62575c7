/** The Jobs view inside VS Code, on a computer with nothing to sign in to a provider with. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { skillet } from './support.ts';

const COMMANDS = ['submitJob', 'followJob', 'showJobLog', 'stopJob', 'openJobInConsole', 'copyJobName', 'refreshJobs'];

describe('the Jobs view', () => {
  it('is empty without an account, and neither it nor its commands load anything of a provider', async function () {
    const { cloud } = await skillet();
    if (cloud.modules.hasAccount('aws')) {
      this.skip(); // Somebody's own computer: nothing is asked of their account.
    }
    const before = cloud.modules.loaded(); // What another test has loaded stays.
    assert.deepEqual(await cloud.jobsTree.getChildren(), []);
    for (const name of COMMANDS) {
      await vscode.commands.executeCommand(`skillet.${name}`);
    }
    assert.deepEqual(cloud.modules.loaded(), before);
  });
});
