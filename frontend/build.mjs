/* Bundles the front end into src/hetong/ui/static/ui/build: app.js, worker.js, app.css, icons.svg, the mark.
   Call node directly (`node build.mjs`, or `node build.mjs --watch`): no npm script, no system Node assumed.
   Prints what the files weigh when compressed, and fails above the budget of the design. */
import { build, context } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "hetong", "ui", "static", "ui", "build");
const budgets = { "app.js": 59, "worker.js": 1, "app.css": 25, "icons.svg": 20 }; // KB, gzip

const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "src/app.ts", out: "app" },
    { in: "src/worker.ts", out: "worker" },
    { in: "css/app.css", out: "app" },
  ],
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

/** One sprite of the icons named in icons.txt, drawn as 24 px outlines that take the text's colour. */
async function writeSprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const folder = join(here, "node_modules", "@tabler", "icons", "icons", "outline");
  const symbols = [];
  for (const name of [...new Set(names)].sort()) {
    const svg = await readFile(join(folder, `${name}.svg`), "utf8");
    const shapes = svg
      .slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
      .replace(/\s+/g, " ")
      .trim();
    symbols.push(`<symbol id="i-${name}" viewBox="0 0 24 24">${shapes}</symbol>`);
  }
  await writeFile(
    join(out, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg"><!-- Tabler Icons, MIT -->${symbols.join("")}</svg>\n`,
  );
}

async function weigh() {
  let over = false;
  for (const [name, limit] of Object.entries(budgets)) {
    const bytes = gzipSync(await readFile(join(out, name)), { level: 9 }).length;
    const kilobytes = bytes / 1024;
    over ||= kilobytes > limit;
    console.log(`${name.padEnd(10)} ${kilobytes.toFixed(1).padStart(6)} KB gz, budget ${limit}`);
  }
  return over;
}

await mkdir(out, { recursive: true });
await writeSprite();
for (const name of ["logo.svg", "favicon.svg"]) await copyFile(join(here, "icons", name), join(out, name));
if (process.argv.includes("--watch")) {
  await (await context({ ...options, minify: false })).watch();
} else {
  await build(options);
  if (await weigh()) process.exit(1);
}
