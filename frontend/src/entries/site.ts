/** Small helps on every page; each page works without them. */
import { duration, fr } from "../french.ts";

const all = <T extends Element>(selector: string, root: ParentNode = document): T[] => [...root.querySelectorAll<T>(selector)];

/** Server minus visitor clock, in milliseconds, as seen when the page arrived. */
function clockDrift(): number {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="server-time"]');
  const server = Date.parse(meta?.content ?? "");
  const arrived = performance.timeOrigin + (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined ?? { responseStart: 0 }).responseStart;
  return Number.isNaN(server) ? 0 : server - arrived;
}

function countdowns(drift: number): void {
  const times = all<HTMLTimeElement>("time[data-deadline]");
  if (!times.length) return;
  const places = times.map((time) => {
    const known = time.parentElement?.querySelector<HTMLElement>("[data-time-left]");
    const span = known ?? document.createElement("span");
    if (!known) time.after(" ", span);
    return { span, at: Date.parse(time.dateTime) };
  });
  const tick = (): void => {
    let next = 60_000;
    for (const { span, at } of places) {
      const left = (at - Date.now() - drift) / 1000;
      const text = left > 0 ? fr(`il reste ${duration(left)}`) : "délai passé";
      if (span.textContent !== text) span.textContent = text;
      if (left > 0 && left < 120) next = 1000;
      else if (left > 0) next = Math.min(next, (left % 60) * 1000 + 50);
    }
    setTimeout(tick, next);
  };
  tick();
}

function driftNotice(drift: number): void {
  if (Math.abs(drift) < 30_000 || !document.querySelector("[data-deadline]")) return;
  const note = document.createElement("p");
  note.className = "notice notice--warning";
  const side = drift > 0 ? "retarde" : "avance";
  note.textContent = fr(`L'horloge de votre appareil ${side} de ${duration(Math.abs(drift) / 1000)}. Seule l'heure de la plateforme compte : les délais affichés ici la suivent.`);
  document.querySelector("main")?.prepend(note);
}

function autosave(form: HTMLFormElement): void {
  const status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
  const say = (text: string): void => {
    if (status) status.textContent = fr(text);
  };
  let timer: ReturnType<typeof setTimeout>;
  let busy = false;
  let again = false;
  let leaving: { by: HTMLElement | null } | null = null;
  const save = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    say("Enregistrement…");
    try {
      const body = new FormData(form);
      for (const [key, value] of [...body]) if (value instanceof File) body.delete(key);
      const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
      const answer = await fetch(form.dataset["autosave"] || form.action, {
        method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" },
      });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const { errors = {}, summary } = await answer.json().catch(() => ({})) as { errors?: Record<string, string>; summary?: string };
      const panel = document.querySelector("[data-autosave-summary]");
      if (panel && summary) panel.innerHTML = summary;
      const at = new Date(Date.now() + clockDrift());
      const wrong = Object.values(errors)[0];
      say(`Enregistré à ${at.getHours()} h ${String(at.getMinutes()).padStart(2, "0")}${wrong ? `, sauf ceci : ${wrong}` : "."}`);
      form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    } catch {
      say("Pas encore enregistré. Vérifiez votre connexion, ou utilisez le bouton d'enregistrement.");
    }
    busy = false;
    if (leaving) return form.requestSubmit(leaving.by);
    if (again) {
      again = false;
      await save();
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => void save(), 800);
  });
  // An autosave still on its way could arrive after the form itself and put older answers back: the form waits for it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    leaving = { by: event.submitter };
  });
}

function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const opener = target?.closest<HTMLElement>("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset["dialog"] ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    if (target?.closest("[data-dialog-close]")) target.closest("dialog")?.close();
  });
}

/** j and k move along the rows, Enter opens the row's first link, / goes to the search field. */
function tableKeys(table: HTMLTableElement): void {
  const rows = all<HTMLTableRowElement>("tbody tr", table);
  const link = (row: HTMLTableRowElement | undefined): HTMLElement | null | undefined => row?.querySelector<HTMLElement>("a[href]");
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "j" || event.key === "k") {
      link(rows[Math.max(0, Math.min(rows.length - 1, here + (event.key === "j" ? 1 : here < 0 ? 1 : -1)))])?.focus();
    } else if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>('input[type="search"]');
      if (!search) return;
      search.focus();
    } else if (event.key === "Enter" && here >= 0 && document.activeElement?.matches("tr")) link(rows[here])?.click();
    else return;
    event.preventDefault();
  });
}

/** `[data-repeat]` holds `[data-repeat-row]`s, a `<template>` with `__n__` in its names, and a `[data-repeat-add]`. */
function repeat(box: HTMLElement): void {
  const template = box.querySelector("template");
  const total = box.querySelector<HTMLInputElement>('input[name$="-TOTAL_FORMS"]');
  let next = total ? Number(total.value) : all("[data-repeat-row]", box).length;
  const changed = (): boolean => box.dispatchEvent(new Event("input", { bubbles: true }));
  box.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-repeat-add]") && template) {
      event.preventDefault();
      const row = template.content.cloneNode(true) as DocumentFragment;
      for (const element of all<Element>("*", row)) {
        for (const attribute of [...element.attributes]) attribute.value = attribute.value.replaceAll("__n__", String(next));
      }
      const first = row.querySelector<HTMLElement>("input:not([type=hidden]), select, textarea");
      const last = all<HTMLElement>("[data-repeat-row]", box).pop();
      if (last) last.after(row);
      else template.before(row);
      next++;
      if (total) total.value = String(next);
      first?.focus();
      changed();
    }
    const remove = target?.closest("[data-repeat-remove]");
    const row = remove?.closest<HTMLElement>("[data-repeat-row]");
    if (row) {
      event.preventDefault();
      const mark = row.querySelector<HTMLInputElement>('input[name$="-DELETE"]');
      if (mark) {
        mark.checked = true;
        if (mark.type === "hidden") mark.value = "on";
        row.hidden = true;
      } else row.remove();
      box.querySelector<HTMLElement>("[data-repeat-add]")?.focus();
      changed();
    }
  });
}

const drift = clockDrift();
countdowns(drift);
driftNotice(drift);
all<HTMLFormElement>("form[data-autosave]").forEach(autosave);
dialogs();
all<HTMLTableElement>("table[data-keys]").forEach(tableKeys);
all<HTMLElement>("[data-repeat]").forEach(repeat);
document.documentElement.classList.add("has-script");
