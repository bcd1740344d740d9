/* Parts that others may change while they are looked at: asked again every five seconds while the page is in view, and
   sooner while what follows from an act is still being done there (data-soon).
   An answer of 204 means that nothing is new. What the reader is doing in a part is never taken away: while something
   is typed or a menu stands open there, the part waits; focus and open disclosures outlive the change. */
import htmx from "./htmx";
import { reveal } from "./reveal";

const EVERY = 5_000;
const SOON = 700;
const MOST_SOON = 15;
const stopped = new WeakSet<HTMLElement>();

function isChanged(control: Element): boolean {
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
  if (control instanceof HTMLSelectElement) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  if (!(control instanceof HTMLInputElement) || control.type === "hidden") return false;
  return control.value !== control.defaultValue || control.checked !== control.defaultChecked;
}

function isBusy(part: HTMLElement): boolean {
  if (part.querySelector("form[data-sent], details.menu[open]")) return true;
  if ([...part.querySelectorAll("input, textarea, select")].some(isChanged)) return true;
  const held = document.activeElement;
  const writes = held instanceof HTMLInputElement || held instanceof HTMLTextAreaElement || held instanceof HTMLSelectElement;
  const selection = document.getSelection();
  const marks = selection !== null && !selection.isCollapsed && part.contains(selection.anchorNode);
  return marks || (writes && part.contains(held));
}

/** What an element is among its like, so that it can be found again in the new part. */
function keyOf(element: Element): string {
  const named = ["id", "href", "name", "value"].map((name) => element.getAttribute(name) ?? "");
  return [element.tagName, ...named, element.textContent?.trim() ?? ""].join("\n");
}

function opened(part: HTMLElement): string[] {
  return [...part.querySelectorAll<HTMLElement>("[data-reveal][aria-expanded=true]")].map((one) => one.dataset["reveal"] ?? "");
}

function put(part: HTMLElement, html: string): void {
  const open = opened(part);
  const held = document.activeElement;
  const focused = held && held !== part && part.contains(held) ? keyOf(held) : "";
  part.innerHTML = html;
  for (const one of part.querySelectorAll<HTMLElement>("[data-reveal]")) {
    reveal(one, open.includes(one.dataset["reveal"] ?? ""));
  }
  htmx.process(part);
  if (!focused) return;
  const again = [...part.querySelectorAll<HTMLElement>("a, button, summary, [tabindex]")];
  again.find((one) => keyOf(one) === focused)?.focus({ preventScroll: true });
}

async function refresh(part: HTMLElement): Promise<void> {
  const address = part.dataset["live"];
  if (!address || stopped.has(part) || isBusy(part)) return;
  const headers = { "HX-Request": "true", "X-Live-Mark": part.dataset["mark"] ?? "" };
  const answer = await fetch(address, { headers, credentials: "same-origin", cache: "no-store" });
  // signed out, moved or taken away: the page as it stands is not asked again
  if (answer.redirected || [401, 403, 404].includes(answer.status)) return void stopped.add(part);
  const mark = answer.headers.get("X-Live-Mark");
  if (answer.status !== 200 || mark === null) return;
  const html = await answer.text();
  if (isBusy(part) || !part.isConnected) return;
  part.dataset["mark"] = mark;
  put(part, html);
}

/** Ask for a part soon, and again while it still says that something is being done; after a while with the others only. */
function soon(part: HTMLElement, left = MOST_SOON): void {
  if (left === 0 || !part.isConnected || !part.querySelector("[data-soon]")) return;
  window.setTimeout(() => void refresh(part).finally(() => soon(part, left - 1)), SOON);
}

async function all(): Promise<void> {
  if (document.visibilityState === "visible") {
    const parts = [...document.querySelectorAll<HTMLElement>("[data-live]")];
    await Promise.allSettled(parts.map(refresh));
  }
  window.setTimeout(() => void all(), EVERY);
}

window.setTimeout(() => void all(), EVERY);
for (const part of document.querySelectorAll<HTMLElement>("[data-live]")) soon(part);
