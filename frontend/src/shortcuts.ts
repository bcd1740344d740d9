/* Keys of the page. Off while typing, while a dialog is open, and when the reader switched them off (WCAG 2.1.4);
   Ctrl/Cmd K always works. */
import { open } from "./dialogs";
import { isTyping } from "./events";
import { moveRow, selectRow } from "./lists";
import { openPalette } from "./palette";

let goUntil = 0;

function follow(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.click();
  return element !== null;
}

function create(): boolean {
  const menu = document.querySelector<HTMLDetailsElement>('details[data-menu="new"]');
  if (!menu) return follow(".pagehead .btn-primary");
  menu.open = true;
  menu.querySelector<HTMLElement>(".menu-item")?.focus();
  return true;
}

function go(letter: string): boolean {
  const entry = document.querySelector<HTMLElement>(`[data-go="${CSS.escape(letter)}"]`);
  if (entry?.dataset["href"]) location.assign(entry.dataset["href"]);
  return entry !== null;
}

function openPaletteEmpty(): boolean {
  openPalette();
  return true;
}

function startGoing(): boolean {
  goUntil = Date.now() + 1500;
  return true;
}

const keys: Record<string, () => boolean> = {
  "/": openPaletteEmpty,
  "?": () => open("keys") !== null,
  c: create,
  e: () => follow('[data-shortcut="edit"]'),
  j: () => moveRow(1) || follow('[data-record="next"]'),
  k: () => moveRow(-1) || follow('[data-record="previous"]'),
  x: selectRow,
  g: startGoing,
};

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  const off = document.body.dataset["shortcuts"] === "off" || document.querySelector("dialog[open]") !== null;
  if (off || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  const going = Date.now() < goUntil;
  goUntil = 0;
  const key = event.key.toLowerCase();
  if (going ? go(key) : keys[key]?.()) event.preventDefault();
});
