/*
 * TFTP clients in one process, for all servers alike, which cost less than any of them: they look for frames without sleeping, as boot
 * loaders do. Started as `clients SERVER FILE ORIGINAL BLKSIZE WINDOWSIZE CLIENTS LOSS_PERCENT SEED`: so many clients, each with an
 * address of its own, read the file at once. A windowsize of 1 is not asked for. Of what comes and goes so much is lost. Prints how long
 * all of them together took, in milliseconds; ends with 1 where one failed, or read anything but the original.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <strings.h>
#include "../harness/clients.h"
#include "wire.h"

/* RFC 1350 section 5, RFC 2347. */
enum { READ = 1, DATA = 3, ACK = 4, ERROR = 5, GRANTED = 6, PORT = 69 };
enum { REPEAT_MS = 1000, MOST_REPEATS = 12, A_NETWORK = 250 };
/* Requests that no server has answered yet: what has no room in its socket would be lost, and cost a second. */
enum { MOST_ASKED = 64 };
/* The cable and the first clients' network of lab/network/two-hosts.ts. */
static const char interface[] = "cable";
enum { FIRST_ADDRESS = 10 << 24 | 99 << 16 | 64 << 8 };

struct client {
  int is_known, is_gap_told, repeats, is_done;
  uint32_t block; /* the last that came in order */
  uint32_t unacknowledged;
  int block_size, window_size;
  double heard;
  in_port_t port; /* of the server, for this client */
};

static struct client *clients;
static int count, asked, answered, done, loss_percent;
static struct in_addr server;
static in_port_t own_port;
static unsigned char *original;
static size_t original_length;
static unsigned char request[600];
static int request_length;
static uint64_t random_state;

/* xorshift64*: the same numbers for the same seed. */
static int is_lost(void) {
  if (loss_percent == 0) return 0;
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (random_state * 0x2545F4914F6CDD1DULL >> 33) % 100 < (uint64_t)loss_percent;
}

/* 250 addresses of each network: what ends in 0 or 255 may look like one of all machines. */
static struct in_addr address_of(int number) {
  return (struct in_addr){htonl(FIRST_ADDRESS + number / A_NETWORK * 256 + 1 + number % A_NETWORK)};
}

static struct client *client_at(struct in_addr address) {
  uint32_t offset = ntohl(address.s_addr) - FIRST_ADDRESS;
  uint32_t number = offset / 256 * A_NETWORK + offset % 256 - 1;
  return number < (uint32_t)count ? &clients[number] : NULL;
}

static void say(const struct client *client, const void *bytes, int length) {
  if (!is_lost()) send_datagram(&(struct datagram){address_of(client - clients), server, own_port, client->port, bytes, length});
}

static void acknowledge(struct client *client) {
  client->unacknowledged = 0;
  unsigned char packet[] = {0, ACK, client->block >> 8, client->block};
  say(client, packet, sizeof packet);
}

static void repeat(struct client *client) {
  if (client->is_known) acknowledge(client);
  else say(client, request, request_length);
}

/* What the server grants, as text: name, NUL, value, NUL, and so on. */
static void granted(struct client *client, const unsigned char *packet, int length) {
  const char *at = (const char *)packet + 2, *end = (const char *)packet + length;
  while (at < end) {
    const char *value = at + strnlen(at, end - at) + 1;
    if (value >= end) break;
    if (strcasecmp(at, "blksize") == 0) client->block_size = atoi(value);
    if (strcasecmp(at, "windowsize") == 0) client->window_size = atoi(value);
    at = value + strnlen(value, end - value) + 1;
  }
  acknowledge(client);
}

static void take(struct client *client, const unsigned char *bytes, int length) {
  size_t offset = (size_t)client->block * client->block_size;
  if (offset + length > original_length || memcmp(original + offset, bytes, length) != 0) fail("Another file came");
  client->block++;
  client->unacknowledged++;
  client->is_gap_told = 0;
  int is_last = length < client->block_size;
  if (is_last || client->unacknowledged >= (uint32_t)client->window_size) acknowledge(client);
  if (!is_last) return;
  if (offset + length != original_length) fail("%zu of %zu bytes came", offset + length, original_length);
  client->is_done = 1;
  done++;
}

