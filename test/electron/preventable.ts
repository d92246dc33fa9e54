import type { EventEmitter } from "node:events";

/** Emits an event that a listener can prevent, as most of Electron's are; false when one did. */
export function emitPreventable(emitter: EventEmitter, name: string, event: object = {}, ...args: readonly unknown[]): boolean {
  let prevented = false;
  const preventDefault = (): void => {
    prevented = true;
  };
  emitter.emit(name, Object.assign(event, { preventDefault }), ...args);
  return !prevented;
}
