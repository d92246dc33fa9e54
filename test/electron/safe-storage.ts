import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { app } from "./app.ts";

const key = randomBytes(32); // the desktop's key ring would keep it; here it lives as long as the process
const VERSION = "v11";
const IV_BYTES = 12;
const TAG_BYTES = 16;

export const safeStorage = {
  isEncryptionAvailable: () => app.isReady(),
  getSelectedStorageBackend: () => "gnome_libsecret",
  encryptString(text: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv("aes-256-gcm", key, iv);
    return Buffer.concat([Buffer.from(VERSION), iv, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  },
  decryptString(sealed: Buffer): string {
    const begin = VERSION.length + IV_BYTES;
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(VERSION.length, begin)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(begin, -TAG_BYTES)), decipher.final()]).toString("utf8");
  },
};
