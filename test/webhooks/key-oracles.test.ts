import { testOracles } from "./oracles/compare.ts";
import { KEY_ORACLES } from "./oracles/key-oracles.ts";

testOracles(KEY_ORACLES);
