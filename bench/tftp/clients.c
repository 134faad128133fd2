/*
 * TFTP clients in one process, for all servers alike, which cost less than any of them. Started as
 * `clients SERVER FILE ORIGINAL BLKSIZE WINDOWSIZE CLIENTS LOSS_PERCENT SEED`: so many clients, each with an address of its own, read
 * the file at once. A windowsize of 1 is not asked for. Of what comes and goes so much is lost. Prints how long all of them
 * together took, in milliseconds; ends with 1 where one failed, or read anything but the original.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* RFC 1350 section 5, RFC 2347. */
enum { READ = 1, DATA = 3, ACK = 4, ERROR = 5, GRANTED = 6, PORT = 69 };
enum { REPEAT_MS = 1000, MOST_REPEATS = 12, BATCH = 32, ROOM = 1 << 18 };

struct client {
  int sock, is_known, is_gap_told, repeats, is_done;
  uint32_t block; /* the last that came in order */
  uint32_t unacknowledged;
  int block_size, window_size;
  double heard;
  struct sockaddr_in peer;
};

static struct client *clients;
static int count, done, loss_percent;
static unsigned char *original;
static size_t original_length;
static unsigned char request[600];
static int request_length;
static uint64_t random_state;

static unsigned char in[BATCH][2048];
static struct mmsghdr headers[BATCH];
static struct iovec pieces[BATCH];
static struct sockaddr_in names[BATCH];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void fail(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  exit(1);
}

/* xorshift64*: the same numbers for the same seed. */
static int is_lost(void) {
  if (loss_percent == 0) return 0;
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (random_state * 0x2545F4914F6CDD1DULL >> 33) % 100 < (uint64_t)loss_percent;
}

static void send_to(const struct client *client, const void *bytes, int length) {
  if (!is_lost()) sendto(client->sock, bytes, length, 0, (void *)&client->peer, sizeof client->peer);
}

static void acknowledge(struct client *client) {
  client->unacknowledged = 0;
  unsigned char packet[] = {0, ACK, client->block >> 8, client->block};
  send_to(client, packet, sizeof packet);
}

static void repeat(struct client *client) {
  if (client->is_known) acknowledge(client);
  else send_to(client, request, request_length);
}

static void open_client(int number, const struct sockaddr_in *server) {
  struct client *client = &clients[number];
  char text[32];
  int room = ROOM;
  struct sockaddr_in here = {.sin_family = AF_INET};
  snprintf(text, sizeof text, "10.99.%d.%d", 64 + number / 250, 1 + number % 250);
  inet_aton(text, &here.sin_addr);
  *client = (struct client){.sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), .block_size = 512, .window_size = 1, .peer = *server};
  setsockopt(client->sock, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  if (bind(client->sock, (void *)&here, sizeof here) != 0) fail("Cannot bind %s", text);
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

static void arrive(struct client *client, const unsigned char *packet, int length, const struct sockaddr_in *from) {
  if (is_lost() || length < 4) return;
  if (client->is_known && from->sin_port != client->peer.sin_port) return;
  if (packet[1] == ERROR) fail("The server said: %.*s", length - 4, packet + 4);
  if (packet[1] != DATA && (packet[1] != GRANTED || client->block > 0)) return;
  client->peer = *from;
  client->is_known = 1;
  if (packet[1] == DATA) data(client, packet, length);
  else granted(client, packet, length);
}

static void hear(struct client *client) {
  for (;;) {
    int most = client->window_size > 1 ? BATCH : 1;
    for (int at = 0; at < most; at++) headers[at].msg_hdr.msg_namelen = sizeof names[at];
    int got = recvmmsg(client->sock, headers, most, 0, NULL);
    for (int at = 0; at < got && !client->is_done; at++) arrive(client, in[at], headers[at].msg_len, &names[at]);
    if (got < most || most == 1 || client->is_done) return;
  }
}

static void look(void) {
  static double looked;
  double time = now();
  if (time - looked < REPEAT_MS / 4) return;
  looked = time;
  for (int number = 0; number < count; number++) {
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
}

int main(int argc, char **argv) {
  if (argc != 9) fail("Usage: clients SERVER FILE ORIGINAL BLKSIZE WINDOWSIZE CLIENTS LOSS_PERCENT SEED");
  int window = atoi(argv[5]);
  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  struct rlimit files;
  inet_aton(argv[1], &server.sin_addr);
  read_original(argv[3]);
  count = atoi(argv[6]);
  loss_percent = atoi(argv[7]);
  random_state = 0x9E3779B97F4A7C15ULL * (atoi(argv[8]) + 1);
  request[1] = READ;
  request_length = 2;
  word("%s", argv[2]);
  word("octet");
  word("blksize");
  word("%s", argv[4]);
  if (window > 1) {
    word("windowsize");
    word("%d", window);
  }
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  for (int at = 0; at < BATCH; at++) {
    pieces[at] = (struct iovec){in[at], sizeof in[at]};
    headers[at].msg_hdr = (struct msghdr){.msg_name = &names[at], .msg_iov = &pieces[at], .msg_iovlen = 1};
  }
  clients = calloc(count, sizeof *clients);
  int poll = epoll_create1(0);
  for (int number = 0; number < count; number++) {
    open_client(number, &server);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = number};
    epoll_ctl(poll, EPOLL_CTL_ADD, clients[number].sock, &event);
  }
  double begun = now();
  for (int number = 0; number < count; number++) {
    clients[number].heard = begun;
    repeat(&clients[number]);
  }
  while (done < count) {
    struct epoll_event events[64];
    int ready = epoll_wait(poll, events, 64, 50);
    for (int at = 0; at < ready; at++) hear(&clients[events[at].data.u32]);
    look();
  }
  printf("%f\n", now() - begun);
  return 0;
}
