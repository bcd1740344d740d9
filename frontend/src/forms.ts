/* Forms: no double sending, a warning before unsaved text is lost, files dropped on their zone. */
import { isComposing, on, onContent } from "./events";

const dirty = new Set<HTMLFormElement>();
let leaving = false;

on("submit", "form", (event, element) => {
  const form = element as HTMLFormElement;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.dataset["sent"]) return event.preventDefault();
  if ((event as SubmitEvent).submitter?.hasAttribute("data-download")) return; // the page stays, and its form with it
  form.dataset["sent"] = "yes";
  leaving = dirty.size === 0 || (dirty.size === 1 && dirty.has(form));
});

function again(): void {
  leaving = false;
  document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((form) => delete form.dataset["sent"]);
}
window.addEventListener("pageshow", again);

on("input", "form[data-guard]", (_event, form) => dirty.add(form as HTMLFormElement));
// a form that came back refused holds text that is saved nowhere
onContent((root) =>
  root.querySelectorAll<HTMLFormElement>("form[data-guard]:has(.error-summary)").forEach((form) => dirty.add(form)),
);
window.addEventListener("beforeunload", (event) => {
  const lost = [...dirty].some((form) => form.isConnected);
  if (lost && !leaving) event.preventDefault();
});

// Enter that only ends a composition (Chinese, Japanese) sends nothing
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key === "Enter" && isComposing(event)) event.stopPropagation();
  },
  { capture: true },
);

for (const type of ["dragover", "dragleave", "drop"] as const) {
  on(type, "[data-drop]", (event, zone) => {
    event.preventDefault();
    zone.classList.toggle("over", type === "dragover");
    const input = zone.querySelector<HTMLInputElement>('input[type="file"]');
    const files = event.dataTransfer?.files;
    if (type !== "drop" || !input || !files?.length) return;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// a choice that is an address of its own (how many rows, sort order) acts at once; without a script its button does
on("change", "select[data-submit]", (_event, select) => (select as HTMLSelectElement).form?.requestSubmit());
