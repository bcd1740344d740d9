/* Parts that others may change while they are looked at. A stream of server-sent events says when to ask again for the
   parts of the page ([data-live]) and for regions of it ([data-live-page]); it says only that something has changed.
   Without the stream the parts are asked every five seconds, with it once a minute, and sooner while what follows from an
   act is still being done there (data-soon). An answer of 204 means that nothing is new. What the reader is doing in a
   part is never taken away: while something is typed, ticked or a menu stands open there, the part waits; focus and
   open disclosures outlive the change. */
import htmx from "./htmx";
import { reveal } from "./reveal";

const EVERY = 5_000;
const SELDOM = 60_000;
const SOON = 700;
const OFTEN = 15;
const GATHER = 150;
const SPREAD = 1_500;
const REST = 2_000;
const HIDDEN = 30_000;
const stopped = new WeakSet<HTMLElement>();
const waiting = new Set<HTMLElement>();

function isChanged(control: Element): boolean {
  if (control instanceof HTMLTextAreaElement) return control.value !== control.defaultValue;
  if (control instanceof HTMLSelectElement) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  if (!(control instanceof HTMLInputElement) || control.type === "hidden") return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

function isBusy(part: HTMLElement): boolean {
  if (part.querySelector("form[data-sent], .htmx-request, details.menu[open], dialog[open]")) return true;
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
  if (!address || stopped.has(part)) return;
  if (isBusy(part)) return void waiting.add(part);
  const headers = { "HX-Request": "true", "X-Live-Mark": part.dataset["mark"] ?? "" };
  const answer = await fetch(address, { headers, credentials: "same-origin", cache: "no-store" });
  // signed out, moved or taken away: the page as it stands is not asked again
  if (answer.redirected || [401, 403, 404].includes(answer.status)) return void stopped.add(part);
  const mark = answer.headers.get("X-Live-Mark");
  if (answer.status !== 200 || mark === null) return;
  const html = await answer.text();
  if (!part.isConnected) return;
  if (isBusy(part)) return void waiting.add(part);
  part.dataset["mark"] = mark;
  put(part, html);
}

/** The page as it is now, for its regions and for a new ticket; null where it may not be seen any more. */
async function pageNow(): Promise<Document | null> {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** What of a region tells whether it is the same: keys that differ at every drawing, and what htmx adds, are left out. */
function markOf(region: Element): string {
  const copy = region.cloneNode(true) as Element;
  for (const one of copy.querySelectorAll('[name="csrfmiddlewaretoken"], [name="once_key"], [hx-trigger="load"], #totals')) one.remove();
  return copy.textContent?.replace(/\s+/g, " ") ?? "";
}

async function refreshRegions(): Promise<void> {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-live-page][id]")].filter((one) => !stopped.has(one));
  const free = regions.filter((one) => !isBusy(one) || !waiting.add(one));
  if (free.length === 0) return;
  const page = await pageNow();
  for (const region of free) {
    const now = page?.getElementById(region.id);
    if (!now) stopped.add(region);
    else if (isBusy(region)) waiting.add(region);
    else if (markOf(now) !== markOf(region)) put(region, now.innerHTML);
  }
}

function parts(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-live]")];
}

/** Ask for a part soon, and again while it still says that something is being done: often at first, then as without a stream. */
function soon(part: HTMLElement, asked = 0): void {
  if (!part.isConnected || !part.querySelector("[data-soon]")) return;
  window.setTimeout(() => void again(part).finally(() => soon(part, asked + 1)), asked < OFTEN ? SOON : EVERY);
}

async function again(part: HTMLElement): Promise<void> {
  if (document.visibilityState === "visible") await refresh(part).catch(() => undefined);
}

/** The stream, while the page is in view; a page in the background asks for everything once it is seen again. */
class Stream {
  private source: EventSource | null = null;
  private isOpen = false;
  private timer = 0;
  private last = 0;
  private hidden = 0;
  private tries = 0;

  get isHeard(): boolean {
    return this.isOpen;
  }

  open(ticket = document.querySelector<HTMLMetaElement>('meta[name="live"]')?.content ?? ""): void {
    if (this.source || !ticket || document.visibilityState !== "visible") return;
    const source = new EventSource(`/live/?t=${encodeURIComponent(ticket)}`);
    this.source = source;
    source.addEventListener("open", () => {
      // what was said before the stream stood, or while it was broken, is asked for once
      const isLate = this.tries > 0 || performance.now() > EVERY;
      this.isOpen = true;
      this.tries = 0;
      if (isLate) this.ask(0);
    });
    source.addEventListener("message", (event: MessageEvent<string>) => this.ask(isOwn(event.data) ? GATHER : GATHER + Math.random() * SPREAD));
    source.addEventListener("error", () => {
      this.isOpen = false;
      if (source.readyState === EventSource.CLOSED) void this.renew();
    });
  }

  close(): void {
    this.source?.close();
    this.source = null;
    this.isOpen = false;
  }

  /** The ticket is too old, or the server has too many pages: take a new one, later and later. */
  private async renew(): Promise<void> {
    this.close();
    this.tries += 1;
    await new Promise((done) => window.setTimeout(done, Math.min(SELDOM, SOON * 2 ** this.tries)));
    if (document.visibilityState !== "visible") return;
    const page = await pageNow().catch(() => null);
    const ticket = page?.querySelector<HTMLMetaElement>('meta[name="live"]')?.content;
    if (ticket) this.open(ticket);
  }

  /** Ask for what may have changed, in a moment; not more often than every two seconds. */
  private ask(delay: number): void {
    if (this.timer) return;
    const rest = Math.max(delay, this.last + REST - performance.now());
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.last = performance.now();
      void Promise.allSettled([...parts().map(refresh), refreshRegions()]);
    }, rest);
  }

  seen(): void {
    window.clearTimeout(this.hidden);
    if (document.visibilityState === "hidden") this.hidden = window.setTimeout(() => this.close(), HIDDEN);
    else if (!this.source) {
      this.tries = 1;
      this.open();
    }
  }
}

/** Whether what was heard is about the page's own record or reader, and not about a whole company. */
function isOwn(heard: string): boolean {
  const person = document.body.dataset["person"] ?? "-";
  return heard.split(" ").some((one) => one === person || location.pathname.includes(one));
}

const stream = new Stream();

async function all(): Promise<void> {
  if (document.visibilityState === "visible") await Promise.allSettled(parts().map(refresh));
  window.setTimeout(() => void all(), stream.isHeard ? SELDOM : EVERY);
}

/** What had to wait for the reader is asked for as soon as the reader is done there. */
function catchUp(): void {
  for (const part of [...waiting]) {
    if (!part.isConnected || stopped.has(part)) waiting.delete(part);
    else if (!isBusy(part)) {
      waiting.delete(part);
      if (part.dataset["live"]) void refresh(part);
      else void refreshRegions();
    }
  }
  window.setTimeout(catchUp, REST);
}

window.setTimeout(() => void all(), EVERY);
catchUp();
for (const part of parts()) soon(part);
stream.open();
document.addEventListener("visibilitychange", () => stream.seen());
window.addEventListener("pagehide", () => stream.close());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) stream.seen();
});
