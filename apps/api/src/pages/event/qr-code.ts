import { html, type Html } from '#kernel';
import { create } from 'qrcode';

/** Light modules around a code, without which scanners do not find it (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/**
 * A QR code as a picture that programs read aloud by its name. Dark on light in dark mode too: many scanners know no other.
 * Up to 15 % of it may be hidden by a thumb or a crack (error correction M).
 */
export function qrCode(text: string, name: string): Html {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const rows = Array.from({ length: size }, (_, row) => darkRuns(data.subarray(row * size, (row + 1) * size), row));
  const side = size + 2 * QUIET_ZONE;
  return html`<svg
    class="qr"
    role="img"
    aria-label="${name}"
    viewBox="0 0 ${side} ${side}"
    shape-rendering="crispEdges"
  >
    <path fill="#fff" d="M0 0h${side}v${side}H0z" />
    <path fill="#000" d="${rows.join('')}" />
  </svg>`;
}

/** Neighbouring dark modules of a row as one rectangle each, or thin lines would show between them. */
function darkRuns(modules: Uint8Array, row: number): string {
  return Array.from(modules.join('').matchAll(/1+/g), ({ index, 0: { length } }) => {
    return `M${index + QUIET_ZONE} ${row + QUIET_ZONE}h${length}v1h-${length}z`;
  }).join('');
}
