/** G.711, the two codecs every telephone has: A-law and µ-law, one byte per sample. */

export type Law = 'PCMA' | 'PCMU'

export const payloadTypes: Record<Law, number> = { PCMU: 0, PCMA: 8 }

export function encode(samples: Int16Array, law: Law): Uint8Array {
  return Uint8Array.from(samples, law === 'PCMA' ? toALaw : toMuLaw)
}

export function decode(bytes: Uint8Array, law: Law): Int16Array {
  return Int16Array.from(bytes, law === 'PCMA' ? fromALaw : fromMuLaw)
}

function toALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0
  const size = Math.min(sample >= 0 ? sample : -sample - 1, 32767) >> 3
  const exponent = Math.max(0, 32 - Math.clz32(size) - 5)
  const mantissa = (size >> Math.max(1, exponent)) & 0x0f
  return (sign | (exponent << 4) | mantissa) ^ 0x55
}

function fromALaw(byte: number): number {
  const value = byte ^ 0x55
  const exponent = (value >> 4) & 7
  const mantissa = value & 0x0f
  const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1)
  return value & 0x80 ? size : -size
}

function toMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const size = Math.min(Math.abs(sample), 32635) + 132
  const exponent = 32 - Math.clz32(size) - 8
  return ~(sign | (exponent << 4) | ((size >> (exponent + 3)) & 0x0f)) & 0xff
}

function fromMuLaw(byte: number): number {
  const value = ~byte & 0xff
  const exponent = (value >> 4) & 7
  const size = ((((value & 0x0f) << 3) + 132) << exponent) - 132
  return value & 0x80 ? -size : size
}
