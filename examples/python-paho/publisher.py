"""A thermometer: publishes a reading every few seconds, each acknowledged once it is stored."""

import json
import random
import sys
import time

from hub import connect, new_client, read_arguments

parser = read_arguments(__doc__)
parser.add_argument("--topic", default="lab/python/temperature")
parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS")
parser.add_argument("--count", type=int, default=0, help="stop after so many; 0: never")
options = parser.parse_args()

status = options.topic.rsplit("/", 1)[0] + "/status"
client = new_client("example-thermometer")
# Published by the hub if this program ends without a word. Retained: whoever comes later knows as well.
client.will_set(status, "offline", qos=1, retain=True)
connect(client, options, lambda client, _present: client.publish(status, "online", qos=1, retain=True))

sent = 0
celsius = 21.0
try:
    while options.count == 0 or sent < options.count:
        celsius += random.uniform(-0.3, 0.3)
        reading = client.publish(options.topic, json.dumps({"celsius": round(celsius, 2)}), qos=1)
        reading.wait_for_publish(10)
        if not reading.is_published():
            sys.exit("The hub did not acknowledge a reading within 10 s.")
        sent += 1
        print(f"stored {options.topic} {celsius:.2f} °C", flush=True)
        time.sleep(options.every)
    client.publish(status, "offline", qos=1, retain=True).wait_for_publish(10)
except KeyboardInterrupt:
    client.publish(status, "offline", qos=1, retain=True).wait_for_publish(2)
client.disconnect()
client.loop_stop()
