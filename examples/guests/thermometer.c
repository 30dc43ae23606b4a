/*
 * A thermometer with a bug worth finding. It logs samples in a ring buffer and counts those above a limit.
 * Three of the forty samples are too hot; the guest reports far more. Nothing in `main` ever writes `limit`.
 */
typedef unsigned int u32;
typedef unsigned char u8;

void uart_putc(u8 c);
void trap(void);

#define SAMPLES 8
#define READINGS 40

/* Sections fix the order in memory: what follows the ring matters here. */
__attribute__((section(".data.log.0"))) u32 samples[SAMPLES] = {0};
__attribute__((section(".data.log.1"))) u32 limit = 900;
__attribute__((section(".data.log.2"))) u32 head = 0;
u32 alarms = 0;

/* Deterministic readings: 200..711, and three that are hot. */
static u32 read_sensor(u32 n)
{
    if (n % 13 == 12)
        return 950 + n;
    return 200 + (n * 2654435761u >> 23);
}

/* The bug: `head` may become SAMPLES before it wraps, and samples[SAMPLES] is not a sample. */
__attribute__((noinline)) void log_sample(u32 value)
{
    samples[head] = value;
    head++;
    if (head > SAMPLES)
        head = 0;
}

__attribute__((noinline)) void check_sample(u32 value)
{
    if (value > limit)
        alarms++;
}

__attribute__((noinline)) void print(const char *text)
{
    while (*text)
        uart_putc((u8)*text++);
}

__attribute__((noinline)) void print_number(u32 value)
{
    if (value >= 10)
        print_number(value / 10);
    uart_putc((u8)('0' + value % 10));
}

void main(void)
{
    trap(); /* the guest handles its own exceptions */
    for (u32 n = 0; n < READINGS; n++) {
        u32 value = read_sensor(n);
        log_sample(value);
        check_sample(value);
    }
    print("alarms: ");
    print_number(alarms);
    print("\n");
}
