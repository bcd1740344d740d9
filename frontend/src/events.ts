/* Listening from the document: parts that htmx brings later need no wiring of their own. */

type Handler<E extends Event> = (event: E, element: HTMLElement) => void;

/** Call `handler` for every event of that type whose target lies in an element matching `selector`. */
export function on<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  handler: Handler<DocumentEventMap[K]>,
  options?: AddEventListenerOptions,
): void {
  document.addEventListener(
    type,
    (event) => {
      const element = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null;
      if (element) handler(event, element);
    },
    options,
  );
}

/** Whether the reader is typing: in a field, or in the middle of composing a character. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target;
  if (event.isComposing || event.keyCode === 229) return true;
  // a field that has just been hidden with its dialog keeps the focus until the next frame
  if (!(target instanceof HTMLElement) || !target.checkVisibility()) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button", "submit"].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether a key belongs to an input method that is composing (Chinese, Japanese); Enter then must not act. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Run for the page as it is and again for everything htmx brings. */
export function onContent(run: (root: ParentNode) => void): void {
  const start = () => run(document);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("htmx:load", (event) => {
    const element = (event as CustomEvent<{ elt: Element }>).detail.elt;
    run(element.parentElement ?? document);
  });
}
