/*
 * New DHCP clients in one process, for all servers alike, which cost less than any of them: many packets leave and come
 * with one call. Started as `clients rate COUNT AT_ONCE SETTLE` or `clients slowest COUNT PER_SECOND SETTLE`. Waits until the
 * server answers and has settled (seconds), then prints a figure. `rate`: leases per second, from DISCOVER to ACK, with so many
 * clients that wait for theirs at any time. `slowest`: the 99th percentile of the time until an answer, in milliseconds,
 * with so many requests in a second; a client makes two. Ends with 1 where a client got no lease or an address was given twice.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../harness/clients.h"

enum { BATCH = 64, LENGTH = 300, LONGEST = 1500, WARM_UP = 300, WARM_AT_ONCE = 20 };
enum { START_SECONDS = 15, AGAIN_MS = 1000, MOST_TRIES = 10, SCOUT = 0xffffff, MOST_CLIENTS = 65536 };
/* RFC 2131 section 2 and RFC 2132: where fields begin, codes of options, types of messages. */
enum { XID = 4, YIADDR = 16, CHADDR = 28, COOKIE = 236, OPTIONS = 240 };
enum { REQUESTED = 50, TYPE = 53, SERVER = 54, LIST = 55, END = 255 };
enum { DISCOVER = 1, OFFER = 2, REQUEST = 3, ACK = 5, NAK = 6 };

/* What a client waits for; its number is its place in the list, its xid, and the end of its MAC. */
struct client {
  int asks; /* DISCOVER or REQUEST, 0 where it has its lease or has not begun */
  int tries, refusals;
  double begun, sent; /* ms: of the first packet with this question, and of the last */
  uint32_t ip, server;
};

static struct client clients[MOST_CLIENTS];
static uint32_t owners[1 << 16]; /* by the end of an address: who has it */
static int sock, begun_last, done, scout_answered;
static double *times;
static int time_count;

static unsigned char out[BATCH][LENGTH], in[BATCH][LONGEST];
static struct mmsghdr out_headers[BATCH], in_headers[BATCH];
static struct iovec out_pieces[BATCH], in_pieces[BATCH];
static struct sockaddr_in everybody;
static int queued;

static void open_socket(void) {
  int yes = 1, room = 16 << 20;
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(68)};
  everybody = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(67), .sin_addr.s_addr = INADDR_BROADCAST};
  sock = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  setsockopt(sock, SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes);
  setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
  if (bind(sock, (void *)&here, sizeof here) != 0) fail("Cannot bind port 68");
  for (int at = 0; at < BATCH; at++) {
    out_pieces[at] = (struct iovec){out[at], LENGTH};
    in_pieces[at] = (struct iovec){in[at], LONGEST};
    out_headers[at].msg_hdr = (struct msghdr){.msg_name = &everybody, .msg_namelen = sizeof everybody, .msg_iov = &out_pieces[at], .msg_iovlen = 1};
    in_headers[at].msg_hdr = (struct msghdr){.msg_iov = &in_pieces[at], .msg_iovlen = 1};
  }
}

static void flush(void) {
  for (int sent = 0; sent < queued;) {
    int more = sendmmsg(sock, out_headers + sent, queued - sent, 0);
    if (more > 0) sent += more;
    else if (poll(&(struct pollfd){.fd = sock, .events = POLLOUT}, 1, 100) < 0) fail("Cannot send");
  }
  queued = 0;
}

static unsigned char *put(unsigned char *at, int code, int length, const void *value) {
  at[0] = code;
  at[1] = length;
  memcpy(at + 2, value, length);
  return at + 2 + length;
}

static void ask(uint32_t number, int type, const struct client *offered) {
  static const unsigned char list[] = {1, 3, 6, 15, 51, 54};
  if (queued == BATCH) flush();
  unsigned char *packet = out[queued++], *at = packet + OPTIONS;
  uint32_t id = htonl(number);
  memset(packet, 0, LENGTH);
  packet[0] = packet[1] = 1;
  packet[2] = 6;
  packet[10] = 0x80; /* answers are to be broadcast */
  memcpy(packet + XID, &id, 4);
  memcpy(packet + CHADDR, "\x52\x54\0", 3);
  memcpy(packet + CHADDR + 3, (char *)&id + 1, 3);
  memcpy(packet + COOKIE, "\x63\x82\x53\x63", 4);
  at = put(at, TYPE, 1, &(unsigned char){type});
  at = put(at, LIST, sizeof list, list);
  if (type == REQUEST) {
    at = put(at, REQUESTED, 4, &offered->ip);
    at = put(at, SERVER, 4, &offered->server);
  }
  *at = END;
}

static void question(uint32_t number, int type) {
  struct client *client = &clients[number];
  client->asks = type;
  client->tries = 1;
  client->begun = client->sent = now();
  ask(number, type, client);
}

