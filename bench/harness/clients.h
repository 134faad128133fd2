/* What clients of a bench have in common: a clock, and an end with one sentence. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Milliseconds of a steady clock. */
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
