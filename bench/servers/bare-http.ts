import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What everything is measured against: node:http that takes the body in, keeps nothing, and answers 200. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, ["Content-Type", "application/json", "Content-Length", "11"]);
    response.end('{"ok":true}');
  });
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ ingress: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })));