static void data(struct client *client, const unsigned char *packet, int length) {
  uint16_t ahead = (packet[2] << 8 | packet[3]) - client->block;
  if (ahead == 1) {
    client->heard = now();
    client->repeats = 0;
    take(client, packet + 4, length - 4);
  } else if (ahead < 0x8000 && ahead > 1 && !client->is_gap_told) {
    client->is_gap_told = 1;
    acknowledge(client);
  } else if (ahead == 0 && client->window_size == 1) acknowledge(client);
}

static void arrive(struct client *client, const unsigned char *packet, int length, in_port_t port) {
  if (is_lost() || length < 4 || client->is_done) return;
  if (client->is_known && port != client->port) return;
  if (packet[1] == ERROR) fail("The server said: %.*s", length - 4, packet + 4);
  if (packet[1] != DATA && (packet[1] != GRANTED || client->block > 0)) return;
  if (!client->is_known) answered++;
  client->port = port;
  client->is_known = 1;
  if (packet[1] == DATA) data(client, packet, length);
  else granted(client, packet, length);
}

/* A frame may be what a card would cut into several packets: each but the last is as long as a block can be. */
static void hear(const struct datagram *datagram) {
  struct client *client = client_at(datagram->to);
  if (client == NULL || datagram->to_port != own_port) return;
  const unsigned char *at = datagram->bytes, *end = at + datagram->length;
  for (int length; at < end; at += length) {
    int longest = client->is_known ? client->block_size + 4 : datagram->length;
    length = end - at < longest ? end - at : longest;
    arrive(client, at, length, datagram->from_port);
  }
}

static void ask_more(void) {
  for (; asked < count && asked - answered < MOST_ASKED; asked++) {
    clients[asked].heard = now();
    repeat(&clients[asked]);
  }
}

static void look(void) {
  static double looked;
  double time = now();
  if (time - looked < REPEAT_MS / 4) return;
  looked = time;
  for (int number = 0; number < asked; number++) {
    struct client *client = &clients[number];
    if (client->is_done || time - client->heard < REPEAT_MS) continue;
    client->heard = time;
    if (++client->repeats > MOST_REPEATS) fail("Client %d: no answer after block %u", number, client->block);
    repeat(client);
  }
}

static void read_original(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail("Cannot read %s", path);
  fseek(file, 0, SEEK_END);
  original_length = ftell(file);
  rewind(file);
  original = malloc(original_length + 1);
  if (fread(original, 1, original_length, file) != original_length) fail("Cannot read %s", path);
  fclose(file);
}

static void word(const char *format, ...) {
  va_list values;
  va_start(values, format);
  request_length += vsnprintf((char *)request + request_length, sizeof request - request_length, format, values) + 1;
  va_end(values);
}

static void write_request(const char *file, const char *block_size, int window) {
  request[1] = READ;
  request_length = 2;
  word("%s", file);
  word("octet");
  word("blksize");
  word("%s", block_size);
  if (window == 1) return;
  word("windowsize");
  word("%d", window);
}

int main(int argc, char **argv) {
  if (argc != 9) fail("Usage: clients SERVER FILE ORIGINAL BLKSIZE WINDOWSIZE CLIENTS LOSS_PERCENT SEED");
  int window = atoi(argv[5]);
  inet_aton(argv[1], &server);
  write_request(argv[2], argv[4], window);
  read_original(argv[3]);
  count = atoi(argv[6]);
  loss_percent = atoi(argv[7]);
  random_state = 0x9E3779B97F4A7C15ULL * (atoi(argv[8]) + 1);
  /* Another one each time: servers may still wait for the last word of the run before. */
  own_port = htons(20000 + getpid() % 40000);
  clients = calloc(count, sizeof *clients);
  open_wire(interface, server, window > 1);
  for (int number = 0; number < count; number++) clients[number] = (struct client){.block_size = 512, .window_size = 1, .port = htons(PORT)};
  double begun = now();
  while (done < count) {
    struct datagram datagram;
    ask_more();
    while (next_datagram(&datagram)) hear(&datagram);
    flush_wire();
    look();
  }
  flush_wire();
  printf("%f\n", now() - begun);
  return 0;
}
