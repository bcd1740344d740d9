/* The theme changes at once and is kept by the server; it is nothing but color-scheme. */
import { on } from "./events";
import { csrfToken } from "./htmx";
import { say, words } from "./toasts";

on("submit", "form[data-theme-form]", (event, element) => {
  const form = element as HTMLFormElement;
  const button = event.submitter as HTMLButtonElement | null;
  if (!button) return;
  event.preventDefault();
  const theme = button.value;
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
  else delete document.documentElement.dataset["theme"];
  for (const one of form.querySelectorAll("button")) one.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  const body = new FormData(form);
  body.set("theme", theme);
  fetch(form.getAttribute("action") ?? "", { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } }).then(
    (response) => response.ok || say(words("failed"), { error: true }),
    () => say(words("offline"), { error: true }),
  );
}, { capture: true });
