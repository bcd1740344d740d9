/* A line of tabs that is wider than its window shows the one that is open. */
import { onContent } from "./events";

onContent((root) => {
  for (const tab of root.querySelectorAll<HTMLElement>('.nav-tabs > [aria-current="page"]')) {
    const line = tab.parentElement!;
    const [from, to] = [tab.offsetLeft - line.offsetLeft, tab.offsetLeft - line.offsetLeft + tab.offsetWidth];
    if (from >= line.scrollLeft && to <= line.scrollLeft + line.clientWidth) continue;
    line.scrollLeft = from - (line.clientWidth - tab.offsetWidth) / 2;
  }
});
