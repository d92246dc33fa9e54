import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { TUNNEL_PROVIDER_TEXTS, TUNNEL_PROVIDERS } from "../../main/contract/tunnel-provider.ts";

test("docs/tunnels.md names every provider with its settings, those that are needed and what is preset, and no others", () => {
  const text = readFileSync(new URL("../../docs/tunnels.md", import.meta.url), "utf8");
  const rows = new Map(
    [...text.matchAll(/^\| `([a-z.]+)`[^|]*\| ([^|]*) \|/gm)]
      .filter(([, id]) => TUNNEL_PROVIDERS.some((one) => one === id))
      .map(([, id, settings]) => [id!, settings!] as const),
  );
  for (const id of TUNNEL_PROVIDERS) {
    const row = rows.get(id) ?? "";
    const named = [...row.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!);
    const { fields } = TUNNEL_PROVIDER_TEXTS[id];
    assert.deepEqual([...new Set(named)].sort(), fields.map(({ name }) => name).sort(), id);
    for (const { name, required, preset } of fields) {
      assert.equal(row.includes(`**\`${name}\`**`), required === true, `${id} ${name}`);
      if (preset !== undefined) assert.ok(row.includes(`\`${name}\` [${preset}]`), `${id} ${name} [${preset}]`);
    }
  }
});
