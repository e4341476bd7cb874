// The citizen's signature: on the pad of the practice desk or on the canvas of the screen.

import type { InkStroke, IntakeView, SignatureVia, SignRequest } from '../types';
import { settle, view } from './intake';
import { practiceStrokes, signatureUrl } from './pictures';
import { must, refuse, type World } from './world';

const ASPECT_RATIO = 3;

export function begin(world: World, via: SignatureVia): SignRequest {
  const draft = must(world.draft, { code: 'no_intake' });
  const pad = world.device('signature_pad');
  if (via === 'pad' && (!pad || pad.fault === 'unplugged')) {
    return refuse({ code: 'signature_pad_lost', device: pad?.name ?? '' });
  }
  const deviceName = via === 'pad' ? (pad?.name ?? '') : '';
  world.sign = {
    requestId: world.id('sign'),
    via,
    deviceName,
    statement: [
      `Tôi là ${draft.person.fullName.value || '…'}, nộp hồ sơ “${draft.procedure?.name ?? '…'}” gồm ${draft.papers.filter((paper) => paper.checked).length} loại giấy tờ.`,
      'Tôi đã xem thông tin trên màn hình, thấy đúng, và nhận giấy hẹn.'
    ],
    aspectRatio: ASPECT_RATIO
  };
  draft.signature = { ...draft.signature, state: 'asking', via, deviceName };
  settle(world);
  return world.sign;
}

function finish(world: World, strokes: InkStroke[]): IntakeView {
  const draft = must(world.draft, { code: 'no_intake' });
  if (strokes.every((stroke) => stroke.points.length < 2)) refuse({ code: 'signature_empty' });
  const imageId = world.id('image');
  world.images.set(imageId, signatureUrl(strokes, ASPECT_RATIO));
  draft.signature = {
    ...draft.signature,
    state: 'signed',
    signedAt: world.now(),
    imageId,
    stale: false
  };
  world.sign = null;
  settle(world);
  world.emit({ kind: 'intake', revision: draft.revision });
  return view(world);
}

export function submit(world: World, strokes: InkStroke[] | null): IntakeView {
  return finish(world, strokes ?? []);
}

export function cancel(world: World): IntakeView {
  const draft = must(world.draft, { code: 'no_intake' });
  world.sign = null;
  draft.signature = { ...draft.signature, state: 'none', via: null, imageId: null, signedAt: null };
  settle(world);
  return view(world);
}

/** The invented citizen signs on the pad: points arrive one by one, then the pad sends its key. */
export function simSign(world: World): void {
  if (!world.draft) refuse({ code: 'no_intake' });
  const request = world.sign ?? begin(world, 'pad');
  const strokes = practiceStrokes();
  let last = 0;
  let offset = 0;
  for (const stroke of strokes) {
    stroke.points.forEach((point, index) => {
      last = offset + point.tMs;
      world.after(last, () =>
        world.emit({
          kind: 'pen',
          requestId: request.requestId,
          point,
          down: index < stroke.points.length - 1
        })
      );
    });
    offset += 60;
  }
  world.after(last + 400, () => {
    if (world.sign?.requestId === request.requestId) finish(world, strokes);
  });
}
