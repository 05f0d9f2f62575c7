/** `skillet show <study folder>`: every trial of a study, and the best. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { STUDY_FILES } from '../common/study/studyFolder.ts';
import { createLineReader } from '../node/eventReader.ts';
import { parseStudyEvent } from '../node/study/parseStudyEvent.ts';
import { closingLines, createStudyView } from './studyView.ts';
import { printable } from './table.ts';
import { EXIT } from './usage.ts';

export function isStudyFolder(folder: string): Promise<boolean> {
  return access(path.join(folder, STUDY_FILES.events)).then(
    () => true,
    () => false,
  );
}

export async function showStudy(studyFolder: string, { json }: { readonly json: boolean }): Promise<number> {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const line = json ? () => undefined : print;
  const view = createStudyView({ line, redraw: () => undefined, isTerminal: false, columns: 80 });
  const reader = createLineReader(path.join(studyFolder, STUDY_FILES.events), parseStudyEvent);
  for (;;) {
    const { events, atEnd } = await reader.next();
    view.add(events);
    if (atEnd) {
      break;
    }
  }
  if (json) {
    print(JSON.stringify(view.study));
  } else {
    closingLines(view.study, studyFolder).map(printable).forEach(print);
  }
  return EXIT.completed;
}
