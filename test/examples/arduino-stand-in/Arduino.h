#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>

constexpr uint8_t LOW = 0, HIGH = 1, OUTPUT = 3;
void pinMode(uint8_t pin, uint8_t mode);
void digitalWrite(uint8_t pin, uint8_t value);
unsigned long millis();
void delay(uint32_t ms);
long random(long below);
float temperatureRead();

struct HardwareSerial {
  void begin(unsigned long baud);
  size_t println(const char *text);
  size_t printf(const char *format, ...) __attribute__((format(printf, 2, 3)));
};
extern HardwareSerial Serial;
