/* Ctrl/Cmd K: go to a page, create, act on this record, or find a record.
   Pages, + New and this record's acts are read off the page; records and the recent ones come from the server:
   GET <data-url>?q=…&at=<path> answers li[role=option][data-href] and li.group headings, nothing else. */
import { isComposing, on } from "./events";
import { latest, Options, settled } from "./options";

const dialog = document.getElementById("palette") as HTMLDialogElement | null;
const field = dialog?.querySelector<HTMLInputElement>("[data-palette-input]") ?? null;
const list = dialog?.querySelector<HTMLElement>('[role="listbox"]') ?? null;

/** Open the palette, with some text in it already. */
export function openPalette(text = ""): void {
  if (!dialog || !field || dialog.open) return;
  field.value = text;
  dialog.showModal();
  field.focus();
  field.select();
  refresh();
}

interface Entry {
  readonly label: string;
  readonly href: string;
  readonly icon: string;
  readonly group: string;
  readonly element: HTMLElement;
}

function entriesOfPage(): Entry[] {
  const sources: [string, string][] = [
    [".acts a[href], .acts button[type=submit]", document.querySelector("h1")?.textContent?.trim() ?? ""],
    ['[data-menu="new"] .menu-item', document.querySelector('[data-menu="new"] .word-wide')?.textContent?.trim() ?? ""],
    [".rail .nav-link", document.querySelector(".rail")?.getAttribute("aria-label") ?? ""],
  ];
  return sources.flatMap(([selector, group]) =>
    [...document.querySelectorAll<HTMLElement>(selector)].map((element) => ({
      label: (element.querySelector(".word") ?? element).textContent?.trim() ?? "",
      href: element.getAttribute("href") ?? "",
      icon: element.querySelector("use")?.getAttribute("href") ?? "",
      group,
      element,
    })),
  );
}

const acts = new Map<HTMLElement, HTMLElement>();

function drawEntry(entry: Entry): HTMLElement {
  const option = document.createElement("li");
  option.className = "option";
  option.setAttribute("role", "option");
  if (entry.href) option.dataset["href"] = entry.href;
  else acts.set(option, entry.element);
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", entry.icon);
  icon.append(use);
  const label = document.createElement("span");
  label.className = "t";
  label.textContent = entry.label;
  option.append(icon, label);
  return option;
}

function heading(text: string): HTMLElement {
  const group = document.createElement("li");
  group.className = "group";
  group.setAttribute("role", "presentation");
  group.textContent = text;
  return group;
}

function drawOwn(query: string): HTMLElement[] {
  acts.clear();
  const wanted = query.toLowerCase().normalize("NFKC").split(/\s+/);
  const found = entriesOfPage().filter((entry) => {
    const text = `${entry.group} ${entry.label}`.toLowerCase(); // "new contract" is a group and a label
    return entry.label && wanted.every((word) => text.includes(word));
  });
  const groups = new Map<string, Entry[]>();
  for (const entry of found) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return [...groups].flatMap(([group, entries]) => [heading(group), ...entries.slice(0, 8).map(drawEntry)]);
}

const ask = latest();
const options = field && list ? new Options(field, list) : null;

async function refresh(): Promise<void> {
  if (!dialog || !field || !list || !options) return;
  const query = field.value.trim();
  const url = new URL(dialog.dataset["url"] ?? "/search/palette", location.href);
  url.searchParams.set("q", query);
  url.searchParams.set("at", location.pathname);
  const own = drawOwn(query);
  if (!list.childElementCount) list.replaceChildren(...own);
  const records = await ask(url.toString());
  if (records === null) return;
  list.innerHTML = records;
  list.append(...own);
  const all = options.all();
  if (!all.length && query) list.append(heading(list.dataset["none"] ?? ""));
  options.mark(all[0]);
  const status = dialog.querySelector<HTMLElement>("[data-palette-status]");
  if (status) status.textContent = `${all.length} ${status.dataset["count"] ?? ""}`;
}

function choose(option: HTMLElement | undefined, elsewhere: boolean): void {
  if (!field) return;
  const href = option?.dataset["href"] ?? (option ? "" : `/search/?q=${encodeURIComponent(field.value.trim())}`);
  if (!href) {
    dialog?.close();
    if (option) acts.get(option)?.click();
  } else if (elsewhere) window.open(href, "_blank", "noopener");
  else location.assign(href);
}

const refreshSoon = settled(120, () => void refresh());
field?.addEventListener("input", refreshSoon);
field?.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  if (options?.step(event.key)) event.preventDefault();
  else if (event.key === "Enter") {
    event.preventDefault();
    choose(options?.current(), event.ctrlKey || event.metaKey);
  }
});
list?.addEventListener("click", (event) => {
  const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
  if (option) choose(option, event.ctrlKey || event.metaKey);
});

// the search field of the frame opens the palette by pointer; by keyboard it stays an ordinary field
on("pointerdown", "input[data-palette-open]", (event, input) => {
  event.preventDefault();
  openPalette((input as HTMLInputElement).value);
});
on("click", "a[data-palette-open]", (event) => {
  if (!dialog) return;
  event.preventDefault();
  openPalette();
});
