/*
 * A load driver for MQTT 3.1.1 brokers: one thread, epoll, packets encoded beforehand, so that the broker and not the
 * driver is measured. Closed loop: at most `-g` deliveries are under way, and no broker is asked to queue and drop.
 *
 *   mqtt-load -m MODE -h PORT [-q qos] [-p publishers] [-s subscribers] [-f] [-l payload bytes] [-n messages] [-w warm-up]
 *             [-g under way] [-r rate] [-c connections]
 *
 * MODE: thr (throughput), lat (latency at a fixed rate), idle (connections that say nothing), retained (a new
 * subscriber's wait for `-n` retained messages). -f: each publisher has a topic of its own, the subscriber all of them.
 * Prints one line of JSON. Build: cc -O2 -o mqtt-load mqtt-load.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef unsigned char byte;

typedef struct {
  int fd, unacked, connected, subscribed, blocked;
  uint16_t packet_id;
  byte *in, *out;
  size_t in_len, in_cap, out_at, out_len, out_cap;
  char topic[64];
} Connection;

static int port = 1883, qos = 0, publishers = 1, subscribers = 1, fan_in = 0, payload = 100, under_way = 500, rate = 2000, idle = 1000;
static long messages = 100000, warm_up = 20000;
static int epoll_fd;
static Connection *connections;
static int connection_count = 0;
static uint64_t received = 0, sent = 0, acked = 0;
static uint64_t *latencies = NULL;
static size_t latency_count = 0, latency_cap = 0;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  fprintf(stderr, "mqtt-load: %s: %s\n", what, strerror(errno));
  exit(2);
}

static void want_writable(Connection *c, int wanted) {
  struct epoll_event event = {.events = EPOLLIN | (wanted ? EPOLLOUT : 0), .data.ptr = c};
  if (c->blocked == wanted) return;
  c->blocked = wanted;
  epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &event);
}

static void flush(Connection *c) {
  while (c->out_at < c->out_len) {
    ssize_t written = send(c->fd, c->out + c->out_at, c->out_len - c->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0 && errno == EAGAIN) return want_writable(c, 1);
    if (written < 0) fail("send");
    c->out_at += (size_t)written;
  }
  c->out_at = c->out_len = 0;
  want_writable(c, 0);
}

/* Room for `size` more bytes to go out. */
static byte *room(Connection *c, size_t size) {
  if (c->out_len + size > c->out_cap) {
    memmove(c->out, c->out + c->out_at, c->out_len - c->out_at);
    c->out_len -= c->out_at;
    c->out_at = 0;
    while (c->out_len + size > c->out_cap) c->out_cap = c->out_cap ? c->out_cap * 2 : 4096;
    c->out = realloc(c->out, c->out_cap);
  }
  byte *at = c->out + c->out_len;
  c->out_len += size;
  return at;
}

static byte *put_length(byte *at, size_t length) {
  do {
    *at = length & 0x7f;
    length >>= 7;
    if (length) *at |= 0x80;
    at++;
  } while (length);
  return at;
}

static byte *put_text(byte *at, const char *text) {
  size_t length = strlen(text);
  *at++ = (byte)(length >> 8);
  *at++ = (byte)length;
  memcpy(at, text, length);
  return at + length;
}

static void put_packet(Connection *c, const byte *from, const byte *to) { memcpy(room(c, (size_t)(to - from)), from, (size_t)(to - from)); }

static void put_connect(Connection *c, int number) {
  byte packet[64], *at = packet;
  char id[24];
  snprintf(id, sizeof id, "load%d-%d", (int)getpid() % 10000, number);
  *at++ = 0x10;
  at = put_length(at, 12 + strlen(id));
  at = put_text(at, "MQTT");
  *at++ = 4;
  *at++ = 2; /* clean session */
  *at++ = 0;
  *at++ = 0;
  at = put_text(at, id);
  put_packet(c, packet, at);
}

static void put_subscribe(Connection *c, const char *filter, int at_qos) {
  byte packet[64], *at = packet;
  *at++ = 0x82;
  at = put_length(at, 5 + strlen(filter));
  *at++ = 0;
  *at++ = 1;
  at = put_text(at, filter);
  *at++ = (byte)at_qos;
  put_packet(c, packet, at);
}

static size_t encode_publish(byte *packet, const char *topic, int at_qos, int retain, size_t bytes, uint16_t id) {
  byte *at = packet;
  *at++ = (byte)(0x30 | (at_qos << 1) | retain);
  at = put_length(at, 2 + strlen(topic) + (at_qos ? 2 : 0) + bytes);
  at = put_text(at, topic);
  if (at_qos) {
    *at++ = (byte)(id >> 8);
    *at++ = (byte)id;
  }
  memset(at, 'x', bytes);
  return (size_t)(at - packet) + bytes;
}