static void begin(void) {
  if (++begun_last >= MOST_CLIENTS) fail("Cannot have so many clients");
  question(begun_last, DISCOVER);
}

static void keep(uint32_t number, uint32_t ip) {
  uint32_t *owner = &owners[ntohl(ip) & 0xffff];
  if (*owner != 0) fail("An address was given to clients %u and %u", *owner, number);
  *owner = number;
  clients[number].asks = 0;
  done++;
}

/* What a client does with an answer; undefined options and other types change nothing. */
static void hear(uint32_t number, int type, uint32_t ip, uint32_t server) {
  if (number == SCOUT) scout_answered = 1;
  if (number == 0 || number > (uint32_t)begun_last) return;
  struct client *client = &clients[number];
  if (client->asks == DISCOVER ? type != OFFER : client->asks != REQUEST || (type != ACK && type != NAK)) return;
  if (times != NULL) times[time_count++] = now() - client->begun;
  if (type == OFFER) {
    client->ip = ip;
    client->server = server;
    question(number, REQUEST);
  } else if (type == ACK) keep(number, ip);
  else if (++client->refusals < MOST_TRIES) question(number, DISCOVER);
  else fail("Client %u was refused %d times", number, MOST_TRIES);
}

static void read_answer(const unsigned char *packet, int length) {
  uint32_t number, ip, server = 0;
  int type = 0;
  if (length <= OPTIONS || packet[0] != 2) return;
  memcpy(&number, packet + XID, 4);
  memcpy(&ip, packet + YIADDR, 4);
  for (int at = OPTIONS; at + 1 < length && packet[at] != END; at += packet[at] == 0 ? 1 : 2 + packet[at + 1]) {
    if (packet[at] == TYPE) type = packet[at + 2];
    if (packet[at] == SERVER && at + 6 <= length) memcpy(&server, packet + at + 2, 4);
  }
  hear(ntohl(number), type, ip, server);
}

/* Hears what comes within so many milliseconds, and answers it. */
static void listen_for(int ms) {
  if (poll(&(struct pollfd){.fd = sock, .events = POLLIN}, 1, ms) <= 0) return;
  for (;;) {
    int count = recvmmsg(sock, in_headers, BATCH, 0, NULL);
    for (int at = 0; at < count; at++) read_answer(in[at], in_headers[at].msg_len);
    flush();
    if (count < BATCH) return;
  }
}

static void ask_again(void) {
  static double looked;
  double time = now();
  if (time - looked < 20) return;
  looked = time;
  for (int number = 1; number <= begun_last; number++) {
    struct client *client = &clients[number];
    if (client->asks == 0 || time - client->sent < AGAIN_MS) continue;
    if (++client->tries > MOST_TRIES) fail("Client %d got no %s", number, client->asks == DISCOVER ? "offer" : "ack or nak");
    client->sent = time;
    ask(number, client->asks, client);
  }
  flush();
}

static void wait_for_server(void) {
  double end = now() + START_SECONDS * 1e3;
  while (!scout_answered) {
    if (now() > end) fail("No DHCP server answered within %d s", START_SECONDS);
    ask(SCOUT, DISCOVER, NULL);
    flush();
    for (double next = now() + 200; !scout_answered && now() < next;) listen_for(20);
  }
}

static double lease_rate(int count, int at_once) {
  int first = begun_last, had = done;
  double begun = now();
  while (done - had < count) {
    while (begun_last - first < count && begun_last - first - (done - had) < at_once) begin();
    flush();
    listen_for(20);
    ask_again();
  }
  return count * 1e3 / (now() - begun);
}

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static double slowest(int count, double per_second) {
  int first = begun_last, had = done;
  double interval = 2000 / per_second, begun = now();
  times = calloc(2 * MOST_TRIES * count, sizeof *times);
  while (done - had < count) {
    while (begun_last - first < count && begun_last - first < (now() - begun) / interval) begin();
    flush();
    listen_for(1);
    ask_again();
  }
  qsort(times, time_count, sizeof *times, ascending);
  return times[(time_count * 99 + 99) / 100 - 1];
}

int main(int argc, char **argv) {
  if (argc != 5) fail("Usage: clients rate|slowest COUNT AT_ONCE|PER_SECOND SETTLE_SECONDS");
  int count = atoi(argv[2]), pace = atoi(argv[3]);
  open_socket();
  wait_for_server();
  /* For nothing: code of the server is compiled, caches are full. */
  lease_rate(WARM_UP, WARM_AT_ONCE);
  sleep(atoi(argv[4]));
  printf("%f\n", strcmp(argv[1], "rate") == 0 ? lease_rate(count, pace) : slowest(count, pace));
  return 0;
}
