/* What stands behind a figure, shown under it: the address of the link shows the same without a script. */
import { on } from "./events";

/** Show or hide what the link names. */
export function reveal(link: HTMLElement, shown: boolean): void {
  const target = document.getElementById(link.dataset["reveal"] ?? "");
  if (!target) return;
  target.hidden = !shown;
  link.setAttribute("aria-expanded", String(shown));
}

on("click", "[data-reveal]", (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  reveal(link, link.getAttribute("aria-expanded") !== "true");
});
