/* Where the focus goes when content changes: to what asks for it, else to the new heading. */
import { onContent } from "./events";

onContent((root) => {
  if (root instanceof Document) root.querySelector<HTMLElement>("[data-focus]")?.focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  const target = (event as CustomEvent<{ target: HTMLElement }>).detail.target;
  const asked = target.querySelector<HTMLElement>("[data-focus], [autofocus]");
  if (asked) return asked.focus();
  const big = target.id === "main" || target.id === "panel";
  if (big && !target.contains(document.activeElement)) {
    const heading = target.querySelector<HTMLElement>("h1, h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  }
});
