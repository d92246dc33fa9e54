import { HEADER_ORACLES } from "./oracles/header-oracles.ts";
import { testOracles } from "./oracles/compare.ts";

testOracles(HEADER_ORACLES);
