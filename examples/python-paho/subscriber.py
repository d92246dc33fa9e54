"""Prints every event on matching topics, and misses none while it is away: the hub keeps its session for a day."""

import threading

from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub import connect, new_client, read_arguments

parser = read_arguments(__doc__)
parser.add_argument("--filter", default="lab/#")
parser.add_argument("--count", type=int, default=0, help="stop after so many; 0: never")
options = parser.parse_args()

done = threading.Event()
seen = 0


def on_message(_client, _userdata, message):
    global seen
    payload = message.payload.decode("utf-8", errors="replace")
    print(f"{message.topic} {payload}{' (retained)' if message.retain else ''}", flush=True)
    seen += 1
    if seen == options.count:
        done.set()


def on_connected(client, session_present):
    print("back in our session" if session_present else "a new session", flush=True)
    if not session_present:
        client.subscribe(options.filter, qos=1)


client = new_client("example-reader")
client.on_message = on_message
for_a_day = Properties(PacketTypes.CONNECT)
for_a_day.SessionExpiryInterval = 24 * 60 * 60
connect(client, options, on_connected, clean_start=False, properties=for_a_day)
try:
    done.wait()
except KeyboardInterrupt:
    pass
client.disconnect()
client.loop_stop()
