// Small pure questions about the checklist.

import type { PaperRow } from '$lib/host/types';

/** How many of the papers that are needed are in. */
export function papersDone(papers: PaperRow[]): { done: number; all: number } {
  const counted = papers.filter(
    (paper) => paper.required || paper.checked || paper.scans.length > 0
  );
  return { done: counted.filter((paper) => paper.checked).length, all: counted.length };
}

function wantsScan(paper: PaperRow): boolean {
  return !paper.presentOnly && paper.reusedFrom === '' && paper.scans.length === 0;
}

/** The row that takes the next scan: the first needed one without, else the first without, else the first. */
export function nextRow(papers: PaperRow[]): number {
  const bad = papers.findIndex((paper) =>
    paper.scans.some((scan) => !['clear', 'unknown'].includes(scan.quality))
  );
  if (bad >= 0) return bad;
  const needed = papers.findIndex((paper) => paper.required && wantsScan(paper));
  if (needed >= 0) return needed;
  return Math.max(0, papers.findIndex(wantsScan));
}
