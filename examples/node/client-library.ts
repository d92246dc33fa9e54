// Publishes a counter every second, and shows everything below lab/ from the beginning of the log.
import { connectSignalbox } from "../../client/signalbox-client.ts";

const { HUB_URL = "http://127.0.0.1:4800", HUB_KEY } = process.env;

const client = connectSignalbox({
  url: HUB_URL,
  ...(HUB_KEY === undefined ? {} : { key: HUB_KEY }),
  onState: (state) => console.log(`· ${state}`),
  onError: (error) => console.error(`! ${error.message}`),
});

// To go on from where another run ended, keep the last seq and give it here.
client.subscribe("lab/#", ({ seq, topic, payload }) => console.log(`${seq} ${topic} ${payload}`), { after: 0 });

let count = 0;
const timer = setInterval(() => {
  count += 1;
  client.publish("lab/node/count", { count }).then(
    ({ seq }) => console.log(`stored as ${seq}`),
    (error: Error) => console.error(`! ${error.message}`),
  );
}, 1000);

process.once("SIGINT", () => {
  clearInterval(timer);
  client.close();
});
