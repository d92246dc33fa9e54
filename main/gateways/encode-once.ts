/** Remembers what was made of the last input: an event goes to all its subscribers one after the other. */
export function encodeOnce<T extends object, R>(encode: (input: T) => R): (input: T) => R {
  let last: T | null = null;
  let encoded: R;
  return (input) => {
    if (input !== last) {
      encoded = encode(input);
      last = input;
    }
    return encoded;
  };
}
