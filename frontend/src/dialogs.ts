/* Dialogs, menus, going back, copying: small things that open and close. */
import { on, onContent } from "./events";
import { say, words } from "./toasts";

/** The dialog of that id, opened; the browser gives the focus back when it closes. */
export function open(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return null;
  if (!dialog.open) dialog.showModal();
  return dialog;
}

on("click", "[data-dialog]", (event, link) => {
  if (open(link.dataset["dialog"] ?? "")) event.preventDefault();
});
on("click", "[data-close]", (_event, button) => button.closest("dialog")?.close());
on("click", "dialog", (event, dialog) => {
  const backdrop = event.target === dialog;
  if (backdrop && !dialog.querySelector("form[data-guard], textarea")) (dialog as HTMLDialogElement).close();
});
on("click", "[data-keys-open]", () => open("keys"));

// Menus are details: one open at a time, closed by a click elsewhere and by Escape, walked with the arrows.
const menus = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.target instanceof Element ? event.target.closest<HTMLDetailsElement>("details.menu[open]") : null;
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const items = [...menu.querySelectorAll<HTMLElement>(".menu-item:not([hidden])")];
  if (!items.length) return;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = event.key === "ArrowDown" ? at + 1 : at - 1;
  items[(next + items.length) % items.length]?.focus();
  event.preventDefault();
});
document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target as Node)) menu.open = false;
});

on("click", "[data-copy]", (_event, button) => {
  navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(
    () => say(words("copied")),
    () => say(words("failed"), { error: true }),
  );
});
on("click", "[data-back]", () => history.back());
onContent((root) =>
  root
    .querySelectorAll<HTMLElement>("[data-copy][hidden], [data-back][hidden], [data-keys-open][hidden]")
    .forEach((element) => element.removeAttribute("hidden")),
);
