import { text } from '~/text';

const most = 64 * 1024;
const types = ['image/png', 'image/jpeg', 'image/webp'] as const;

type LogoType = (typeof types)[number];
type Read = { ok: true; base64: string; type: LogoType } | { ok: false; problem: string };

function startsWith(bytes: Uint8Array, start: readonly number[], at = 0): boolean {
  return start.every((byte, index) => bytes[at + index] === byte);
}

/** The kind of picture by its first bytes; a name or a declared type can say anything. */
export function pictureType(bytes: Uint8Array): LogoType | undefined {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  const riff = startsWith(bytes, [0x52, 0x49, 0x46, 0x46]);
  return riff && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8) ? 'image/webp' : undefined;
}

/** Reads a logo, or says why it cannot be one. */
export async function readLogo(file: File): Promise<Read> {
  if (file.size > most) return { ok: false, problem: text.settings.logoTooBig };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const type = pictureType(bytes);
  if (!type) return { ok: false, problem: text.settings.logoKind };
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return { ok: true, base64: btoa(binary), type };
}
