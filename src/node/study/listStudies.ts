/** Lists the studies in a folder. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { StudyState, StudyStatus } from '../../common/study/reduceStudy.ts';
import { STUDY_FILES } from '../../common/study/studyFolder.ts';
import { isStudyInterrupted, readStudy } from './readStudy.ts';

export interface StudySummary {
  /** Absolute path. */
  readonly studyFolder: string;
  readonly name: string;
  readonly recipeFile: string | null;
  readonly status: StudyStatus | 'interrupted';
  /** ISO 8601, or null where nothing was written yet. */
  readonly startedAt: string | null;
  readonly lastAt: string | null;
  readonly objective: { readonly metric: string; readonly goal: 'minimize' | 'maximize' } | null;
  readonly trials: number | null;
  /** Trials that have an end, well or badly. */
  readonly trialsDone: number;
  readonly best: {
    readonly trial: number;
    readonly value: number | null;
    readonly params: StudyState['trials'][number]['params'];
  } | null;
  /** Why it failed or stopped; empty otherwise. */
  readonly message: string;
}

/** A study says who it is as its first act; one that has not by then never will. */
const SILENT_MS = 60_000;

/** Newest first, by folder name. A folder that does not exist has no studies; folders that are no studies are passed over. */
export async function listStudies(studiesFolder: string): Promise<StudySummary[]> {
  const entries = await readdir(studiesFolder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      return [];
    }
    throw error;
  });
  const folders = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => path.join(studiesFolder, entry.name));
  const summaries = await Promise.all(folders.map(summarizeStudy));
  return summaries
    .filter((summary) => summary !== null)
    .sort((a, b) => (path.basename(a.studyFolder) < path.basename(b.studyFolder) ? 1 : -1));
}

/** Null for a folder that is no study, or went away meanwhile. */
export async function summarizeStudy(studyFolder: string): Promise<StudySummary | null> {
  try {
    const study = await readStudy(studyFolder);
    const { mtimeMs } = await stat(path.join(studyFolder, STUDY_FILES.recipe));
    const isGone =
      study.process === null ? Date.now() - mtimeMs > SILENT_MS : await isStudyInterrupted(study, studyFolder);
    const best = study.trials.find(({ number }) => number === study.best);
    return {
      studyFolder,
      name: study.start?.name ?? path.basename(studyFolder),
      recipeFile: study.recipeFile,
      status: isGone ? 'interrupted' : study.status,
      startedAt: study.startedAt,
      lastAt: study.lastAt,
      objective: study.start?.objective ?? null,
      trials: study.start?.trials ?? null,
      trialsDone: study.trials.filter(({ status }) => status !== 'running' && status !== 'stopped').length,
      best: best === undefined ? null : { trial: best.number, value: best.value, params: best.params },
      message: study.end?.message ?? '',
    };
  } catch {
    return null;
  }
}
