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

/** `role=alert` interrupts: only for what stops the person. */
export function notice(tone: Tone, ...children: Child[]): HTMLElement {
  const box = h("div", { class: tone === "info" ? "notice" : `notice notice--${tone}`, role: tone === "danger" ? "alert" : null });
  for (const child of children) if (child) box.append(typeof child === "string" ? h("p", {}, child) : child);
  return box;
}

export const button = (label: string, act: () => void, kind: "" | "secondary" | "danger" = ""): HTMLButtonElement =>
  h("button", { type: "button", class: kind ? `button button--${kind}` : "button", onclick: act }, label);

/** A word and an icon: colour is never alone. */
export const status = (tone: Tone, label: string): HTMLElement =>
  h("span", { class: `status status--${tone}` }, h("span", { "aria-hidden": "true" }, { info: "…", success: "✓", warning: "!", danger: "✕" }[tone]), " ", label);

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
  readonly #bar = h("progress", { class: "progress", max: 1, value: 0 });
  readonly #text = h("p", { class: "progress__text", "aria-hidden": "true" });
  readonly #live = h("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #said = 0;

  constructor(label: string) {
    this.#bar.setAttribute("aria-label", label);
    this.element = h("div", { class: "stack upload__progress" }, this.#bar, this.#text, this.#live);
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
