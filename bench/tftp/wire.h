/*
 * The cable as many machines at its end see it. Frames lie in memory that the kernel shares (packet(7), PACKET_RX_RING), so that none
 * takes a call; what is sent leaves many with one call. What comes is for another card than that of this end (lab/network/two-hosts.ts): the
 * kernel drops it at once, and answers nothing in the machines' names.
 */
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* A piece that the kernel would cut for a card comes whole, and has up to 65,535 bytes. */
enum { SHORT_FRAME = 1 << 11, LONG_FRAME = 1 << 17, RING = 1 << 25, OUT = 32, OUT_ROOM = 640, DISCARD = 9, UDP = 17 };

struct datagram {
  struct in_addr from, to;
  in_port_t from_port, to_port; /* highest byte first */
  const unsigned char *bytes;
  int length;
};

struct frame {
  struct ether_header ethernet;
  struct iphdr ip;
  struct udphdr udp;
  unsigned char bytes[OUT_ROOM];
} __attribute__((packed));

static int wire;
static unsigned char *ring;
static size_t ring_at, frame_length;
static struct tpacket2_hdr *taken;
static struct frame out[OUT];
static struct mmsghdr out_headers[OUT];
static struct iovec out_pieces[OUT];
static int out_count;

/* The kernel finds out where frames to the server go, as it does for whoever sends there. */
static void find_server(const char *interface, struct in_addr server, unsigned char *mac) {
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(DISCARD), .sin_addr = server};
  for (double end = now() + 2000; now() < end; usleep(1000)) {
    struct arpreq entry = {0};
    memcpy(&entry.arp_pa, &there, sizeof there);
    strncpy(entry.arp_dev, interface, sizeof entry.arp_dev - 1);
    if (ioctl(sock, SIOCGARP, &entry) == 0 && (entry.arp_flags & ATF_COM)) {
      memcpy(mac, entry.arp_ha.sa_data, ETH_ALEN);
      close(sock);
      return;
    }
    sendto(sock, "", 1, MSG_DONTWAIT, (void *)&there, sizeof there);
  }
  fail("Cannot find %s on %s", inet_ntoa(server), interface);
}

static void open_wire(const char *interface, struct in_addr server, int is_long) {
  struct ifreq card = {0};
  int version = TPACKET_V2, yes = 1;
  frame_length = is_long ? LONG_FRAME : SHORT_FRAME;
  struct tpacket_req room = {.tp_block_size = LONG_FRAME, .tp_block_nr = RING / LONG_FRAME, .tp_frame_size = frame_length, .tp_frame_nr = RING / frame_length};
  wire = socket(AF_PACKET, SOCK_RAW, 0);
  if (wire < 0) fail("Cannot take frames: this is for root");
  setsockopt(wire, SOL_PACKET, PACKET_VERSION, &version, sizeof version);
  setsockopt(wire, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
  if (setsockopt(wire, SOL_PACKET, PACKET_RX_RING, &room, sizeof room) != 0) fail("Cannot share memory with the kernel");
  ring = mmap(NULL, RING, PROT_READ | PROT_WRITE, MAP_SHARED, wire, 0);
  if (ring == MAP_FAILED) fail("Cannot share memory with the kernel");
  strncpy(card.ifr_name, interface, IFNAMSIZ - 1);
  struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP), .sll_ifindex = if_nametoindex(interface)};
  if (bind(wire, (void *)&here, sizeof here) != 0 || ioctl(wire, SIOCGIFHWADDR, &card) != 0) fail("Cannot find interface %s", interface);
  for (int at = 0; at < OUT; at++) {
    struct frame *frame = &out[at];
    frame->ethernet.ether_type = htons(ETH_P_IP);
    memcpy(frame->ethernet.ether_shost, card.ifr_hwaddr.sa_data, ETH_ALEN);
    frame->ip = (struct iphdr){.version = 4, .ihl = 5, .ttl = 64, .protocol = UDP, .frag_off = htons(IP_DF)};
    out_pieces[at] = (struct iovec){frame, 0};
    out_headers[at].msg_hdr = (struct msghdr){.msg_iov = &out_pieces[at], .msg_iovlen = 1};
  }
  find_server(interface, server, out[0].ethernet.ether_dhost);
  for (int at = 1; at < OUT; at++) memcpy(out[at].ethernet.ether_dhost, out[0].ethernet.ether_dhost, ETH_ALEN);
}

/* The next that lies there, until this is called again; 0 where there is none. */
static int next_datagram(struct datagram *datagram) {
  for (;;) {
    if (taken != NULL) __atomic_store_n(&taken->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    taken = NULL;
    struct tpacket2_hdr *frame = (void *)(ring + ring_at * frame_length);
    if ((__atomic_load_n(&frame->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER) == 0) return 0;
    taken = frame;
    ring_at = (ring_at + 1) % (RING / frame_length);
    const struct iphdr *ip = (void *)((char *)frame + frame->tp_net);
    const struct udphdr *udp = (void *)((char *)ip + ip->ihl * 4);
    if (ip->protocol != UDP) continue;
    if (frame->tp_snaplen < frame->tp_len) fail("A frame of %u bytes had no room", frame->tp_len);
    if (ip->frag_off & htons(IP_MF | IP_OFFMASK)) fail("A packet came in fragments");
    *datagram = (struct datagram){{ip->saddr}, {ip->daddr}, udp->source, udp->dest, (unsigned char *)(udp + 1), ntohs(udp->len) - (int)sizeof *udp};
    return 1;
  }
}

static void flush_wire(void) {
  for (int sent = 0; sent < out_count;) {
    int more = sendmmsg(wire, out_headers + sent, out_count - sent, 0);
    if (more > 0) sent += more;
  }
  out_count = 0;
}

/* RFC 1071; the header has 20 bytes. */
static uint16_t checksum(const void *ip) {
  uint16_t words[10];
  uint32_t sum = 0;
  memcpy(words, ip, sizeof words);
  for (int at = 0; at < 10; at++) sum += words[at];
  sum = (sum & 0xffff) + (sum >> 16);
  return ~(sum + (sum >> 16));
}

/* Leaves with the next flush. Without a checksum of UDP, which IPv4 can do without (RFC 768). */
static void send_datagram(const struct datagram *datagram) {
  if (out_count == OUT) flush_wire();
  struct frame *frame = &out[out_count];
  int length = datagram->length, headers = sizeof frame->ip + sizeof frame->udp;
  memcpy(frame->bytes, datagram->bytes, length);
  frame->udp = (struct udphdr){.source = datagram->from_port, .dest = datagram->to_port, .len = htons(sizeof frame->udp + length)};
  frame->ip.saddr = datagram->from.s_addr;
  frame->ip.daddr = datagram->to.s_addr;
  frame->ip.tot_len = htons(headers + length);
  frame->ip.check = 0;
  frame->ip.check = checksum(&frame->ip);
  out_pieces[out_count++].iov_len = sizeof frame->ethernet + headers + length;
}
