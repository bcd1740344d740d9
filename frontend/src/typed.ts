/* What was typed while the session ran out: kept in this tab while its person signs in again, then put back.
   Only between the sending of a form and the next page that is not the sign-in; nobody else's form is filled. */
import { on } from "./events";
import { say, words } from "./toasts";

interface Typed {
  readonly path: string;
  readonly person: string;
  readonly form: number;
  readonly fields: readonly (readonly [string, string])[];
}

const KEY = "hetong-typed";
const FORMS = "form[data-guard]";
const person = () => document.body.dataset["person"] ?? "";
const path = () => location.pathname + location.search;
const guarded = () => [...document.querySelectorAll<HTMLFormElement>(FORMS)];

on("submit", FORMS, (event, element) => {
  const form = element as HTMLFormElement;
  if (event.defaultPrevented || !person()) return;
  const fields: [string, string][] = [];
  for (const input of inputs(form)) {
    if (!isChoice(input) || (input as HTMLInputElement).checked) fields.push([input.name, input.value]);
  }
  const typed: Typed = { path: path(), person: person(), form: guarded().indexOf(form), fields };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(typed));
  } catch {
    // more than the browser keeps: the form is sent all the same
  }
});

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The fields a person fills in; passwords, files and what the page itself put there are not kept. */
function inputs(form: HTMLFormElement): Input[] {
  const all = [...form.elements].filter((one): one is Input => "name" in one && "value" in one);
  return all.filter((one) => one.name && !["hidden", "password", "file", "submit", "button"].includes(one.type));
}

function isChoice(input: Input): boolean {
  return input.type === "checkbox" || input.type === "radio";
}

function putBack(form: HTMLFormElement, fields: Typed["fields"]): void {
  for (const input of inputs(form)) {
    const values = fields.filter(([name]) => name === input.name).map(([, value]) => value);
    if (isChoice(input)) (input as HTMLInputElement).checked = values.includes(input.value);
    else if (values[0] !== undefined) input.value = values[0];
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  say(words("kept"));
}

function start(): void {
  if (!person()) return; // the sign-in: what was typed waits
  const held = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!held || !document.referrer.startsWith(`${location.origin}/login/`)) return;
  const typed = JSON.parse(held) as Typed;
  const form = guarded()[typed.form];
  if (form && typed.path === path() && typed.person === person()) putBack(form, typed.fields);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
