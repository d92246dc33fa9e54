import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test, type TestContext } from "node:test";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import type { Browser, Page } from "playwright";
import { axeFindings } from "../support/axe-findings.ts";
import { openBrowser, openInspector } from "../support/open-inspector.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { openWs } from "../support/ws-client.ts";

let hub: TestHub;
let browser: Browser;

before(async () => {
  hub = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
  browser = await openBrowser();
  // One event, so that the first steps are not in the way.
  await fetch(`${hub.ingress}/publish/start`, { method: "POST", body: "now" });
});

after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function connectDevice(t: TestContext, clientId: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await connectAsync(hub.mqtt!, { clientId, protocolVersion: 5, reconnectPeriod: 0, ...options });
  t.after(() => client.end(true));
  return client;
}

const row = (page: Page, name: string) => page.getByRole("grid", { name: "Devices" }).getByRole("row", { name });
const pane = (page: Page) => page.getByRole("complementary", { name: "Device details" });
const namesShown = (page: Page) => page.locator(".device-row .cell__name").allTextContents();

test("devices of several protocols are listed live, sorted and filtered, and one is walked to by keyboard", async (t) => {
  const { page, faults } = await openInspector(browser, hub);
  await page.getByRole("grid", { name: "Events" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.getByRole("heading", { name: "Nobody is connected" }).waitFor();
  assert.equal(await page.title(), "Devices · Signalbox");
  await page.getByText("mosquitto_sub -h 127.0.0.1").waitFor();
  for (const id of ["pump-10", "pump-9"]) await connectDevice(t, id);
  const socket = await openWs(t, `${hub.ingress}/ws/topic/dashboard`);
  await row(page, "pump-10").waitFor();
  await row(page, "WebSocket").waitFor();
  assert.deepEqual(await namesShown(page), ["127.0.0.1", "pump-9", "pump-10"]);

  await page.getByRole("columnheader", { name: "Device" }).getByRole("button").click();
  await page.locator('[role="columnheader"][aria-sort="descending"]').waitFor();
  assert.deepEqual(await namesShown(page), ["pump-10", "pump-9", "127.0.0.1"]);
  await page.getByRole("columnheader", { name: "Device" }).getByRole("button").click();

  await page.getByRole("button", { name: "MQTT 2" }).click();
  await row(page, "WebSocket").waitFor({ state: "detached" });
  assert.match(page.url(), /\/devices\?filter=protocol:mqtt$/);
  await page.keyboard.press("/");
  await page.keyboard.press("End");
  await page.keyboard.type(" p-9");
  await row(page, "pump-10").waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await pane(page).getByRole("heading", { name: "pump-9" }).waitFor();
  await page.keyboard.press("x");
  await row(page, "pump-10").waitFor();
  await page.keyboard.press("j");
  await pane(page).getByRole("heading", { name: "pump-10" }).waitFor();
  await page.keyboard.press("k");
  await pane(page).getByRole("heading", { name: "pump-9" }).waitFor();
  const link = page.url();
  await page.keyboard.press("Escape");
  await pane(page).waitFor({ state: "detached" });

  await page.goto(link);
  await pane(page).getByRole("heading", { name: "pump-9" }).waitFor();
  socket.socket.close();
  await page.goto(`${hub.inspector}/devices/zz-1`);
  await page.getByRole("heading", { name: "This session is over" }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test("a device's traffic is shown both ways as it happens, each event a link to itself", async (t) => {
  const device = await connectDevice(t, "kiln");
  await device.subscribeAsync("kiln/set/#");
  const other = await connectDevice(t, "other");
  const { page } = await openInspector(browser, hub, { path: "/devices" });
  await row(page, "kiln").click();
  await pane(page).getByRole("link", { name: "kiln/set/#" }).waitFor();
  await page.keyboard.press("]");
  await page.getByRole("heading", { name: "Listening" }).waitFor();
  await device.publishAsync("kiln/heat", "912");
  await other.publishAsync("kiln/set/heat", "950");
  await other.publishAsync("elsewhere", "unseen");
  const traffic = page.getByRole("region", { name: "Traffic" });
  await traffic.getByRole("listitem").filter({ hasText: "kiln/heat" }).getByRole("img", { name: "From it" }).waitFor();
  await traffic.getByRole("listitem").filter({ hasText: "kiln/set/heat" }).getByRole("img", { name: "To it" }).waitFor();
  assert.equal(await traffic.getByRole("listitem").count(), 2);
  await page.getByRole("radio", { name: "To it" }).click();
  await traffic.getByText("912").waitFor({ state: "detached" });
  await traffic.getByRole("link", { name: "950" }).click();
  await page.getByRole("complementary", { name: "Event details" }).getByText("kiln/set/heat").first().waitFor();
  await page.context().close();
});

test("a device is disconnected after a question, stays as one that left, and takes its line again when it comes back", async (t) => {
  const device = await connectDevice(t, "stubborn");
  const { page } = await openInspector(browser, hub, { path: "/devices?filter=stubborn" });
  await row(page, "stubborn").click();
  await pane(page).getByRole("button", { name: "Disconnect" }).click();
  const question = page.getByRole("alertdialog", { name: "Disconnect stubborn?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "detached" });
  await row(page, "Connected stubborn").waitFor();
  await pane(page).getByRole("button", { name: "Disconnect" }).click();
  const left = new Promise((resolve) => device.once("close", resolve as () => void));
  await question.getByRole("button", { name: "Disconnect" }).click();
  await left;
  await page.getByRole("status").getByText("stubborn disconnected").waitFor();
  await row(page, "Left stubborn").waitFor();
  await pane(page).getByText("it was disconnected from the inspector").waitFor();
  await connectDevice(t, "stubborn");
  await row(page, "Connected stubborn").waitFor();
  assert.equal(await row(page, "stubborn").count(), 1);
  await pane(page).getByText("Connected for").waitFor();
  await page.context().close();
});

test("who connects, leaves and is turned away stands between the events, and can be left out", async (t) => {
  const { page } = await openInspector(browser, hub);
  const events = page.getByRole("grid", { name: "Events" });
  const device = await connectDevice(t, "visitor");
  await device.publishAsync("visitor/says", "hello", { qos: 1 });
  await device.endAsync();
  await assert.rejects(connectDevice(t, "burglar", { username: "burglar", password: "sbk_0000000000_wrong" }));
  await events.getByRole("row").filter({ hasText: "burglar" }).filter({ hasText: "was turned away" }).waitFor();
  const texts = (await events.getByRole("row").allTextContents()).filter((text) => text.includes("visitor"));
  assert.deepEqual(
    texts.map((text) => /says|connected|left: it said goodbye/.exec(text)?.[0]),
    ["left: it said goodbye", "says", "connected"],
  );
  await page.keyboard.press("o");
  await events.getByRole("row").filter({ hasText: "burglar" }).waitFor({ state: "detached" });
  await page.keyboard.press("o");
  await events.getByRole("row").filter({ hasText: "burglar" }).click();
  await page.getByRole("textbox", { name: "Filter devices" }).waitFor();
  await page.getByRole("radio", { name: "Comings and goings" }).click();
  await page.getByRole("region", { name: "Comings and goings" }).getByText("This key is unknown").waitFor();
  await page.context().close();
});

test("a device is paired: its key is made, the command that is shown connects it, and the page says so", async (t) => {
  const { page } = await openInspector(browser, hub, { path: "/devices" });
  await page.getByRole("button", { name: "Pair a device" }).first().waitFor();
  await page.keyboard.press("a");
  const form = page.getByRole("dialog", { name: "Pair a device" });
  await form.getByRole("textbox", { name: "Name" }).fill("balcony");
  await form.getByText("publishes and subscribes below balcony/#").waitFor();
  await page.keyboard.press("Enter");
  const ready = page.getByRole("dialog", { name: "Connect balcony" });
  await ready.getByText("Only this machine can reach the hub.").waitFor();
  await ready.getByRole("img", { name: "QR code" }).waitFor();
  await ready.getByText("Waiting for balcony to connect").waitFor();
  await ready.getByRole("tab", { name: "mosquitto" }).click();
  const commands = (await ready.getByRole("tabpanel", { name: "mosquitto" }).locator("pre").textContent()) ?? "";
  const [subscribe = "", publish = ""] = commands.split("\n");

  const device = execFile("sh", ["-c", `exec ${subscribe}`]);
  t.after(() => device.kill());
  await ready.getByText("Connected over MQTT 3.1.1 from 127.0.0.1").waitFor();
  assert.deepEqual(await axeFindings(page), []);
  const printed = new Promise<string>((resolve) => device.stdout!.once("data", (chunk) => resolve(String(chunk))));
  execFile("sh", ["-c", publish]);
  assert.equal(await printed, "balcony/hello hello\n");

  await ready.getByRole("button", { name: "Show it" }).click();
  await pane(page).getByRole("heading", { name: "balcony" }).waitFor();
  await pane(page).getByRole("link", { name: "balcony", exact: true }).waitFor();
  await page.context().close();
});

test("a thousand and more devices are told of, and only those in sight are drawn", async (t) => {
  const sockets = await Promise.all(Array.from({ length: 1100 }, () => openWs(t, `${hub.ingress}/ws`, ["signalbox.v1"])));
  const { page } = await openInspector(browser, hub, { path: "/devices?filter=protocol:websocket" });
  await page.getByRole("button", { name: /^WebSocket 1,1\d\d$/ }).waitFor();
  assert.ok((await page.locator(".device-row").count()) < 60);
  await page.keyboard.press("End");
  await page.locator(`.device-row[aria-rowindex="${sockets.length + 1}"]`).waitFor();
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  test(`axe finds nothing on the Devices page, ${colorScheme}`, async (t) => {
    const will = { topic: "wills/lamp", payload: Buffer.from("gone"), qos: 1, retain: true } as const;
    const device = await connectDevice(t, "lamp", { will });
    await device.subscribeAsync(["lamp/set", "lamp/+/all"]);
    const { page } = await openInspector(browser, hub, { path: "/devices", colorScheme, reducedMotion: "reduce" });
    await row(page, "lamp").waitFor();
    assert.deepEqual(await axeFindings(page), [], "table");
    await row(page, "lamp").click();
    await pane(page).getByRole("tab", { name: "Overview" }).click();
    await pane(page).getByRole("link", { name: "wills/lamp" }).waitFor();
    assert.deepEqual(await axeFindings(page), [], "overview");
    await pane(page).getByRole("tab", { name: "Traffic" }).click();
    await device.publishAsync("lamp/is", "on");
    await page.getByRole("region", { name: "Traffic" }).getByRole("listitem").first().waitFor();
    assert.deepEqual(await axeFindings(page), [], "traffic");
    await page.getByRole("radio", { name: "Comings and goings" }).click();
    assert.deepEqual(await axeFindings(page), [], "comings and goings");
    await page.keyboard.press("a");
    await page.getByRole("dialog", { name: "Pair a device" }).waitFor();
    assert.deepEqual(await axeFindings(page), [], "pairing");
    await page.goto(`${hub.inspector}/devices?filter=nobody`);
    await page.getByRole("heading", { name: "No device matches" }).waitFor();
    assert.deepEqual(await axeFindings(page), [], "no match");
    await page.context().close();
  });
