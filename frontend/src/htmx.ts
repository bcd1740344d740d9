/* htmx, configured so that it evaluates nothing, stores no page in the browser and speaks to this origin only. */
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0,
  selfRequestsOnly: true,
  scrollIntoViewOnBoost: false,
  timeout: 30_000,
});

export default htmx;
