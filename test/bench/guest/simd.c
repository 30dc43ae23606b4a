// kernel 5: loops that GCC vectorises: single and double precision, blending of bytes, sums, maxima, conversions
typedef unsigned long u64;
typedef unsigned int u32;
typedef unsigned char u8;
#define N 512
static float x[N], y[N];
static double p[N], q[N];
static u8 a[N], b[N], c[N];
static int h[N];
__attribute__((noinline)) static void singles(float *restrict to, const float *restrict from) {
  for (int i = 0; i < N; i++) to[i] = to[i] * 0.75f + from[i];
}
__attribute__((noinline)) static void doubles(double *restrict to, const double *restrict from) {
  for (int i = 0; i < N; i++) to[i] = to[i] * 0.5 - from[i] * from[i] / (1.0 + to[i] * to[i]);
}
__attribute__((noinline)) static void blend(u8 *restrict to, const u8 *restrict one, const u8 *restrict other, u32 k) {
  for (int i = 0; i < N; i++) to[i] = (one[i] * k + other[i] * (256 - k)) >> 8;
}
__attribute__((noinline)) static u32 distance(const u8 *one, const u8 *other) {
  u32 sum = 0;
  for (int i = 0; i < N; i++) sum += one[i] > other[i] ? one[i] - other[i] : other[i] - one[i];
  return sum;
}
__attribute__((noinline)) static int mix(int *restrict to, const float *restrict from) {
  int most = 0;
  for (int i = 0; i < N; i++) {
    to[i] = (to[i] >> 3) * 5 + (int)(from[i] * 100.0f);
    most = to[i] > most ? to[i] : most;
  }
  return most;
}
u64 kernel(u64 n) {
  u64 sum = 0;
  for (int i = 0; i < N; i++) {
    x[i] = i * 0.37f + 0.1f;
    p[i] = i * 0.011 + 0.3;
    q[i] = 1.0 / (i + 1);
    a[i] = i * 7;
    b[i] = i * 13 + 5;
    h[i] = i * 1001;
  }
  for (u64 r = 0; r < n; r++) {
    singles(y, x);
    doubles(q, p);
    blend(c, a, b, r & 255);
    sum += distance(c, a) + mix(h, y);
    x[r % N] = (float)(sum & 1023) * 0.01f;
  }
  for (int i = 0; i < N; i++) sum = sum * 31 + c[i] + h[i] + (u64)(long)(q[i] * 1e6) + (u64)(long)(y[i] * 1e3f);
  return sum;
}
