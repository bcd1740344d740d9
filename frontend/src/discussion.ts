/* The box of a discussion ([data-talk] holds the address of who can be asked): an answer without leaving the page, and
   names under the box while one is typed after an @. Without a script the links and plain names do the same. */
import { isComposing, onContent } from "./events";
import { latest, Options, settled } from "./options";

const TYPED = /(?:^|[\s(（，。])@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/u;
let number = 0;

class Mentions {
  private readonly list = document.createElement("ul");
  private readonly options: Options;
  private readonly ask = latest();

  constructor(
    private readonly box: HTMLTextAreaElement,
    private readonly address: string,
  ) {
    this.list.id = `mentions-${(number += 1)}`;
    this.list.className = "picker-list talk-names";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    box.after(this.list);
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", this.list.id);
    this.options = new Options(box as unknown as HTMLInputElement, this.list);
    box.addEventListener("input", settled(150, () => void this.refresh()));
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("blur", () => window.setTimeout(() => this.close(), 120));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (option) this.take(option);
    });
  }

  /** What stands between the @ and the caret; null where no name is being typed. */
  private typed(): string | null {
    const before = this.box.value.slice(0, this.box.selectionEnd);
    return TYPED.exec(before)?.[1] ?? null;
  }

  private async refresh(): Promise<void> {
    const typed = this.typed();
    if (typed === null) return this.close();
    const url = new URL(this.address, location.href);
    url.searchParams.set("q", typed);
    const html = await this.ask(url.toString());
    if (html === null || this.typed() !== typed) return;
    this.list.innerHTML = html;
    const found = this.options.all();
    this.list.hidden = found.length === 0;
    this.options.mark(found[0]);
  }

  private key(event: KeyboardEvent): void {
    if (this.list.hidden || isComposing(event)) return;
    const option = this.options.current();
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if ((event.key === "Enter" || event.key === "Tab") && option) {
      event.preventDefault();
      this.take(option);
    } else if (this.options.step(event.key)) event.preventDefault();
  }

  private take(option: HTMLElement): void {
    const name = option.querySelector(".t")?.textContent?.trim() ?? "";
    const typed = this.typed();
    if (typed === null || !name) return this.close();
    const end = this.box.selectionEnd;
    this.box.setRangeText(`${name} `, end - typed.length, end, "end");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  private close(): void {
    this.list.hidden = true;
    this.options.mark(undefined);
  }
}

function aim(form: HTMLFormElement, thread: string, name: string): void {
  const held = form.elements.namedItem("thread");
  if (held instanceof HTMLInputElement) held.value = thread;
  const line = form.querySelector<HTMLElement>("[data-answers]");
  const named = form.querySelector<HTMLElement>("[data-answers-name]");
  if (named) named.textContent = name;
  if (line) line.hidden = !thread;
  form.querySelector("textarea")?.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-reply], [data-answers-off]") : null;
  const form = document.querySelector<HTMLFormElement>("form[data-talk]");
  if (!link || !form || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  aim(form, link.dataset["reply"] ?? "", link.dataset["replyTo"] ?? "");
});

onContent((root) => {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-talk]:not([data-ready])")) {
    form.dataset["ready"] = "yes";
    const box = form.querySelector<HTMLTextAreaElement>("textarea[data-mentions]");
    if (box) new Mentions(box, form.dataset["talk"] ?? "");
  }
});
