/* Sorting records through pointers to comparison functions, then looking keys up: recursion, indirect calls, swaps. */
typedef unsigned long u64;
typedef unsigned int u32;
typedef int compare(const void *, const void *);

enum { COUNT = 2048, SMALL = 8 };
struct item {
    u32 key;
    u32 place;
    u64 weight;
};
static struct item items[COUNT];

static int by_key(const void *a, const void *b)
{
    u32 p = ((const struct item *)a)->key, q = ((const struct item *)b)->key;
    return p < q ? -1 : p > q;
}
static int by_weight(const void *a, const void *b)
{
    u64 p = ((const struct item *)a)->weight, q = ((const struct item *)b)->weight;
    return p < q ? -1 : p > q;
}
static compare *volatile orders[2] = {by_weight, by_key};

static __attribute__((noinline)) void swap(char *a, char *b, u64 size)
{
    u64 *p = (u64 *)a, *q = (u64 *)b;
    for (; size; size -= 8) {
        u64 kept = *p;
        *p++ = *q;
        *q++ = kept;
    }
}
static __attribute__((noinline)) void sort(char *base, long n, u64 size, compare *order)
{
    while (n > SMALL) {
        long i = 0, j = n;
        swap(base, base + n / 2 * size, size);
        for (;;) {
            do i++; while (i < n && order(base + i * size, base) < 0);
            do j--; while (order(base + j * size, base) > 0);
            if (i >= j) break;
            swap(base + i * size, base + j * size, size);
        }
        swap(base, base + j * size, size);
        sort(base, j, size, order);
        base += (j + 1) * size;
        n -= j + 1;
    }
    for (long i = 1; i < n; i++)
        for (long j = i; j > 0 && order(base + (j - 1) * size, base + j * size) > 0; j--)
            swap(base + (j - 1) * size, base + j * size, size);
}
static __attribute__((noinline)) long find(u32 key)
{
    long low = 0, high = COUNT;
    while (low < high) {
        long middle = (low + high) >> 1;
        if (items[middle].key < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

u64 kernel(u64 n)
{
    u64 sum = 0, seed = 12345;
    while (n--) {
        for (u32 i = 0; i < COUNT; i++) {
            seed = seed * 6364136223846793005ul + 1442695040888963407ul;
            items[i] = (struct item){.key = seed >> 33, .place = i, .weight = seed >> 11};
        }
        for (int i = 0; i < 2; i++) {
            sort((char *)items, COUNT, sizeof items[0], orders[i]);
            sum = sum * 31 + items[77].place;
        }
        for (int i = 0; i < COUNT; i++) sum += find((u32)(sum * 2654435761u) >> 1);
    }
    return sum;
}
