import { createServer } from "node:net";

const TRIES = 100;
const LAST_PORT = 65_535;

/** The first port from `from` on that can be listened on now; null when none of a hundred can. */
export async function findFreePort(host: string, from: number): Promise<number | null> {
  for (let port = from; port < from + TRIES && port <= LAST_PORT; port += 1) {
    if (await canListen(host, port)) return port;
  }
  return null;
}

function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
