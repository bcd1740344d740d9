/* A bar on top for what takes longer than 300 ms; below that nothing moves. */
import { on } from "./events";

let waiting = 0;
let timer = 0;

function bar(): HTMLElement | null {
  return document.getElementById("progress");
}

function begin(): void {
  waiting += 1;
  if (waiting > 1) return;
  timer = window.setTimeout(() => bar()?.removeAttribute("hidden"), 300);
}

function end(): void {
  waiting = Math.max(0, waiting - 1);
  if (waiting) return;
  window.clearTimeout(timer);
  bar()?.setAttribute("hidden", "");
}

document.addEventListener("htmx:beforeRequest", (event) => {
  begin();
  (event as CustomEvent<{ target?: Element }>).detail.target?.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  end();
  (event as CustomEvent<{ target?: Element }>).detail.target?.removeAttribute("aria-busy");
});

// plain navigation: shown until the next page takes over (an answer that is a file never does, so not for ever);
// a page that comes back from the cache starts clean
on("submit", "form", (event) => {
  if (event.defaultPrevented) return;
  begin();
  window.setTimeout(end, 15_000);
});
window.addEventListener("pageshow", () => {
  waiting = 0;
  end();
});
