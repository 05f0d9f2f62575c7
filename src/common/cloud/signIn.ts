/** Who to sign in as on a machine, and what answers there, by what its image is called. */
import type { ConnectService } from './connection.ts';

/** The first that fits. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/managing-users.html names the users. */
const USERS: readonly (readonly [RegExp, string])[] = [
  [/rstudio/i, 'ubuntu'],
  [/bitnami/i, 'bitnami'],
  [/ubuntu/i, 'ubuntu'],
  [/debian/i, 'admin'],
  [/rocky/i, 'rocky'],
  [/centos/i, 'centos'],
  [/fedora/i, 'fedora'],
  [/amazon linux|amzn|al20\d\d|rhel|red hat|suse|oracle/i, 'ec2-user'],
];

const RSTUDIO_PORT = 8787;
const JUPYTER_PORT = 8888;

/** @param image Its name and description; empty where nothing is known of it. */
export function userOfImage(image: string): string {
  return USERS.find(([pattern]) => pattern.test(image))?.[1] ?? 'ubuntu';
}

/** RStudio's own image takes the machine's id as the first password; what others ask for is not known. */
export function servicesOfImage(image: string, instanceId: string): readonly ConnectService[] {
  const isRstudio = /rstudio/i.test(image);
  return [
    {
      name: 'rstudio',
      port: RSTUDIO_PORT,
      user: isRstudio ? 'rstudio-user' : null,
      password: isRstudio ? instanceId : null,
    },
    { name: 'jupyter', port: JUPYTER_PORT, user: null, password: null },
  ];
}
