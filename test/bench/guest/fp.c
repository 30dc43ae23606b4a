// kernel 4: n-body in double precision. fp.elf keeps products and sums apart; fma.elf, from the same source, fuses them,
// which is what GCC does unless it is told not to.
typedef unsigned long u64;
struct body {
  double x, y, z, vx, vy, vz, m;
};
static struct body bodies[5];
static inline double root(double v) {
  double r;
  __asm__("fsqrt %d0, %d1" : "=w"(r) : "w"(v));
  return r;
}
u64 kernel(u64 n) {
  for (int i = 0; i < 5; i++) {
    double d = i + 1;
    bodies[i] = (struct body){d * 1.1, d * 0.7 - 1, d * 0.3, 0.1 / d, 0.2 * d, 0.01 * d * d, 1.0 / (d * d)};
  }
  for (u64 r = 0; r < n; r++) {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++) {
        struct body *a = &bodies[i], *b = &bodies[j];
        double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
        double d2 = dx * dx + dy * dy + dz * dz + 0.01, mag = 0.001 / (d2 * root(d2));
        a->vx -= dx * b->m * mag;
        a->vy -= dy * b->m * mag;
        a->vz -= dz * b->m * mag;
        b->vx += dx * a->m * mag;
        b->vy += dy * a->m * mag;
        b->vz += dz * a->m * mag;
      }
    for (int i = 0; i < 5; i++) {
      bodies[i].x += 0.001 * bodies[i].vx;
      bodies[i].y += 0.001 * bodies[i].vy;
      bodies[i].z += 0.001 * bodies[i].vz;
    }
  }
  double e = 0;
  for (int i = 0; i < 5; i++) e += bodies[i].x * 3 + bodies[i].y * 5 + bodies[i].z * 7 + bodies[i].vx;
  return *(u64 *)&e;
}