static void publish(Connection *c, int retain, int stamped) {
  byte packet[128 + 65536];
  if (++c->packet_id == 0) c->packet_id = 1;
  size_t size = encode_publish(packet, c->topic, qos, retain, (size_t)payload, c->packet_id);
  if (stamped) {
    uint64_t stamp = now_ns();
    memcpy(packet + size - 8, &stamp, 8);
  }
  put_packet(c, packet, packet + size);
  c->unacked += qos > 0;
  sent++;
}

static void put_ack(Connection *c, byte first, const byte *id) {
  const byte packet[4] = {first, 2, id[0], id[1]};
  put_packet(c, packet, packet + 4);
}

static void on_packet(Connection *c, byte first, const byte *body, size_t length, uint64_t at) {
  switch (first >> 4) {
    case 2:
      if (body[1]) fprintf(stderr, "mqtt-load: CONNACK says %d\n", body[1]), exit(3);
      c->connected = 1;
      return;
    case 9:
      c->subscribed = 1;
      return;
    case 3: {
      int at_qos = (first >> 1) & 3;
      received++;
      if (latencies && length >= 8 && latency_count < latency_cap) {
        uint64_t stamp;
        memcpy(&stamp, body + length - 8, 8);
        latencies[latency_count++] = at - stamp;
      }
      if (at_qos) put_ack(c, at_qos == 1 ? 0x40 : 0x50, body + 2 + ((body[0] << 8) | body[1]));
      return;
    }
    case 5:
      return put_ack(c, 0x62, body);
    case 6:
      return put_ack(c, 0x70, body);
    case 4:
    case 7:
      c->unacked--;
      acked++;
      return;
  }
}

static void on_readable(Connection *c) {
  if (c->in_cap - c->in_len < 65536) c->in = realloc(c->in, c->in_cap = c->in_len + 131072);
  ssize_t got = recv(c->fd, c->in + c->in_len, c->in_cap - c->in_len, MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) fprintf(stderr, "mqtt-load: the broker hung up after %llu deliveries\n", (unsigned long long)received), exit(3);
  c->in_len += (size_t)got;
  uint64_t at = latencies ? now_ns() : 0;
  size_t from = 0;
  while (c->in_len - from >= 2) {
    size_t length = 0, header = 1, shift = 0;
    int whole = 0;
    while (from + header < c->in_len && header < 5) {
      byte digit = c->in[from + header++];
      length |= (size_t)(digit & 0x7f) << shift;
      shift += 7;
      if (digit < 0x80) {
        whole = 1;
        break;
      }
    }
    if (!whole || from + header + length > c->in_len) break;
    on_packet(c, c->in[from], c->in + from + header, length, at);
    from += header + length;
  }
  memmove(c->in, c->in + from, c->in_len - from);
  c->in_len -= from;
}

static void turn(int wait_ms) {
  struct epoll_event events[512];
  int count = epoll_wait(epoll_fd, events, 512, wait_ms);
  for (int i = 0; i < count; i++) {
    Connection *c = events[i].data.ptr;
    if (!c) continue;
    if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(c);
    if (c->out_at < c->out_len) flush(c);
  }
}

static Connection *open_connection(void) {
  Connection *c = &connections[connection_count];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int one = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &event);
  put_connect(c, connection_count++);
  flush(c);
  while (!c->connected) turn(1000);
  return c;
}

static void subscribe(Connection *c, const char *filter, int at_qos) {
  put_subscribe(c, filter, at_qos);
  flush(c);
  while (!c->subscribed) turn(1000);
}

