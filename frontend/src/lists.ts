/* Rows of a list: walking, selecting (with Shift for a range), the bar of acts, opening by a click anywhere. */
import { on, onContent } from "./events";

const rows = () => [...document.querySelectorAll<HTMLTableRowElement>("table[data-list] tbody tr[data-row]")];
const boxOf = (row: Element) => row.querySelector<HTMLInputElement>('.c-chk input[type="checkbox"]');
const current = () => document.querySelector<HTMLTableRowElement>("tr[data-row].current");

let anchor: HTMLTableRowElement | null = null;

function makeCurrent(row: HTMLTableRowElement): void {
  current()?.classList.remove("current");
  row.classList.add("current");
  row.tabIndex = -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

/** Go to the next (1) or the previous (-1) row; false where there is no list. */
export function moveRow(step: 1 | -1): boolean {
  const all = rows();
  if (!all.length) return false;
  const at = current();
  const next = at ? all[all.indexOf(at) + step] : step === 1 ? all[0] : all.at(-1);
  if (next) makeCurrent(next);
  return true;
}

/** Tick or untick the current row; false where there is none. */
export function selectRow(): boolean {
  const row = current();
  const box = row && boxOf(row);
  if (!row || !box) return false;
  box.checked = !box.checked;
  anchor = row;
  refresh();
  return true;
}

function refresh(): void {
  const all = rows();
  const selected = all.filter((row) => boxOf(row)?.checked);
  for (const row of all) row.setAttribute("aria-selected", String(boxOf(row)?.checked ?? false));
  for (const head of document.querySelectorAll<HTMLInputElement>("table[data-list] [data-all]")) {
    head.checked = all.length > 0 && selected.length === all.length;
    head.indeterminate = selected.length > 0 && !head.checked;
  }
  const bar = document.querySelector<HTMLElement>("[data-bulk]");
  if (!bar) return;
  bar.toggleAttribute("hidden", selected.length === 0);
  if (selected.length < all.length) matchAll(false);
  const everything = bar.querySelector<HTMLInputElement>("[data-all-matching]")?.value === "1";
  const count = bar.querySelector<HTMLElement>("[data-bulk-count]");
  const total = document.querySelector<HTMLElement>("dl[data-total]")?.dataset["total"] ?? bar.dataset["total"];
  const number = everything && total ? total : String(selected.length);
  if (count) count.textContent = (count.dataset["text"] ?? "%n").replace("%n", number);
}

function matchAll(all: boolean): void {
  const field = document.querySelector<HTMLInputElement>("[data-all-matching]");
  if (field) field.value = all ? "1" : "";
}

on("change", "table[data-list] [data-all]", (_event, head) => {
  for (const row of rows()) {
    const box = boxOf(row);
    if (box) box.checked = (head as HTMLInputElement).checked;
  }
  refresh();
});

on("click", ".c-chk input", (event, element) => {
  const row = element.closest<HTMLTableRowElement>("tr[data-row]");
  const all = rows();
  if (row && anchor && event.shiftKey) {
    const [from, to] = [all.indexOf(anchor), all.indexOf(row)].sort((a, b) => a - b);
    for (const one of all.slice(from, (to ?? 0) + 1)) {
      const box = boxOf(one);
      if (box) box.checked = (element as HTMLInputElement).checked;
    }
  }
  anchor = row;
  refresh();
});

on("click", "[data-select-all-matching]", () => {
  for (const row of rows()) {
    const box = boxOf(row);
    if (box) box.checked = true;
  }
  matchAll(true);
  refresh();
});

function clear(): void {
  for (const row of rows()) {
    const box = boxOf(row);
    if (box) box.checked = false;
  }
  refresh();
}
on("click", "[data-bulk-clear]", clear);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open], details.menu[open], .cell-edit")) return;
  if (rows().some((row) => boxOf(row)?.checked)) clear();
});

// The whole row opens its record; what is a control of its own, or text being marked, does not.
on("click", "tr[data-href]", (event, row) => {
  const own = (event.target as Element).closest("a, button, input, label, select, textarea, details, td[data-edit], .c-chk");
  if (own || event.defaultPrevented || window.getSelection()?.toString()) return;
  const href = row.dataset["href"] ?? "";
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else location.assign(href);
});
on("keydown", "tr[data-href]", (event, row) => {
  if (event.key === "Enter" && event.target === row) location.assign(row.dataset["href"] ?? "");
});

onContent((root) => {
  if (root.querySelector("table[data-list]")) refresh();
});
window.addEventListener("pageshow", refresh);
