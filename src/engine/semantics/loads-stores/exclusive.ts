/** Arm ARM, Load/store exclusive register, Load/store exclusive pair, Load/store ordered. */
import type { Feature, Row } from '../../decode/row.ts';
import type { I64 } from '../ir.ts';
import { k64 } from '../build.ts';
import { destination, orStackPointer } from '../operands.ts';
import { piece, type Size, take, type Transfer } from './access.ts';

interface Sized {
  readonly size: Size;
}
/** In the order of the `size` field. */
export const SIZES: readonly Sized[] = [{ size: 1 }, { size: 2 }, { size: 4 }, { size: 8 }];
const general = (size: Size): Transfer => ({ kind: 'general', size });

const SUCCEEDED: I64 = k64(0);
const FAILED: I64 = k64(1);

/** The fields Rs and Rt2 of the loads are should-be-one and ignored. */
const loadExclusive = (name: string, o0: 0 | 1): Row<Sized> => ({
  name,
  encodingClass: 'Load/store exclusive register',
  pattern: `size:2 001000 0 1 0 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
  variants: SIZES,
  operands(f, o) {
    o.variant = f.size;
    o.rd = destination(f.Rt);
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const address = e.let(e.X(o.rn));
    const write = take(e, e.load(address, { size, aligned: true }), general(size));
    e.setExclusive(address, size);
    write(o.rd);
  },
});

/** The status is written last, also when Rs is Rt or Rn (CONSTRAINED UNPREDICTABLE; as in QEMU). */
const storeExclusive = (name: string, o0: 0 | 1): Row<Sized> => ({
  name,
  encodingClass: 'Load/store exclusive register',
  pattern: `size:2 001000 0 0 0 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
  variants: SIZES,
  operands(f, o) {
    o.variant = f.size;
    o.rd = destination(f.Rs);
    o.rm = f.Rt;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const address = e.let(e.X(o.rn));
    e.if(
      e.isExclusive(address, size),
      () => {
        e.store(address, { size, aligned: true }, [piece(e, o.rm, general(size))]);
        e.setX(o.rd, SUCCEEDED);
      },
      () => e.setX(o.rd, FAILED),
    );
    e.clearExclusive();
  },
});

interface PairSize {
  readonly size: 4 | 8;
}
const PAIR_SIZES: readonly PairSize[] = [{ size: 4 }, { size: 8 }];
const pairAccess = (size: 4 | 8) => ({ size, bytes: 2 * size, aligned: true }) as const;

const loadExclusivePair = (name: string, o0: 0 | 1): Row<PairSize> => ({
  name,
  encodingClass: 'Load/store exclusive pair',
  pattern: `1 sz:1 001000 0 1 1 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
  variants: PAIR_SIZES,
  operands(f, o) {
    o.variant = f.sz;
    o.rd = destination(f.Rt);
    o.ra = destination(f.Rt2);
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const address = e.let(e.X(o.rn));
    const h = e.load(address, pairAccess(size));
    const first = take(e, h, general(size));
    const second = take(e, h, general(size), size);
    e.setExclusive(address, 2 * size);
    first(o.rd);
    second(o.ra);
  },
});

const storeExclusivePair = (name: string, o0: 0 | 1): Row<PairSize> => ({
  name,
  encodingClass: 'Load/store exclusive pair',
  pattern: `1 sz:1 001000 0 0 1 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
  variants: PAIR_SIZES,
  operands(f, o) {
    o.variant = f.sz;
    o.rd = destination(f.Rs);
    o.rm = f.Rt;
    o.ra = f.Rt2;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const address = e.let(e.X(o.rn));
    e.if(
      e.isExclusive(address, 2 * size),
      () => {
        const pieces = [piece(e, o.rm, general(size)), piece(e, o.ra, general(size), size)];
        e.store(address, pairAccess(size), pieces);
        e.setX(o.rd, SUCCEEDED);
      },
      () => e.setX(o.rd, FAILED),
    );
    e.clearExclusive();
  },
});

/** One access at a time is in order already: acquire and release add the alignment rule alone. */
const ordered = (name: string, load: boolean, o0: 0 | 1, feature?: Feature): Row<Sized> => ({
  name,
  encodingClass: 'Load/store ordered',
  pattern: `size:2 001000 1 ${load ? 1 : 0} 0 Rs:5 ${o0} Rt2:5 Rn:5 Rt:5`,
  ...(feature === undefined ? {} : { feature }),
  variants: SIZES,
  operands(f, o) {
    o.variant = f.size;
    o.rd = load ? destination(f.Rt) : f.Rt;
    o.rn = orStackPointer(f.Rn);
  },
  emit(e, { size }, o) {
    const address = e.let(e.X(o.rn));
    const access = { size, aligned: true };
    if (load) take(e, e.load(address, access), general(size))(o.rd);
    else e.store(address, access, [piece(e, o.rd, general(size))]);
  },
});

/** LDAPR: release consistent processor consistent. */
const loadAcquireRcpc: Row<Sized> = {
  ...ordered('LDAPR', true, 1, 'rcpc'),
  encodingClass: 'Atomic memory operations',
  pattern: 'size:2 111 0 00 1 0 1 11111 1 100 00 Rn:5 Rt:5',
};

export const LOAD_STORE_EXCLUSIVE: readonly Row[] = [
  storeExclusive('STXR', 0),
  storeExclusive('STLXR', 1),
  loadExclusive('LDXR', 0),
  loadExclusive('LDAXR', 1),
  storeExclusivePair('STXP', 0),
  storeExclusivePair('STLXP', 1),
  loadExclusivePair('LDXP', 0),
  loadExclusivePair('LDAXP', 1),
  ordered('STLLR', false, 0, 'lor'),
  ordered('STLR', false, 1),
  ordered('LDLAR', true, 0, 'lor'),
  ordered('LDAR', true, 1),
  loadAcquireRcpc,
];
