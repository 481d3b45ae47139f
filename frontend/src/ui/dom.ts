/** Elements by calls, never by markup in strings: nothing that comes from a person or a server is parsed as HTML. */
type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

export const clear = (element: Element, ...children: Child[]): void =>
  element.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));

export type Tone = "info" | "success" | "warning" | "danger";

const SVG = "http://www.w3.org/2000/svg";
const SIGNS: Record<Tone, string> = {
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M12 11v5M12 8v.01",
  success: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M8 12l3 3 5-6",
  warning: "M12 4 2.5 20h19zM12 10v4M12 17v.01",
  danger: "M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 8v5M12 16v.01",
};

export function icon(tone: Tone): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { class: "icon", viewBox: "0 0 24 24", width: "20", height: "20", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SIGNS[tone]);
  svg.append(path);
  return svg;
}

/** `role=alert` interrupts: only for what stops the person. */
export function notice(tone: Tone, ...children: Child[]): HTMLElement {
  const body = h("div", { class: "notice__body" });
  for (const child of children) if (child) body.append(typeof child === "string" ? h("p", {}, child) : child);
  return h("div", { class: `notice notice--${tone}`, role: tone === "danger" ? "alert" : null }, icon(tone), body);
}

/** `choice`: a box to tick, with its sentence. */
export function choice(label: string, change: (on: boolean) => void, checked = false): { element: HTMLElement; input: HTMLInputElement } {
  const input = h("input", { type: "checkbox", id: uid("choice"), checked, onchange: () => change(input.checked) });
  return { element: h("div", { class: "choice" }, input, h("label", { for: input.id }, label)), input };
}

export const button = (label: string, act: () => void, kind: "" | "secondary" | "danger" = ""): HTMLButtonElement =>
  h("button", { type: "button", class: kind ? `button button--${kind}` : "button", onclick: act }, label);

/** A word and an icon: colour is never alone. */
export const status = (tone: Tone, label: string): HTMLElement =>
  h("span", { class: `status status--${tone}` }, icon(tone), h("span", {}, label));

export function focusOn(element: HTMLElement | null | undefined): void {
  if (!element) return;
  if (element.tabIndex < 0) element.tabIndex = -1;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

let count = 0;
export const uid = (prefix: string): string => `${prefix}-${++count}`;

export function field(label: string, control: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, hint = ""): HTMLElement {
  control.id ||= uid("field");
  const help = hint ? h("p", { class: "field__hint", id: `${control.id}-hint` }, hint) : null;
  const error = h("p", { class: "field__error", id: `${control.id}-error`, hidden: true });
  control.setAttribute("aria-describedby", [help?.id, error.id].filter(Boolean).join(" "));
  return h("div", { class: "field" }, h("label", { class: "field__label", for: control.id }, label), help, error, control);
}

export function fieldError(control: HTMLElement, message: string): void {
  const error = document.getElementById(`${control.id}-error`);
  if (!error) return;
  error.textContent = message;
  error.hidden = !message;
  if (message) {
    control.setAttribute("aria-invalid", "true");
    control.focus();
  } else control.removeAttribute("aria-invalid");
}

/** Polite live region and bar. `say` repeats itself at most every five seconds to a screen reader. */
export class Progress {
  readonly element: HTMLElement;
  readonly #bar = h("progress", { max: 1, value: 0 });
  readonly #text = h("p", { class: "progress__detail", "aria-hidden": "true" });
  readonly #live = h("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #said = 0;

  constructor(label: string) {
    this.#bar.setAttribute("aria-label", label);
    this.element = h("div", { class: "progress" }, this.#bar, this.#text, this.#live);
  }

  show(done: number, total: number, text: string, now = false): void {
    this.#bar.max = Math.max(1, total);
    this.#bar.value = done;
    this.#text.textContent = text;
    if (now || Date.now() - this.#said > 5000) {
      this.#said = Date.now();
      this.#live.textContent = text;
    }
  }
}

export function saveFile(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
