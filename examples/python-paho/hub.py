"""What both programs share: where the hub is, who we are, and what to say when it does not let us in."""

import argparse
import os
import sys
import threading

import paho.mqtt.client as mqtt

SECOND_TO_ANSWER = 10


def read_arguments(about):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    return parser


def new_client(client_id):
    """An MQTT 5 client with the key from the environment, if there is one."""
    if hasattr(mqtt, "CallbackAPIVersion"):  # paho 2
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id, protocol=mqtt.MQTTv5)
    else:
        client = mqtt.Client(client_id, protocol=mqtt.MQTTv5)
    if "HUB_KEY" in os.environ:
        client.username_pw_set(os.environ.get("HUB_KEY_NAME"), os.environ["HUB_KEY"])
    return client


def connect(client, options, on_connected=lambda client, session_present: None, **connect_options):
    """Connects, and comes back by itself after a cut. Ends the program when the hub refuses us."""
    answered = threading.Event()
    refusal = []

    def on_connect(client, _userdata, flags, reason, _properties):
        refused = reason.is_failure if hasattr(reason, "is_failure") else reason != 0
        if refused:
            refusal.append(str(reason))
        else:
            present = flags.session_present if hasattr(flags, "session_present") else bool(flags["session present"])
            on_connected(client, present)
        answered.set()

    client.on_connect = on_connect
    try:
        client.connect(options.host, options.port, **connect_options)
    except OSError as error:
        sys.exit(f"There is no hub at {options.host}:{options.port} ({error}). Start it, or say where it is with --host and --port.")
    client.loop_start()
    if not answered.wait(SECOND_TO_ANSWER):
        sys.exit(f"What listens at {options.host}:{options.port} does not answer as an MQTT broker does.")
    if refusal:
        sys.exit(f"The hub refused us: {refusal[0]}. A key goes into HUB_KEY_NAME and HUB_KEY.")
