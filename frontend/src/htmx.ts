/* htmx, configured so that it evaluates nothing, stores no page in the browser and speaks to this origin only. */
import htmx from "htmx.org";
import { say, words } from "./toasts";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  timeout: 30_000,
  defaultSettleDelay: 0, // what has arrived works at once: a quick Enter in a new form must not miss it
});

/** The token of this page, sent with every request that may write. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

interface Request {
  readonly headers: Record<string, string>;
}
interface Response {
  readonly xhr: XMLHttpRequest;
  shouldSwap: boolean;
  isError: boolean;
}

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<Request>).detail.headers["X-CSRFToken"] = csrfToken();
});

// A refusal that the server worded is shown where it says; any other failure becomes one notice and changes nothing.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = event as CustomEvent<Response>;
  if (detail.xhr.status < 400) return;
  const worded = detail.xhr.getResponseHeader("HX-Retarget") !== null || [409, 422].includes(detail.xhr.status);
  detail.shouldSwap = worded;
  detail.isError = !worded;
  if (!worded) say(words("failed"), { error: true });
});
document.addEventListener("htmx:sendError", () => say(words("offline"), { error: true }));
document.addEventListener("htmx:timeout", () => say(words("offline"), { error: true }));

export default htmx;
