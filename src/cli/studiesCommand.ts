/** `skillet studies`: the studies of the recipes in a folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { formatAge, formatNumber } from '../common/format.ts';
import { STUDIES_FOLDER } from '../common/study/studyFolder.ts';
import { listStudies, type StudySummary } from '../node/study/listStudies.ts';
import { foldersBelow } from './listCommands.ts';
import { formatTable, printable } from './table.ts';
import { EXIT } from './usage.ts';

const print = (text: string) => process.stdout.write(`${printable(text)}\n`);

export async function studiesCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const folder = path.resolve(positionals[0] ?? '.');
  const lists = await Promise.all((await foldersBelow(folder, STUDIES_FOLDER)).map(listStudies));
  const studies = lists.flat().sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
  if (values.json === true) {
    print(JSON.stringify(studies));
  } else if (studies.length === 0) {
    print(`No studies in ${folder}. Start one: skillet tune <recipe.yaml>`);
  } else {
    const head = ['age', 'recipe', 'status', 'trials', 'best', 'with', 'folder'];
    formatTable([head, ...studies.map((study) => toRow(study, Date.now()))], [0, 3]).forEach(print);
  }
  return EXIT.completed;
}

function toRow(study: StudySummary, now: number): string[] {
  const { best, objective } = study;
  const params = Object.entries(best?.params ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    study.startedAt === null ? '' : formatAge(now - Date.parse(study.startedAt)),
    study.name,
    study.status,
    study.trials === null ? '' : `${study.trialsDone}/${study.trials}`,
    best === null ? '' : `${objective?.metric} ${formatNumber(best.value)}`,
    params.join(', '),
    path.relative(process.cwd(), study.studyFolder),
  ];
}