static int by_value(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static double percentile_us(double p) { return latency_count ? (double)latencies[(size_t)(p * (double)(latency_count - 1))] / 1e3 : 0; }

static void open_peers(void) {
  for (int i = 0; i < subscribers; i++) subscribe(open_connection(), fan_in ? "bench/+" : "bench/t", qos);
  for (int i = 0; i < publishers; i++) {
    Connection *c = open_connection();
    if (fan_in) snprintf(c->topic, sizeof c->topic, "bench/p%03d", i);
    else strcpy(c->topic, "bench/t");
  }
}

static void run_throughput(void) {
  open_peers();
  uint64_t total = (uint64_t)(messages + warm_up), each = subscribers ? (uint64_t)subscribers : 1, started = 0, last = now_ns(), progress = 0;
  for (int next = 0;;) {
    for (int i = 0; i < publishers; i++) {
      Connection *c = &connections[subscribers + next++ % publishers];
      uint64_t done = subscribers ? received / each : acked;
      int share = publishers > 1 ? under_way / publishers + 1 : under_way;
      int left = (int)((uint64_t)under_way > sent - done ? (uint64_t)under_way - (sent - done) : 0);
      if (left > share) left = share;
      if (qos && left > share - c->unacked) left = share - c->unacked;
      for (; left > 0 && sent < total; left--) publish(c, 0, 0);
      flush(c);
    }
    turn(50);
    uint64_t done = subscribers ? received : qos ? acked : sent;
    if (!started && done >= (uint64_t)warm_up * each) started = now_ns();
    if (done != progress) progress = done, last = now_ns();
    if (done >= total * each && (!qos || acked >= total)) break;
    if (now_ns() - last > 10000000000ull) fprintf(stderr, "mqtt-load: no delivery for 10 s\n"), exit(4);
  }
  double seconds = (double)(now_ns() - started) / 1e9;
  printf("{\"perSecond\":%.0f,\"deliveries\":%llu}\n", (double)messages * (double)each / seconds, (unsigned long long)(total * each));
}

static void run_latency(void) {
  open_peers();
  latency_cap = (size_t)messages;
  latencies = malloc(latency_cap * sizeof *latencies);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  long interval = 1000000000L / rate;
  struct itimerspec every = {{0, interval}, {0, interval}};
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer, &event);
  timerfd_settime(timer, 0, &every, NULL);
  long total = messages + warm_up;
  while (received < (uint64_t)total) {
    turn(1000);
    uint64_t due;
    if (read(timer, &due, sizeof due) != sizeof due) continue;
    for (; due > 0 && sent < (uint64_t)total; due--) {
      Connection *c = &connections[subscribers + (int)(sent % (uint64_t)publishers)];
      if (sent == (uint64_t)warm_up) latency_count = 0;
      publish(c, 0, 1);
      flush(c);
    }
  }
  qsort(latencies, latency_count, sizeof *latencies, by_value);
  printf("{\"p50Us\":%.0f,\"p99Us\":%.0f,\"maxUs\":%.0f}\n", percentile_us(.5), percentile_us(.99), percentile_us(1));
}

static void run_idle(void) {
  for (int i = 0; i < idle; i++) open_connection();
  printf("{\"connections\":%d}\n", idle);
  fflush(stdout);
  while (getchar() != EOF) {} /* until whoever started this has looked */
}

static void run_retained(void) {
  Connection *c = open_connection();
  qos = 1;
  for (long i = 0; i < messages || acked < (uint64_t)messages;) {
    for (; i < messages && c->unacked < 200; i++) {
      snprintf(c->topic, sizeof c->topic, "ret/%ld/device-%ld", i % 100, i);
      publish(c, 1, 0);
    }
    flush(c);
    turn(1000);
  }
  uint64_t times[5];
  for (int k = 0; k < 5; k++) {
    Connection *reader = open_connection();
    uint64_t began = now_ns(), goal = received + (uint64_t)messages;
    put_subscribe(reader, "ret/#", 0);
    flush(reader);
    while (received < goal) turn(1000);
    times[k] = now_ns() - began;
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, reader->fd, NULL);
    close(reader->fd);
  }
  qsort(times, 5, sizeof *times, by_value);
  printf("{\"replayMs\":%.1f}\n", (double)times[2] / 1e6);
}

int main(int argc, char **argv) {
  const char *mode = "thr";
  for (int option; (option = getopt(argc, argv, "m:h:q:p:s:fl:n:w:g:r:c:")) != -1;) {
    switch (option) {
      case 'm': mode = optarg; break;
      case 'h': port = atoi(optarg); break;
      case 'q': qos = atoi(optarg); break;
      case 'p': publishers = atoi(optarg); break;
      case 's': subscribers = atoi(optarg); break;
      case 'f': fan_in = 1; break;
      case 'l': payload = atoi(optarg); break;
      case 'n': messages = atol(optarg); break;
      case 'w': warm_up = atol(optarg); break;
      case 'g': under_way = atoi(optarg); break;
      case 'r': rate = atoi(optarg); break;
      case 'c': idle = atoi(optarg); break;
      default: return 2;
    }
  }
  if (payload < 8 || payload > 65536) return fprintf(stderr, "mqtt-load: a payload has 8 to 65536 bytes\n"), 2;
  epoll_fd = epoll_create1(0);
  connections = calloc((size_t)(publishers + subscribers + idle + 16), sizeof *connections);
  if (!strcmp(mode, "lat")) run_latency();
  else if (!strcmp(mode, "idle")) run_idle();
  else if (!strcmp(mode, "retained")) run_retained();
  else run_throughput();
  return 0;
}
