#pragma once
#include "Arduino.h"

enum wl_status_t { WL_IDLE_STATUS = 0, WL_CONNECTED = 3 };
struct WiFiClass {
  wl_status_t begin(const char *ssid, const char *passphrase = nullptr);
  wl_status_t status();
};
extern WiFiClass WiFi;

class Client {};
class WiFiClient : public Client {};
