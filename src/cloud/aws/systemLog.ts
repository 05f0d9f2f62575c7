/** What a machine has written to its console. */
import { type EC2Client, GetConsoleOutputCommand } from '@aws-sdk/client-ec2';

/** The newest output where the machine's kind can tell it (Nitro), else what was kept after its last start. */
export async function readSystemLog(ec2: EC2Client, id: string, signal: AbortSignal): Promise<string> {
  const ask = async (isLatest: boolean) => {
    const command = new GetConsoleOutputCommand(isLatest ? { InstanceId: id, Latest: true } : { InstanceId: id });
    const { Output = '' } = await ec2.send(command, { abortSignal: signal });
    return Buffer.from(Output, 'base64').toString('utf8');
  };
  try {
    return await ask(true);
  } catch (error) {
    if ((error as Error).name !== 'UnsupportedOperation') {
      throw error;
    }
    return ask(false);
  }
}
