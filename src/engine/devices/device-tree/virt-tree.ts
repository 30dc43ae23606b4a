/**
 * The device tree of the virt board. Source: the bindings in Linux, Documentation/devicetree/bindings (arm/psci,
 * interrupt-controller/arm,gic and arm,gic-v3, timer/arm,arch_timer, serial/pl011, rtc/arm,pl031, virtio/mmio) and
 * the Devicetree Specification v0.4, 3.6 (/chosen).
 */
import { VIRT } from '../virt-map.ts';
import { cells64, node, type PropertyValue, type TreeNode, writeDeviceTree } from './writer.ts';

export interface VirtTreeOptions {
  readonly ram: { readonly base: number; readonly size: number };
  /** MPIDR_EL1 of each vcpu. */
  readonly mpidrs: readonly bigint[];
  readonly gic: 2 | 3;
  /** virtio-mmio transports that are there, from the first. */
  readonly virtio: number;
  readonly bootargs?: string;
  /** Physical addresses, end exclusive. */
  readonly initrd?: { readonly start: number; readonly end: number };
  /** For the kernel's random pool. */
  readonly rngSeed?: Uint8Array;
  /** For the kernel's own address, when its command line does not say nokaslr. */
  readonly kaslrSeed?: bigint;
}

const PHANDLE = { GIC: 1, CLOCK: 2 } as const;
/** Interrupt specifier: type, number within the type, trigger. */
const SPI = 0;
const PPI = 1;
const EDGE_RISING = 1;
const LEVEL_HIGH = 4;
/** PPIs of the generic timer counted from INTID 16: secure, non-secure, virtual, hypervisor. */
const TIMER_PPIS = [13, 14, 11, 10];
const CLOCK_HZ = 24_000_000;

/** The tree as a blob. */
export function virtDeviceTree(options: VirtTreeOptions): Uint8Array {
  return writeDeviceTree(virtTree(options));
}

function virtTree(options: VirtTreeOptions): TreeNode {
  const { ram, virtio } = options;
  return node(
    '',
    {
      'interrupt-parent': [PHANDLE.GIC],
      model: 'linux,dummy-virt',
      '#size-cells': [2],
      '#address-cells': [2],
      compatible: 'linux,dummy-virt',
    },
    [
      node('psci', { compatible: ['arm,psci-1.0', 'arm,psci-0.2'], method: 'hvc' }),
      node(`memory@${ram.base.toString(16)}`, { reg: cells64(ram.base, ram.size), device_type: 'memory' }),
      ...Array.from({ length: virtio }, (_, n) => virtioNode(n)),
      clockedNode('pl031', 'arm,pl031', VIRT.RTC, ['apb_pclk']),
      clockedNode('pl011', 'arm,pl011', VIRT.UART, ['uartclk', 'apb_pclk']),
      interruptController(options),
      timerNode(options),
      cpusNode(options),
      node('apb-pclk', {
        phandle: [PHANDLE.CLOCK],
        'clock-output-names': 'clk24mhz',
        'clock-frequency': [CLOCK_HZ],
        '#clock-cells': [0],
        compatible: 'fixed-clock',
      }),
      node('aliases', { serial0: UART_PATH }),
      chosenNode(options),
    ],
  );
}

interface Placed {
  readonly base: number;
  readonly size: number;
  readonly spi: number;
}

/** A PrimeCell peripheral with the board's clock on each of its clock inputs. */
function clockedNode(name: string, compatible: string, at: Placed, clocks: readonly string[]): TreeNode {
  return node(`${name}@${at.base.toString(16)}`, {
    compatible: [compatible, 'arm,primecell'],
    reg: cells64(at.base, at.size),
    interrupts: [SPI, at.spi, LEVEL_HIGH],
    clocks: clocks.map(() => PHANDLE.CLOCK),
    'clock-names': clocks,
  });
}
const UART_PATH = `/pl011@${VIRT.UART.base.toString(16)}`;

function virtioNode(n: number): TreeNode {
  const base = VIRT.VIRTIO.base + n * VIRT.VIRTIO.size;
  return node(`virtio_mmio@${base.toString(16)}`, {
    compatible: 'virtio,mmio',
    reg: cells64(base, VIRT.VIRTIO.size),
    interrupts: [SPI, VIRT.VIRTIO.spi + n, EDGE_RISING],
    'dma-coherent': true,
  });
}

function interruptController({ gic, mpidrs }: VirtTreeOptions): TreeNode {
  const { GICD, GICC, GICR } = VIRT;
  const common = {
    phandle: [PHANDLE.GIC],
    '#interrupt-cells': [3],
    'interrupt-controller': true,
    '#size-cells': [2],
    '#address-cells': [2],
    ranges: true,
  } as const;
  const name = `intc@${GICD.base.toString(16)}`;
  if (gic === 2) {
    const reg = cells64(GICD.base, GICD.size, GICC.base, GICC.size);
    return node(name, { ...common, compatible: 'arm,cortex-a15-gic', reg });
  }
  const reg = cells64(GICD.base, GICD.size, GICR.base, GICR.size * mpidrs.length);
  return node(name, { ...common, compatible: 'arm,gic-v3', '#redistributor-regions': [1], reg });
}

/** In a GICv2's specifiers, a private interrupt's third cell also says which CPUs have it. */
function timerNode({ gic, mpidrs }: VirtTreeOptions): TreeNode {
  const flags = gic === 2 ? LEVEL_HIGH | (((1 << mpidrs.length) - 1) << 8) : LEVEL_HIGH;
  return node('timer', {
    compatible: ['arm,armv8-timer', 'arm,armv7-timer'],
    interrupts: TIMER_PPIS.flatMap((ppi) => [PPI, ppi, flags]),
    'always-on': true,
  });
}

function cpusNode({ mpidrs }: VirtTreeOptions): TreeNode {
  const cpus = mpidrs.map((mpidr, n) =>
    node(`cpu@${affinity(mpidr).toString(16)}`, {
      device_type: 'cpu',
      compatible: 'arm,armv8',
      reg: [affinity(mpidr)],
      'enable-method': 'psci',
      phandle: [PHANDLE.CLOCK + 1 + n],
    }),
  );
  return node('cpus', { '#address-cells': [1], '#size-cells': [0] }, cpus);
}
/** Aff2..Aff0; a virt board's CPUs have no Aff3. */
function affinity(mpidr: bigint): number {
  return Number(mpidr & 0xff_ffffn);
}

function chosenNode({ bootargs, initrd, rngSeed, kaslrSeed }: VirtTreeOptions): TreeNode {
  const properties: Record<string, PropertyValue> = { 'stdout-path': UART_PATH };
  if (bootargs !== undefined) properties['bootargs'] = bootargs;
  if (initrd !== undefined) {
    properties['linux,initrd-start'] = cells64(initrd.start);
    properties['linux,initrd-end'] = cells64(initrd.end);
  }
  if (rngSeed !== undefined) properties['rng-seed'] = rngSeed;
  if (kaslrSeed !== undefined) {
    properties['kaslr-seed'] = [Number(kaslrSeed >> 32n), Number(kaslrSeed & 0xffff_ffffn)];
  }
  return node('chosen', properties);
}
