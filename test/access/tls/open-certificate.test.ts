import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect, createServer } from "node:tls";
import { makeCertificate } from "../../../main/access/tls/make-certificate.ts";
import { openCertificate, type CertificateOptions, type TlsCertificate } from "../../../main/access/tls/open-certificate.ts";
import { RefusalError } from "../../../main/contract/errors.ts";
import { silentLogger } from "../../../main/platform/log.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const DAY_MS = 86_400_000;

function open(folder: string, change: Partial<CertificateOptions> = {}): TlsCertificate {
  return openCertificate({ folder, own: null, allowHosts: [], clock: createFakeClock(Date.now()), logger: silentLogger, ...change });
}

/** A certificate and key in files, as somebody's own. */
async function ownFiles(folder: string, names: readonly string[] = ["localhost"]): Promise<{ cert: string; key: string }> {
  const made = await makeCertificate({ names, key: null, now: Date.now() });
  const files = { cert: join(folder, "own-cert.pem"), key: join(folder, "own-key.pem") };
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.key);
  return files;
}

async function serve(t: TestContext, certificate: TlsCertificate): Promise<{ shown: () => Promise<string> }> {
  const identity = await certificate.forHost("127.0.0.1");
  const server = createServer(identity.options, (socket) => socket.end()).listen(0, "127.0.0.1");
  identity.follow(server);
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    shown: async () => {
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    },
  };
}

const keyOf = (folder: string): string => readFileSync(join(folder, "tls-key.pem"), "utf8");

