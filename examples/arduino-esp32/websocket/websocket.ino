// A thermometer and a lamp, over plain WebSockets: each frame is an event, each event a frame.
#include <WiFi.h>
#include <WebSocketsClient.h>

const char *WIFI_NAME = "your network";
const char *WIFI_PASSWORD = "its password";
const char *HUB_HOST = "192.168.1.10";
const uint16_t HUB_PORT = 4800;
const char *HUB_AUTHORIZATION = "Authorization: Bearer sbk_...";

const char *TEMPERATURE_PATH = "/ws/topic/lab/esp32/temperature";
const char *LAMP_PATH = "/ws/topic/lab/esp32/lamp/set";
const uint8_t LAMP_PIN = 2;
const unsigned long EVERY_MS = 5000;

WebSocketsClient temperature;
WebSocketsClient lamp;
unsigned long nextReadingAt = 0;

// `millis()` starts again from 0 after 49 days: only differences may be compared.
bool isDue(unsigned long at) {
  return static_cast<long>(millis() - at) >= 0;
}

void onLampEvent(WStype_t type, uint8_t *payload, size_t length) {
  if (type == WStype_TEXT) digitalWrite(LAMP_PIN, length == 2 && memcmp(payload, "on", 2) == 0 ? HIGH : LOW);
}

void openSocket(WebSocketsClient &socket, const char *path) {
  socket.begin(HUB_HOST, HUB_PORT, path, "");  // no subprotocol
  socket.setExtraHeaders(HUB_AUTHORIZATION);   // in place of the library's own "Origin: file://"
  socket.setReconnectInterval(5000);
  socket.enableHeartbeat(15000, 3000, 2);
}

void setup() {
  Serial.begin(115200);
  pinMode(LAMP_PIN, OUTPUT);
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);  // comes back by itself
  lamp.onEvent(onLampEvent);
  openSocket(lamp, LAMP_PATH);
  openSocket(temperature, TEMPERATURE_PATH);
}

void loop() {
  if (WiFi.status() != WL_CONNECTED) {
    delay(100);
    return;
  }
  temperature.loop();
  lamp.loop();
  if (temperature.isConnected() && isDue(nextReadingAt)) {
    nextReadingAt = millis() + EVERY_MS;
    char reading[32];
    snprintf(reading, sizeof reading, "{\"celsius\":%.1f}", temperatureRead());  // of the chip; put your sensor here
    temperature.sendTXT(reading);
  }
}
