/* A list of options under a text field (ARIA combobox): used by the palette and by the reference picker. */

/** Moves a highlight through the options of a list and tells the field about it. */
export class Options {
  constructor(
    private readonly field: HTMLInputElement,
    private readonly list: HTMLElement,
  ) {}

  /** All options, top down. */
  all(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('[role="option"]')];
  }

  /** The highlighted one. */
  current(): HTMLElement | undefined {
    return this.all().find((option) => option.getAttribute("aria-selected") === "true");
  }

  /** Highlight one, or none. */
  mark(option: HTMLElement | undefined): void {
    this.all().forEach((one, index) => {
      one.id ||= `${this.list.id}-${index}`;
      one.setAttribute("aria-selected", String(one === option));
    });
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  /** Follow an arrow, Home or End; true when the key was one of them. */
  step(key: string): boolean {
    const all = this.all();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1 }[key];
    if (to === undefined) return false;
    if (all.length) this.mark(all[(to + all.length) % all.length]);
    return true;
  }
}

/** Run `run` once the calls have stopped for that many milliseconds. */
export function settled(milliseconds: number, run: () => void): () => void {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(run, milliseconds);
  };
}

/** A fragment of the server, or "" when it has none; a newer call cancels the older one. */
export function latest(): (url: string) => Promise<string | null> {
  let running: AbortController | undefined;
  return async (url) => {
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(url, { signal: running.signal, headers: { "HX-Request": "true" } });
      return response.ok ? await response.text() : "";
    } catch (error) {
      return error instanceof DOMException && error.name === "AbortError" ? null : "";
    }
  };
}
