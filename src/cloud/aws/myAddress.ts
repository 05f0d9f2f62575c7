/** The address under which this computer reaches the internet, for rules that let it alone in. */

import { isCidr } from '../../common/cloud/groupRules.ts';
import { SkilletError } from '../../common/errors.ts';

const WHERE = 'https://checkip.amazonaws.com';
const LIMIT_MS = 10_000;

/**
 * @returns In CIDR form: `203.0.113.7/32`. SKILLET_MY_ADDRESS says it without asking.
 * @throws {SkilletError} `cloud-network`: it cannot be found out.
 */
export async function findMyAddress(signal: AbortSignal, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const given = env.SKILLET_MY_ADDRESS;
  const text = given === undefined || given === '' ? await ask(signal) : given;
  const cidr = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  if (!isCidr(cidr)) {
    throw unknown('the answer is no address');
  }
  return cidr;
}

async function ask(signal: AbortSignal): Promise<string> {
  try {
    const answer = await fetch(WHERE, { signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) });
    return (await answer.text()).trim().slice(0, 100);
  } catch {
    signal.throwIfAborted();
    throw unknown(`${new URL(WHERE).host} does not answer`);
  }
}

function unknown(why: string): SkilletError {
  return new SkilletError('cloud-network', 'securityGroup.create.rules', {
    message: `Your own address cannot be found out: ${why}.`,
    remedy: 'Write your address in CIDR form in place of my-address, such as 203.0.113.7/32.',
  });
}
