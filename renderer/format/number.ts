/** A measured value with as many digits as say something: `21.46`, `1,013.2`, `0.00012`, `1.2e+9`. */
export function toNumber(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return plain.format(value);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return value.toExponential(3).replace(/\.?0+(?=e)/, "");
  return size >= 1000 ? tenths.format(value) : Number(value.toPrecision(4)).toString();
}

const plain = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/** A difference with its sign: `+0.3`, `−2`; "" for none. */
export function toChange(difference: number): string {
  if (difference === 0) return "";
  return `${difference > 0 ? "+" : "−"}${toNumber(Math.abs(Number(difference.toPrecision(6))))}`;
}

/** A JSON pointer (RFC 6901) as people write names: `outside.temperature`, `list[0]`; "value" for the whole payload. */
export function toFieldName(pointer: string): string {
  if (pointer === "") return "value";
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((name, part) => (name === "" ? part : /^\d+$/.test(part) ? `${name}[${part}]` : `${name}.${part}`), "");
}
