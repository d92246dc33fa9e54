#pragma once
#include "WiFi.h"

enum WStype_t { WStype_ERROR, WStype_DISCONNECTED, WStype_CONNECTED, WStype_TEXT, WStype_BIN };

class WebSocketsClient {
public:
  void begin(const char *host, uint16_t port, const char *url = "/", const char *protocol = "arduino");
  void onEvent(void (*event)(WStype_t type, uint8_t *payload, size_t length));
  void setExtraHeaders(const char *extraHeaders = nullptr);
  void setReconnectInterval(unsigned long ms);
  void enableHeartbeat(uint32_t pingIntervalMs, uint32_t pongTimeoutMs, uint8_t disconnectTimeoutCount);
  bool sendTXT(const char *payload);
  bool isConnected();
  void loop();
};
