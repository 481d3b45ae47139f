/** French typography and words for sizes, times and durations. */
export const NARROW = "\u202f";

/** Plain spaces before ; : ! ? » and after « become narrow no-break spaces, straight apostrophes curly ones. */
export const fr = (text: string): string =>
  text.replace(/ ([;:!?»])/g, `${NARROW}$1`).replace(/« /g, `«${NARROW}`).replace(/(\p{L})'/gu, "$1’");

const number = (value: number, digits: number): string =>
  value.toLocaleString("fr-FR", { maximumFractionDigits: digits });

/** Bytes in decimal units, as the screens of computers and the limits of consultations print them. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0octets`;
  const units = ["ko", "Mo", "Go", "To"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${number(value, value < 10 ? 1 : 0)}\u00a0${units[unit]}`;
}

const plural = (count: number, one: string, many: string): string => `${count}\u00a0${count > 1 ? many : one}`;

/** A duration in words: two units at most, seconds only below one minute. */
export function duration(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const days = Math.floor(left / 86400);
  const hours = Math.floor((left % 86400) / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  if (days > 0) return plural(days, "jour", "jours") + (hours && days < 10 ? ` et ${plural(hours, "heure", "heures")}` : "");
  if (hours > 0) return plural(hours, "heure", "heures") + (minutes ? ` et ${plural(minutes, "minute", "minutes")}` : "");
  if (minutes > 0) return plural(minutes, "minute", "minutes");
  return plural(left, "seconde", "secondes");
}

const PARIS = { timeZone: "Europe/Paris" } as const;

/** « mardi 1er décembre 2026 à 12 h 00 » (Paris time). */
export function moment(iso: string, withSeconds = false): string {
  const date = new Date(iso);
  const day = new Intl.DateTimeFormat("fr-FR", { ...PARIS, weekday: "long", day: "numeric", month: "long", year: "numeric" })
    .format(date)
    .replace(/^(\S+) 1 /, "$1 1er ");
  const parts = new Intl.DateTimeFormat("fr-FR", { ...PARIS, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })
    .formatToParts(date);
  const part = (type: string): string => parts.find((item) => item.type === type)?.value ?? "";
  const seconds = withSeconds ? `\u00a0min\u00a0${part("second")}\u00a0s` : "";
  return `${day} à ${Number(part("hour"))}\u00a0h\u00a0${part("minute")}${seconds}`;
}

/** Groups of four, so that two people can read a fingerprint to each other. */
export const grouped = (hex: string): string => hex.match(/.{1,4}/g)?.join(" ") ?? hex;
