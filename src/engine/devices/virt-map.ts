/** Where things are: the addresses and interrupts of QEMU's virt board, which guests are built for. */
export const VIRT = {
  /** Two banks of flash: the first one holds firmware, the second one its variables, none at first. */
  FLASH: { base: 0x0, size: 0x0800_0000, bank: 0x0400_0000 },
  GICD: { base: 0x0800_0000, size: 0x1_0000 },
  GICC: { base: 0x0801_0000, size: 0x1_0000 },
  /** One vcpu's redistributor; the others follow. */
  GICR: { base: 0x080a_0000, size: 0x2_0000 },
  UART: { base: 0x0900_0000, size: 0x1000, spi: 1 },
  RTC: { base: 0x0901_0000, size: 0x1000, spi: 2 },
  /** The first virtio-mmio transport; the others follow, in address and interrupt. */
  VIRTIO: { base: 0x0a00_0000, size: 0x200, spi: 16, count: 32 },
  RAM: 0x4000_0000,
} as const;
