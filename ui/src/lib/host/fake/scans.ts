// Files that arrive in the watched folder or are dropped, and the papers they belong to.

import type { IntakeView, ScanItem, ScanQuality } from '../types';
import { settle, view } from './intake';
import { pageUrl } from './pictures';
import { must, refuse, type FakeScan, type World } from './world';

const SCAN_LIMIT_BYTES = 100 * 1024 * 1024;

export const PRACTICE_SCANS = [
  {
    id: 'to-khai',
    name: 'Tờ khai, 2 trang',
    title: 'Tờ khai',
    pages: 2,
    sizeBytes: 486_000,
    quirk: ''
  },
  {
    id: 'giay-to',
    name: 'Giấy tờ cư trú',
    title: 'Giấy xác nhận cư trú',
    pages: 1,
    sizeBytes: 212_000,
    quirk: ''
  },
  {
    id: 'mo',
    name: 'Trang bị mờ',
    title: 'Giấy xác nhận',
    pages: 1,
    sizeBytes: 198_000,
    quirk: 'blurred'
  },
  { id: 'rong', name: 'Tệp rỗng 0 byte', title: 'Rỗng', pages: 0, sizeBytes: 0, quirk: 'empty' },
  {
    id: 'dang-ghi',
    name: 'Tệp đang ghi dở',
    title: 'Tờ khai',
    pages: 3,
    sizeBytes: 90_000,
    quirk: 'growing'
  },
  {
    id: 'qua-lon',
    name: 'Tệp 200 MB',
    title: 'Bản vẽ',
    pages: 1,
    sizeBytes: 209_715_200,
    quirk: 'too_large'
  }
] as const;

function item(scan: FakeScan): ScanItem {
  const { title: _title, url: _url, attachedTo: _attached, ...rest } = scan;
  return rest;
}

export function inbox(world: World): ScanItem[] {
  return world.scans.filter((scan) => scan.attachedTo === null).map(item);
}

export function arrive(world: World, practiceId: string): void {
  const source = must(
    PRACTICE_SCANS.find((one) => one.id === practiceId),
    { code: 'scan_gone' }
  );
  const number = String(world.scans.length + 1).padStart(4, '0');
  const quality: ScanQuality = source.quirk === 'blurred' ? 'blurred' : 'clear';
  const refused = source.quirk === 'empty' || source.quirk === 'too_large' ? source.quirk : null;
  const scan: FakeScan = {
    id: world.id('scan'),
    fileName: `quet-${number}.pdf`,
    pages: source.pages,
    sizeBytes: source.sizeBytes,
    receivedAt: world.now(),
    origin: 'practice',
    state: refused ? 'refused' : source.quirk === 'growing' ? 'receiving' : 'ready',
    refusal: refused,
    quality: refused ? 'unknown' : quality,
    qualityPage: quality === 'blurred' ? 1 : null,
    title: source.title,
    url: null,
    attachedTo: null
  };
  world.scans.push(scan);
  world.emit({ kind: 'scan' });
  if (refused === 'empty') world.notice({ code: 'scan_empty', fileName: scan.fileName });
  if (refused === 'too_large') {
    world.notice({
      code: 'scan_too_large',
      fileName: scan.fileName,
      sizeBytes: scan.sizeBytes,
      limitBytes: SCAN_LIMIT_BYTES
    });
  }
  if (scan.state === 'receiving') {
    world.after(2500, () => {
      scan.state = 'ready';
      world.emit({ kind: 'scan' });
    });
  }
}

export function addFile(world: World, fileName: string, bytes: Uint8Array): ScanItem {
  if (bytes.length === 0) refuse({ code: 'scan_empty', fileName });
  if (bytes.length > SCAN_LIMIT_BYTES) {
    refuse({
      code: 'scan_too_large',
      fileName,
      sizeBytes: bytes.length,
      limitBytes: SCAN_LIMIT_BYTES
    });
  }
  const picture = /\.(jpe?g|png)$/i.test(fileName);
  if (!picture && !/\.pdf$/i.test(fileName)) refuse({ code: 'scan_unsupported', fileName });
  const scan: FakeScan = {
    id: world.id('scan'),
    fileName,
    pages: 1,
    sizeBytes: bytes.length,
    receivedAt: world.now(),
    origin: 'dropped',
    state: 'ready',
    refusal: null,
    quality: 'clear',
    qualityPage: null,
    title: fileName,
    url: picture ? URL.createObjectURL(new Blob([bytes.slice()])) : null,
    attachedTo: null
  };
  world.scans.push(scan);
  world.emit({ kind: 'scan' });
  return item(scan);
}

export function attach(world: World, paperId: string, scanId: string): IntakeView {
  const draft = must(world.draft, { code: 'no_intake' });
  const scan = must(
    world.scans.find((one) => one.id === scanId && one.attachedTo === null),
    { code: 'scan_gone' }
  );
  if (scan.state === 'receiving') refuse({ code: 'scan_growing', fileName: scan.fileName });
  if (scan.state === 'refused') refuse({ code: 'scan_unreadable', fileName: scan.fileName });
  const paper = must(
    draft.papers.find((one) => one.id === paperId),
    { code: 'no_intake' }
  );
  scan.attachedTo = paperId;
  const { id, fileName, pages, sizeBytes, quality, qualityPage } = scan;
  paper.scans.push({
    id,
    fileName,
    pages,
    sizeBytes,
    quality,
    qualityPage,
    attachedAt: world.now()
  });
  if (!paper.checked) {
    paper.checked = true;
    paper.originals = paper.expectedOriginals;
    paper.certified = paper.expectedCertified;
    paper.photos = paper.expectedPhotos;
  }
  settle(world);
  world.emit({ kind: 'scan' });
  return view(world);
}

export function detach(world: World, paperId: string, scanId: string): IntakeView {
  const draft = must(world.draft, { code: 'no_intake' });
  const paper = draft.papers.find((one) => one.id === paperId);
  if (paper) paper.scans = paper.scans.filter((scan) => scan.id !== scanId);
  const scan = world.scans.find((one) => one.id === scanId);
  if (scan) scan.attachedTo = null;
  settle(world);
  world.emit({ kind: 'scan' });
  return view(world);
}

export function discardScan(world: World, scanId: string): void {
  world.scans = world.scans.filter((scan) => scan.id !== scanId);
  world.emit({ kind: 'scan' });
}

export function scanPageUrl(world: World, scanId: string, page: number): string {
  const scan = world.scans.find((one) => one.id === scanId);
  if (!scan || scan.pages === 0) return '';
  return scan.url ?? pageUrl(scan.title, page, scan.quality === 'blurred');
}
