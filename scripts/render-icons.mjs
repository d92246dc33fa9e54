// Draws the PNG files in resources/ from the SVG files beside them. To be run after a drawing was changed.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";

const resources = join(dirname(dirname(fileURLToPath(import.meta.url))), "resources");
const images = [
  ["icon", "icon", 512],
  ["tray", "tray", 32],
  ["tray", "tray@2x", 64],
  ["tray-stopped", "tray-stopped", 32],
  ["tray-stopped", "tray-stopped@2x", 64],
  ["trayTemplate", "trayTemplate", 16],
  ["trayTemplate", "trayTemplate@2x", 32],
  ["tray-stoppedTemplate", "tray-stoppedTemplate", 16],
  ["tray-stoppedTemplate", "tray-stoppedTemplate@2x", 32],
];

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", chromiumSandbox: false });
const page = await browser.newPage();
for (const [drawing, name, size] of images) {
  const svg = readFileSync(join(resources, `${drawing}.svg`)).toString("base64");
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}img{display:block;width:100vw;height:100vh}</style><img src="data:image/svg+xml;base64,${svg}">`,
  );
  writeFileSync(join(resources, `${name}.png`), await page.screenshot({ omitBackground: true }));
}
await browser.close();
