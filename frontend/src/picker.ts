/* A reference picker over a plain field: [data-picker] holds an input (its value is the id) or a select.
   With a script the reader types and chooses from a list; the id goes along in the field as it always did.
   GET <data-url>?q=… answers li[role=option][data-id] with the title in .t (or as its text). */
import { isComposing, onContent } from "./events";
import { latest, Options, settled } from "./options";

let number = 0;

class Picker {
  private readonly shown = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly options: Options;
  private readonly ask = latest();
  private chosen: string;

  constructor(
    private readonly box: HTMLElement,
    private readonly value: HTMLInputElement | HTMLSelectElement,
  ) {
    this.list.id = `picker-${(number += 1)}`;
    this.chosen = box.dataset["text"] || this.titleOf(value.value) || "";
    this.dress();
    this.options = new Options(this.shown, this.list);
    this.listen();
  }

  /** The visible field takes over name for labels, description and error; the old one only carries the id. */
  private dress(): void {
    const { shown, list, value } = this;
    shown.type = "text";
    shown.className = "form-control";
    shown.autocomplete = "off";
    shown.value = this.chosen;
    shown.id = value.id;
    value.removeAttribute("id");
    for (const name of ["aria-describedby", "aria-invalid", "placeholder"]) {
      const held = value.getAttribute(name);
      if (held !== null) shown.setAttribute(name, held);
    }
    for (const [name, to] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]] as const) {
      shown.setAttribute(name, to);
    }
    shown.setAttribute("aria-controls", list.id);
    list.className = "picker-list";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    if (value instanceof HTMLInputElement) value.type = "hidden";
    else value.hidden = true;
    this.box.append(shown, list);
  }

  private listen(): void {
    const { shown, list } = this;
    const soon = settled(150, () => void this.refresh());
    shown.addEventListener("input", soon);
    shown.addEventListener("click", () => void this.refresh());
    shown.addEventListener("keydown", (event) => this.key(event));
    shown.addEventListener("blur", () => window.setTimeout(() => this.settle(), 120));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
      if (option) this.choose(option);
    });
  }

  private key(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    const isOpen = !this.list.hidden;
    if (event.key === "Escape" && isOpen) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      const option = this.options.current();
      if (option) this.choose(option);
    } else if (event.key === "ArrowDown" && !isOpen) {
      event.preventDefault();
      void this.refresh();
    } else if (isOpen && this.options.step(event.key)) event.preventDefault();
  }

  private async refresh(): Promise<void> {
    const query = this.shown.value === this.chosen ? "" : this.shown.value.trim();
    const found = this.box.dataset["url"] ? await this.fromServer(query) : this.fromSelect(query);
    if (found === null) return;
    this.list.replaceChildren(...found);
    for (const option of this.options.all()) option.classList.add("option");
    this.list.hidden = found.length === 0;
    this.shown.setAttribute("aria-expanded", String(found.length > 0));
    this.options.mark(query ? this.options.all()[0] : undefined);
  }

  private async fromServer(query: string): Promise<Element[] | null> {
    const url = new URL(this.box.dataset["url"] ?? "", location.href);
    url.searchParams.set("q", query);
    const html = await this.ask(url.toString());
    if (html === null) return null;
    const held = document.createElement("template");
    held.innerHTML = html;
    return [...held.content.children];
  }

  private fromSelect(query: string): Element[] {
    const wanted = query.toLowerCase().normalize("NFKC");
    return this.choices()
      .filter((choice) => choice.value && choice.text.toLowerCase().includes(wanted))
      .slice(0, 50)
      .map((choice) => {
        const option = document.createElement("li");
        option.setAttribute("role", "option");
        option.dataset["id"] = choice.value;
        option.textContent = choice.text;
        return option;
      });
  }

  private choices(): HTMLOptionElement[] {
    return this.value instanceof HTMLSelectElement ? [...this.value.options] : [];
  }

  private titleOf(id: string): string {
    return id ? (this.choices().find((choice) => choice.value === id)?.text ?? "") : "";
  }

  private choose(option: HTMLElement): void {
    this.take(option.dataset["id"] ?? "", (option.querySelector(".t") ?? option).textContent?.trim() ?? "");
    this.close();
  }

  private take(id: string, title: string): void {
    this.value.value = id;
    this.chosen = title;
    this.shown.value = title;
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
    this.value.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private close(): void {
    this.list.hidden = true;
    this.shown.setAttribute("aria-expanded", "false");
    this.options.mark(undefined);
  }

  /** Text that was not chosen is taken back; an emptied field empties the reference. */
  private settle(): void {
    this.close();
    if (!this.shown.value.trim()) {
      if (this.value.value) this.take("", "");
    } else this.shown.value = this.chosen;
  }
}

onContent((root) => {
  for (const box of root.querySelectorAll<HTMLElement>("[data-picker]:not([data-ready])")) {
    const value = box.querySelector<HTMLInputElement | HTMLSelectElement>("input, select");
    if (!value) continue;
    box.dataset["ready"] = "yes";
    new Picker(box, value);
  }
});
