import type { ServerResponse } from "node:http";

/** Ends the answer with pieces of text, each made only when its reader has taken those before it. */
export function sendPieces(response: ServerResponse, pieces: Iterator<string>): void {
  const send = (): void => {
    for (let piece = pieces.next(); !response.destroyed; piece = pieces.next()) {
      if (piece.done === true) {
        response.end();
        return;
      }
      if (!response.write(piece.value)) {
        response.once("drain", send);
        return;
      }
    }
  };
  send();
}
