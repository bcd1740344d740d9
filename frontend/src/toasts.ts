/* Notices at the bottom left. Success leaves by itself, waits while hovered or focused, may offer undo; errors stay. */
import { on, onContent } from "./events";

interface Options {
  readonly error?: boolean;
  readonly undo?: string;
}

/** A text of the page's language that the server put on the toasts' box. */
export function words(name: "undo" | "close" | "copied" | "offline" | "failed" | "kept" | "leave" | "seconds"): string {
  return document.getElementById("toasts")?.dataset[name] ?? "";
}

/** Show a notice. Text only: what the server words as HTML comes as a fragment instead. */
export function say(text: string, { error = false, undo = "" }: Options = {}): void {
  const box = document.getElementById("toasts");
  if (!box || !text) return;
  const toast = document.createElement("div");
  toast.className = error ? "toast toast-err" : "toast";
  toast.setAttribute("role", error ? "alert" : "status");
  if (!error) toast.dataset["toast"] = undo ? "10" : "6";
  const body = document.createElement("span");
  body.textContent = text;
  const space = document.createElement("span");
  space.className = "sp";
  toast.append(body, space);
  if (undo) toast.append(undoForm(undo));
  toast.append(closeButton());
  box.append(toast);
  start(toast);
}

function undoForm(url: string): HTMLFormElement {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  for (const [name, value] of [["csrfmiddlewaretoken", token], ["once_key", crypto.randomUUID()]] as const) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  const button = document.createElement("button");
  button.className = "btn btn-ghost";
  const verb = document.createElement("b");
  verb.textContent = words("undo");
  const left = document.createElement("span");
  left.dataset["countdown"] = "";
  button.append(verb, left);
  form.append(button);
  return form;
}

function closeButton(): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-ghost";
  button.dataset["dismiss"] = "";
  button.textContent = words("close");
  return button;
}

function start(toast: HTMLElement): void {
  if (toast.dataset["running"] || !toast.dataset["toast"]) return;
  toast.dataset["running"] = "yes";
  let left = Number(toast.dataset["toast"]);
  const countdown = toast.querySelector<HTMLElement>("[data-countdown]");
  const show = () => {
    if (countdown) countdown.textContent = `${left} ${words("seconds")}`;
  };
  show();
  const timer = window.setInterval(() => {
    if (!toast.isConnected) return window.clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    show();
    if (left <= 0) {
      window.clearInterval(timer);
      leave(toast);
    }
  }, 1000);
}

function leave(toast: HTMLElement): void {
  toast.classList.add("leaving");
  window.setTimeout(() => toast.remove(), 250);
}

on("click", "[data-dismiss]", (_event, button) => button.closest<HTMLElement>(".toast")?.remove());
onContent((root) => root.querySelectorAll<HTMLElement>("[data-toast]").forEach(start));

// The server may also send one as an event: HX-Trigger: {"toast": {"text": ..., "error": true, "undo": ...}}
document.addEventListener("toast", (event) => {
  const { text, error, undo } = (event as CustomEvent<{ text: string; error?: boolean; undo?: string }>).detail;
  say(text, { error: error ?? false, undo: undo ?? "" });
});