test("nothing is made before a listener asks; then a certificate for this machine is kept, its key for its owner alone", async (t) => {
  const folder = tempFolder(t);
  const certificate = open(folder, { allowHosts: ["hub.example"] });
  assert.deepEqual(certificate.info(), { certificate: null, warning: null });
  await certificate.forHost("192.0.2.7");
  const { certificate: info, warning } = certificate.info();
  assert.ok(info);
  for (const name of ["localhost", "127.0.0.1", "::1", "hub.example", "192.0.2.7"]) assert.ok(info.names.includes(name), name);
  assert.match(info.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.ok(info.validUntilAt - Date.now() <= 825 * DAY_MS);
  assert.equal(info.own, false);
  assert.equal(warning, null);
  assert.equal(info.pem, readFileSync(join(folder, "tls-cert.pem"), "utf8"));
  assert.equal(createPrivateKey(keyOf(folder)).asymmetricKeyType, "ec");
  if (process.platform !== "win32") assert.equal(statSync(join(folder, "tls-key.pem")).mode & 0o777, 0o600);

  const later = open(folder, { allowHosts: ["hub.example"] });
  await later.forHost("127.0.0.1");
  assert.equal(later.info().certificate?.fingerprint, info.fingerprint, "the next run goes on with it");
});

test("for a host it does not name it is made anew, with the same key", async (t) => {
  const folder = tempFolder(t);
  const certificate = open(folder);
  await certificate.forHost("127.0.0.1");
  const before = certificate.info().certificate!;
  const key = keyOf(folder);
  await certificate.forHost("192.0.2.7");
  const after = certificate.info().certificate!;
  assert.notEqual(after.fingerprint, before.fingerprint);
  assert.ok(after.names.includes("192.0.2.7"));
  assert.equal(keyOf(folder), key);
  await certificate.forHost("0.0.0.0");
  assert.equal(certificate.info().certificate?.fingerprint, after.fingerprint, "what comes and goes is no reason");
});

test("it is renewed before it ends, and servers that run show the new one", async (t) => {
  const folder = tempFolder(t);
  const clock = createFakeClock(Date.now());
  const certificate = open(folder, { clock });
  const { shown } = await serve(t, certificate);
  const first = certificate.info().certificate!;
  const key = keyOf(folder);
  assert.equal(await shown(), first.fingerprint);
  clock.advance(700 * DAY_MS);
  await certificate.reload();
  assert.equal(certificate.info().certificate?.fingerprint, first.fingerprint, "not yet");
  clock.advance(100 * DAY_MS);
  await certificate.reload();
  const second = certificate.info().certificate!;
  assert.ok(second.validUntilAt > first.validUntilAt);
  assert.equal(await shown(), second.fingerprint);
  assert.equal(keyOf(folder), key);
});

test("renewed by hand it gets another key", async (t) => {
  const folder = tempFolder(t);
  const certificate = open(folder);
  const { shown } = await serve(t, certificate);
  const key = keyOf(folder);
  const renewed = await certificate.renew();
  assert.ok(renewed.ok);
  assert.notEqual(keyOf(folder), key);
  assert.equal(await shown(), renewed.value.certificate?.fingerprint);
});

test("files of its own that cannot be used are made again", async (t) => {
  const folder = tempFolder(t);
  writeFileSync(join(folder, "tls-cert.pem"), "half a cert");
  writeFileSync(join(folder, "tls-key.pem"), "half a key");
  const certificate = open(folder);
  await certificate.forHost("127.0.0.1");
  assert.equal(certificate.info().certificate?.pem, readFileSync(join(folder, "tls-cert.pem"), "utf8"));
});

test("an own certificate is refused with what is wrong with it", async (t) => {
  const folder = tempFolder(t);
  const own = await ownFiles(folder);
  const other = await ownFiles(tempFolder(t));
  const encrypted = join(folder, "encrypted.pem");
  const key = createPrivateKey(readFileSync(own.key, "utf8"));
  writeFileSync(encrypted, key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }));
  for (const [files, why] of [
    [{ ...own, key: other.key }, /key does not belong to the certificate/],
    [{ ...own, key: own.cert }, /key's file holds a certificate/],
    [{ ...own, cert: own.key }, /certificate's file holds a private key/],
    [{ ...own, key: encrypted }, /key is encrypted/],
    [{ ...own, cert: join(folder, "missing.pem") }, /tls-cert cannot be read.*no such file/],
    [{ ...own, key: join(folder, "missing.pem") }, /tls-key cannot be read.*no such file/],
  ] as const)
    await assert.rejects(open(folder, { own: files }).forHost("127.0.0.1"), (error) => {
      assert.ok(error instanceof RefusalError && error.code === "CONFIG_INVALID");
      assert.match(error.message, why);
      return true;
    });
});

test("an own certificate that is replaced is shown soon; while its files do not fit the one before stays", async (t) => {
  const folder = tempFolder(t);
  const own = await ownFiles(folder);
  const certificate = open(folder, { own });
  const { shown } = await serve(t, certificate);
  const first = certificate.info().certificate!;
  assert.equal(first.own, true);

  const next = await makeCertificate({ names: ["localhost"], key: null, now: Date.now() });
  writeFileSync(own.cert, next.cert);
  await certificate.reload();
  assert.equal(await shown(), first.fingerprint);
  assert.match(certificate.info().warning ?? "", /does not belong/);
  const refused = await certificate.renew();
  assert.equal(refused.ok ? "" : refused.refusal.code, "CONFIG_INVALID");

  writeFileSync(own.key, next.key);
  await certificate.reload();
  assert.notEqual(await shown(), first.fingerprint);
  assert.deepEqual([certificate.info().certificate?.pem, certificate.info().warning], [next.cert, null]);
});

test("of an own certificate it is told when it ends soon, has ended, or is not good yet", async (t) => {
  const folder = tempFolder(t);
  const own = await ownFiles(folder);
  for (const [days, warning] of [
    [-1, /not good yet/],
    [0, null],
    [800, /ends within 30 days/],
    [826, /has ended/],
  ] as const) {
    const certificate = open(folder, { own, clock: createFakeClock(Date.now() + days * DAY_MS) });
    await certificate.forHost("127.0.0.1");
    const told = certificate.info().warning;
    if (warning === null) assert.equal(told, null);
    else assert.match(told ?? "", warning);
  }
});
