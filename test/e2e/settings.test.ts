import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright";
import type { CallName, CallResult } from "../../main/contract/calls.ts";
import { axeFindings } from "../support/axe-findings.ts";
import { eventually } from "../support/eventually.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

let hub: TestHub;
let browser: Browser;

before(async () => {
  [hub, browser] = await Promise.all([startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0" } }), openBrowser()]);
});

after(async () => {
  await browser.close();
  await hub.stop();
});

/** What the hub says, by REST, apart from the page. */
async function ask<N extends CallName>(path: string, init: RequestInit = {}): Promise<CallResult<N>> {
  const headers = { authorization: `Bearer ${hub.token}`, "content-type": "application/json" };
  const response = await fetch(`${hub.inspector}/api/v1${path}`, { ...init, headers });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return (await response.json()) as CallResult<N>;
}

async function openSection(section: string): Promise<{ page: Page; faults: readonly string[] }> {
  return openInspector(browser, hub, { path: `/settings/${section}`, permissions: ["clipboard-read", "clipboard-write"] });
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

async function mqttUrl(): Promise<string> {
  const { listeners } = await ask<"hub.status">("/status");
  return listeners.find(({ name }) => name === "mqtt")!.url;
}

test("a key made in the page opens MQTT for what it may do, not while it is off, and never once revoked", async (t) => {
  const { page, faults } = await openSection("keys");
  await page.getByRole("button", { name: "Add the first key" }).click();
  const form = page.getByRole("dialog", { name: "Add a key" });
  await form.getByRole("textbox", { name: "Name" }).fill("pump 1");
  await form.getByText("Use 1 to 64 letters").waitFor();
  await form.getByRole("textbox", { name: "Name" }).fill("pump-1");
  await form.getByRole("radiogroup", { name: "May publish to" }).getByRole("radio", { name: "Only these topics" }).click();
  await form.getByRole("textbox", { name: "May publish to: topic filter 1" }).fill("pumps/%k/#");
  await form.getByText("pumps/pump-1/#").waitFor();
  await form.getByRole("button", { name: "Make the key" }).click();
  const made = page.getByRole("dialog", { name: "The key pump-1 is made" });
  await made.getByRole("button", { name: "Copy secret" }).last().click();
  const secret = await eventually("the secret is copied", async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text.startsWith("sbk_") && text;
  });
  await made.getByRole("button", { name: "I have it" }).click();
  await page.getByRole("list", { name: "Keys" }).getByText("pumps/%k/#").waitFor();

  const url = await mqttUrl();
  const login = { username: "pump-1", password: secret };
  const { client } = await connectMqtt(t, url, login);
  await client.publishAsync("pumps/pump-1/rpm", "7", { qos: 1 });
  await assert.rejects(client.publishAsync("elsewhere", "7", { qos: 1 }), /Not authorized/i);
  client.end(true);

  const refused = (): Promise<void> => assert.rejects(connectMqtt(t, url, login), /not authori[sz]ed|bad user/i);
  await page.getByRole("switch", { name: "Key pump-1 is on" }).press("Space");
  await page.getByText("Key pump-1 switched off").waitFor();
  await refused();
  await page.getByRole("switch", { name: "Key pump-1 is on" }).press("Space");
  await page.getByText("Key pump-1 switched on").waitFor();
  (await connectMqtt(t, url, login)).client.end(true);
  await page.getByRole("button", { name: "Revoke pump-1" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("heading", { name: "No keys yet" }).waitFor();
  await refused();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a form that holds something asks before it is closed", async () => {
  const { page } = await openSection("bridges");
  await page.getByRole("button", { name: "Add the first bridge" }).click();
  const form = page.getByRole("dialog", { name: "Add a bridge" });
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("up");
  await page.keyboard.press("Escape");
  await form.getByText("Throw away what you typed?").waitFor();
  await form.getByRole("button", { name: "Go on editing" }).click();
  assert.equal(await form.getByRole("textbox", { name: "Name", exact: true }).inputValue(), "up");
  await page.keyboard.press("Escape");
  await form.getByRole("button", { name: "Throw away" }).click();
  await form.waitFor({ state: "detached" });
  await page.context().close();
});

test("retention typed in the page is kept unsaved over other pages, and is in force once saved", async () => {
  for (let n = 0; n < 20; n += 1)
    await ask<"events.publish">("/publish", { method: "POST", body: JSON.stringify({ topic: "kept/few", payload: String(n) }) });
  const { page, faults } = await openSection("storage");
  const bound = page.getByRole("textbox", { name: "Bound on count" });
  await page.getByText("Keep at most").first().click();
  await bound.fill("0");
  await page.getByText("At least 1 event.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Save" }).isDisabled());
  await bound.fill("5");
  await page.getByText(/This removes about \d+ events/).waitFor();
  await page.getByRole("link", { name: "About" }).click();
  await page.getByRole("heading", { name: "This hub" }).waitFor();
  await page.getByRole("link", { name: /Storage.*unsaved/ }).click();
  assert.equal(await bound.inputValue(), "5");
  assert.equal((await ask<"settings.get">("/settings")).retention.keepEvents, null);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Retention saved").waitFor();
  assert.equal((await ask<"settings.get">("/settings")).retention.keepEvents, 5);
  await eventually("the log holds no more", async () => (await ask<"hub.status">("/status")).log.events <= 5);

  await page.getByRole("button", { name: "Back to the settings file…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Go back" }).click();
  await page.getByText("Back to what the settings file says").waitFor();
  assert.equal((await ask<"settings.get">("/settings")).retention.keepEvents, null);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("record rules are made, put in order by keyboard and by dragging, and saved in that order", async () => {
  const { page } = await openSection("storage");
  for (const [at, filter] of ["a/#", "b/#", "c/#"].entries()) {
    await page.getByRole("button", { name: "Add a rule" }).click();
    await page.getByRole("textbox", { name: `Topic filter of rule ${at + 1}` }).fill(filter);
  }
  await page.getByRole("radiogroup", { name: "What of rule 1 is kept" }).getByRole("radio", { name: "None" }).click();
  await page.getByRole("button", { name: "Move rule 3 up" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  const filters = (): Promise<string[]> =>
    page.getByRole("textbox", { name: /^Topic filter of rule/ }).evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  await eventually("the third is the first", async () => (await filters()).join() === "c/#,a/#,b/#");
  const handles = page.locator(".rule__handle");
  const [from, to] = [await handles.nth(2).boundingBox(), await handles.nth(0).boundingBox()];
  await page.mouse.move(from!.x + 5, from!.y + 5);
  await page.mouse.down();
  await page.mouse.move(to!.x + 5, to!.y + 5, { steps: 8 });
  await page.mouse.up();
  await eventually("the last is the first", async () => (await filters()).join() === "b/#,c/#,a/#");
  await page.getByRole("textbox", { name: "Which rule decides for the topic" }).fill("a/x");
  await page.getByText("Rule 3: none.").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Record rules saved").waitFor();
  const { record } = await ask<"settings.get">("/settings");
  assert.deepEqual(
    record.map(({ filter, policy }) => `${filter} ${policy}`),
    ["b/# last", "c/# last", "a/# none"],
  );
  await page.context().close();
});

test("a bridge is made, shown with why it is not connected, changed without its password, and removed", async () => {
  const { page, faults } = await openSection("bridges");
  await page.getByRole("button", { name: "Add a bridge" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "Make the bridge" }).click();
  await form.getByText("Give the bridge a name").waitFor();
  await form.getByRole("textbox", { name: "Name", exact: true }).fill("up");
  await form.getByRole("textbox", { name: "Address of the other broker" }).fill("mqtt://127.0.0.1:1");
  await form.getByRole("textbox", { name: "User name" }).fill("me");
  await form.getByLabel("Password").fill("secret");
  await form.getByRole("textbox", { name: "Topic filter" }).fill("sensors/#");
  await form.getByRole("textbox", { name: "Prefix there" }).fill("site/");
  await form.getByRole("button", { name: "Make the bridge" }).click();
  const row = page.getByRole("list", { name: "Bridges", exact: true }).getByRole("listitem").first();
  await row.getByText("Trying again").waitFor();
  await row.getByText("site/sensors/#").waitFor();
  await page.getByRole("button", { name: "Edit up" }).click();
  await form.getByText("Kept, and not shown again").waitFor();
  await form.getByRole("textbox", { name: "Prefix there" }).fill("desk/");
  await form.getByRole("button", { name: "Save" }).click();
  await row.getByText("desk/sensors/#").waitFor();
  const { bridges } = await ask<"bridges.list">("/bridges");
  assert.deepEqual([bridges[0]!.hasPassword, bridges[0]!.publish[0]!.remotePrefix], [true, "desk/"]);
  await page.getByRole("button", { name: "Remove up" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await page.getByRole("heading", { name: "No bridges" }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("MQTT is moved in the page: a busy port stands beside its field with the next free one, where devices then connect", async (t) => {
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  t.after(() => busy.close());
  const { port } = busy.address() as AddressInfo;
  const before = await mqttUrl();
  const { page, faults } = await openSection("listeners");
  await page.getByRole("button", { name: "Change MQTT", exact: true }).click();
  await page.getByRole("textbox", { name: "Port" }).fill("70000");
  await page.getByText("Type a port from 1 to 65535").waitFor();
  await page.getByRole("textbox", { name: "Port" }).fill(String(port));
  await page.keyboard.press("Enter");
  await page.getByText(`Port ${port} is in use by another program.`).waitFor();
  assert.equal(await mqttUrl(), before);
  await page.getByRole("button", { name: /^Use \d+, which is free$/ }).click();
  await page.getByText(/MQTT listens on/).waitFor();
  const after = await mqttUrl();
  assert.notEqual(after, before);
  (await connectMqtt(t, after)).client.end(true);
  await assert.rejects(connectMqtt(t, before), /ECONNREFUSED/);

  const row = page.getByRole("list", { name: "Listeners" }).getByRole("listitem").filter({ hasText: "MQTT 3.1, 3.1.1 and 5" });
  await row.getByRole("switch").press("Space");
  await page.getByRole("alertdialog").getByRole("button", { name: "Switch off" }).click();
  await row.getByText("Off", { exact: true }).waitFor();
  await assert.rejects(connectMqtt(t, after), /ECONNREFUSED/);
  await page.getByRole("button", { name: "MQTT: back to the settings file" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Go back" }).click();
  await row.getByText("Listening").waitFor();
  (await connectMqtt(t, await mqttUrl())).client.end(true);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("listening beyond this machine needs a key and an explicit yes", async () => {
  const { page } = await openSection("listeners");
  await page.getByRole("button", { name: "Change Ingress", exact: true }).click();
  await page.getByRole("button", { name: /Reached from/ }).click();
  await page.getByRole("option", { name: "The whole network" }).click();
  await page.getByText("There is no key yet.").waitFor();
  const save = page.getByRole("button", { name: "Save" });
  assert.ok(await save.isDisabled());
  await page.getByRole("checkbox", { name: /^Yes, others on the network/ }).press("Space");
  await save.click();
  await page.getByText("anyone on your network could publish").waitFor();
  assert.ok(hub.ingress.startsWith("http://127.0.0.1:"));
  await page.getByRole("link", { name: "Add a key first" }).click();
  await page.getByRole("heading", { name: "No keys yet" }).waitFor();
  await page.context().close();
});

test("an encrypted listener brings a certificate, which is shown, downloaded and made anew", async () => {
  const { page, faults } = await openSection("tls");
  await page.getByRole("heading", { name: "No certificate yet" }).waitFor();
  await page.getByRole("button", { name: "Go to the listeners" }).click();
  await page.getByRole("switch", { name: "MQTT over TLS is on" }).press("Space");
  await page.getByRole("textbox", { name: "Port" }).fill("0");
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText(/MQTT over TLS listens on/).waitFor();
  await page.getByRole("link", { name: "TLS" }).click();
  const { certificate } = await ask<"tls.get">("/tls");
  await page.getByText(certificate!.fingerprint).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download for devices" }).click()]);
  assert.equal(new X509Certificate(await readFile(await download.path())).fingerprint256, certificate!.fingerprint);
  await page.getByRole("button", { name: "Make a new one…" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Make a new one" }).click();
  await page.getByText("A new certificate is in use").waitFor();
  const renewed = (await ask<"tls.get">("/tls")).certificate!.fingerprint;
  assert.notEqual(renewed, certificate!.fingerprint);
  await page.getByText(renewed).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("the page follows its own listener to another port", async (t) => {
  const other = await startHub();
  t.after(() => other.stop());
  const { page } = await openInspector(browser, other, { path: "/settings/listeners" });
  await page.getByRole("button", { name: "Change Inspector" }).click();
  await page.getByRole("textbox", { name: "Port" }).fill("");
  await page.getByRole("textbox", { name: "Port" }).fill(String(await freePort()));
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForURL((url) => url.origin !== new URL(other.inspector).origin && url.pathname === "/settings/listeners");
  await page.getByRole("list", { name: "Listeners" }).waitFor();
  await page.context().close();
});

test("About names the log and every licence; the palette leads to each section, an address of none to the first", async () => {
  const { page } = await openSection("keys");
  await page.getByRole("heading", { name: "Keys", exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("settings: about");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/settings\/about$/);
  const { log } = await ask<"hub.status">("/status");
  await page.getByText(log.id, { exact: true }).waitFor();
  await page.getByRole("button", { name: /^better-sqlite3/ }).click();
  await page.getByText("Permission is hereby granted").waitFor();
  await page.goto(`${hub.inspector}/settings/nothing`);
  await page.getByRole("heading", { name: "Listeners" }).waitFor();
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing in any section and its forms, ${colorScheme}`, async () => {
    const { page } = await openInspector(browser, hub, { path: "/settings/listeners", colorScheme, reducedMotion: "reduce" });
    const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
    await links.first().waitFor();
    const sections = await links.evaluateAll((all) => all.map((one) => one.textContent));
    assert.ok(sections.length >= 7);
    for (const section of sections) {
      await page.getByRole("link", { name: section }).click();
      await page.getByRole("heading", { name: section, level: 2, exact: true }).waitFor();
      assert.deepEqual(await axeFindings(page), [], section);
    }
    await page.goto(`${hub.inspector}/settings/keys`);
    await page.getByRole("button", { name: "Add a key" }).click();
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByText("Give the key a name").waitFor();
    assert.deepEqual(await axeFindings(page), [], "a form with a fault");
    await page.context().close();
  });
