// A thermometer and a lamp, over MQTT 3.1.1.
#include <WiFi.h>
#include <PubSubClient.h>

const char *WIFI_NAME = "your network";
const char *WIFI_PASSWORD = "its password";
const char *HUB_HOST = "192.168.1.10";
const uint16_t HUB_PORT = 1883;
const char *HUB_KEY_NAME = "kitchen";
const char *HUB_KEY = "sbk_...";

const char *CLIENT_ID = "esp32-kitchen";  // one for each device: a second one of the same name takes the first one's place
const char *TEMPERATURE_TOPIC = "lab/esp32/temperature";
const char *LAMP_TOPIC = "lab/esp32/lamp/set";
const char *STATUS_TOPIC = "lab/esp32/status";
const uint8_t LAMP_PIN = 2;
const unsigned long EVERY_MS = 5000;

WiFiClient network;
PubSubClient hub(network);
unsigned long nextReadingAt = 0;
unsigned long nextAttemptAt = 0;

// `millis()` starts again from 0 after 49 days: only differences may be compared.
bool isDue(unsigned long at) {
  return static_cast<long>(millis() - at) >= 0;
}

void onEvent(char *topic, uint8_t *payload, unsigned int length) {
  if (strcmp(topic, LAMP_TOPIC) == 0) digitalWrite(LAMP_PIN, length == 2 && memcmp(payload, "on", 2) == 0 ? HIGH : LOW);
}

void connectToHub() {
  // Not all devices at the same moment when the hub is back.
  nextAttemptAt = millis() + 1000 + random(4000);
  // The will, should this device vanish: retained, at QoS 1. The session is kept (false), so commands wait while it is away.
  if (!hub.connect(CLIENT_ID, HUB_KEY_NAME, HUB_KEY, STATUS_TOPIC, 1, true, "offline", false)) {
    Serial.printf("The hub did not let us in (%d): 4 and 5 are a wrong key, below 0 it was not reached.\n", hub.state());
    return;
  }
  hub.publish(STATUS_TOPIC, "online", true);
  hub.subscribe(LAMP_TOPIC, 1);
  Serial.println("Connected to the hub.");
}

void setup() {
  Serial.begin(115200);
  pinMode(LAMP_PIN, OUTPUT);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);  // comes back by itself
  hub.setServer(HUB_HOST, HUB_PORT);
  hub.setCallback(onEvent);
}

void loop() {
  if (WiFi.status() != WL_CONNECTED) {
    delay(100);
    return;
  }
  if (!hub.connected() && isDue(nextAttemptAt)) connectToHub();
  hub.loop();
  if (hub.connected() && isDue(nextReadingAt)) {
    nextReadingAt = millis() + EVERY_MS;
    char reading[32];
    snprintf(reading, sizeof reading, "{\"celsius\":%.1f}", temperatureRead());  // of the chip; put your sensor here
    hub.publish(TEMPERATURE_TOPIC, reading);
  }
  delay(10);
}
