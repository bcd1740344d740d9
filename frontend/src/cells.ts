/* Editing in a cell: Enter, F2 or a double click loads the server's form for that field; Enter or leaving saves,
   Escape takes back. Nothing is shown as saved before the server has answered. td[data-edit] names the address. */
import { isComposing, on } from "./events";
import htmx from "./htmx";

const before = new WeakMap<HTMLElement, string>();
let saved = "";

function edit(cell: HTMLElement): void {
  const url = cell.dataset["edit"];
  if (!url || cell.querySelector(".cell-edit")) return;
  before.set(cell, cell.innerHTML);
  cell.addEventListener("htmx:afterSettle", () => start(cell), { once: true });
  void htmx.ajax("get", url, { source: cell, target: cell, swap: "innerHTML" });
}

function start(cell: HTMLElement): void {
  const form = cell.querySelector<HTMLFormElement>(".cell-edit");
  const field = form?.querySelector<HTMLInputElement>("input:not([type=hidden]), select:not([hidden]), textarea");
  if (!form || !field) return;
  form.dataset["was"] = contentOf(form);
  field.focus();
  field.select?.();
}

/** Everything the form would send, as one text to compare. */
function contentOf(form: HTMLFormElement): string {
  return JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

function takeBack(cell: HTMLElement): void {
  const html = before.get(cell);
  if (html === undefined) return;
  before.delete(cell);
  const form = cell.querySelector<HTMLFormElement>(".cell-edit");
  if (form) form.dataset["saving"] = "no"; // removing the focused field is no leaving of it
  cell.innerHTML = html;
  cell.focus();
}

function save(form: HTMLFormElement): void {
  if (!form.dataset["saving"]) {
    form.dataset["saving"] = "yes";
    saved = form.closest<HTMLElement>("td")?.dataset["edit"] ?? "";
    form.requestSubmit();
  }
}

on("dblclick", "td[data-edit]", (_event, cell) => edit(cell));

on("keydown", "td[data-edit]", (event, cell) => {
  if (isComposing(event)) return;
  const form = cell.querySelector<HTMLFormElement>(".cell-edit");
  if (form) {
    if (event.key === "Escape") {
      event.stopPropagation();
      takeBack(cell);
    } else if (event.key === "Enter" && !(event.target instanceof HTMLTextAreaElement && event.shiftKey)) {
      event.preventDefault();
      save(form);
    }
  } else if (event.key === "Enter" || event.key === "F2") {
    event.preventDefault();
    edit(cell);
  } else if (event.key.startsWith("Arrow")) walk(event, cell);
});

// leaving the cell saves what has changed and forgets what has not
on("focusout", "td[data-edit] .cell-edit", (event, element) => {
  const form = element as HTMLFormElement;
  const cell = form.closest<HTMLElement>("td");
  const to = event.relatedTarget;
  if (!cell || (to instanceof Node && form.contains(to)) || form.dataset["saving"]) return;
  if (form.dataset["was"] !== undefined && contentOf(form) !== form.dataset["was"]) save(form);
  else window.setTimeout(() => form.isConnected && takeBack(cell));
});

// a form that stands after its own answer may be sent again; the end of any other request says nothing about it
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = (event as CustomEvent<{ elt: Element }>).detail;
  if (elt instanceof HTMLFormElement) delete elt.dataset["saving"];
});
// the answer replaces the cell; the focus stays where the reader was
document.addEventListener("htmx:afterSettle", () => {
  const cell = document.querySelector<HTMLElement>(`td[data-edit="${CSS.escape(saved)}"]`);
  if (!saved || !cell || cell.querySelector(".cell-edit")) return;
  saved = "";
  const active = document.activeElement;
  if (!active || active === document.body) cell.focus();
});

function walk(event: KeyboardEvent, cell: HTMLElement): void {
  const row = cell.closest("tr");
  const column = (cell as HTMLTableCellElement).cellIndex;
  const target =
    event.key === "ArrowRight" || event.key === "ArrowLeft"
      ? beside(row, cell, event.key === "ArrowRight" ? 1 : -1)
      : ((event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling) as HTMLTableRowElement | null)
          ?.cells[column];
  if (!target) return;
  event.preventDefault();
  (target as HTMLElement).focus();
}

function beside(row: HTMLTableRowElement | null, cell: HTMLElement, step: number): HTMLElement | undefined {
  const cells = [...(row?.querySelectorAll<HTMLElement>("td[data-edit]") ?? [])];
  return cells[cells.indexOf(cell) + step];
}

// from the row itself the right arrow enters its first editable cell
on("keydown", "tr[data-row]", (event, row) => {
  if (event.key !== "ArrowRight" || event.target !== row) return;
  const first = row.querySelector<HTMLElement>("td[data-edit]");
  if (first) {
    event.preventDefault();
    first.focus();
  }
});
