/*
 * A test program as continuous integration runs it: checks of a function, results in the Test Anything Protocol on
 * the console, and an exit status. Everything outside the processor is semihosting, so it runs on whatever offers that.
 * The command line is the program's name, then the checks to run; with none, all of them. `broken` is one that fails.
 */
typedef unsigned int u32;
typedef unsigned char u8;

enum { SYS_WRITE0 = 0x04, SYS_GET_CMDLINE = 0x15, SYS_EXIT = 0x18 };
#define ADP_Stopped_ApplicationExit 0x20026

long semihosting(int operation, void *parameter);

static void print(const char *text) { semihosting(SYS_WRITE0, (void *)text); }

static void print_number(u32 n)
{
    char digits[11], *at = digits + sizeof digits - 1;
    *at = 0;
    do
        *--at = (char)('0' + n % 10);
    while (n /= 10);
    print(at);
}

/* What is tested: CRC-32 as Ethernet has it. */
__attribute__((noinline)) u32 crc32(const u8 *bytes, u32 length, u32 crc)
{
    crc = ~crc;
    for (u32 i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static const u8 numbers[] = "123456789";

static int nothing(void) { return crc32(numbers, 0, 0) == 0; }
/* The check value that catalogues of CRCs list. */
static int numbers_in_one(void) { return crc32(numbers, 9, 0) == 0xcbf43926; }
static int numbers_in_two(void) { return crc32(numbers + 4, 5, crc32(numbers, 4, 0)) == 0xcbf43926; }
static int broken(void) { return crc32(numbers, 8, 0) == 0xcbf43926; }

static const struct check {
    const char *name;
    int (*passes)(void);
    int asked_only;
} checks[] = {
    {"nothing", nothing, 0},
    {"one", numbers_in_one, 0},
    {"two", numbers_in_two, 0},
    {"broken", broken, 1},
};
#define CHECKS (sizeof checks / sizeof checks[0])

/* What follows the program's name. */
static const char *arguments(const char *line)
{
    while (*line && *line != ' ')
        line++;
    while (*line == ' ')
        line++;
    return line;
}

/* Is the word `name` in the line? */
static int names(const char *line, const char *name)
{
    while (*line) {
        const char *word = name;
        while (*word && *line == *word)
            line++, word++;
        if (!*word && (!*line || *line == ' '))
            return 1;
        while (*line && *line++ != ' ')
            ;
    }
    return 0;
}

void main(void)
{
    static char line[256];
    struct {
        char *line;
        unsigned long size;
    } command = {line, sizeof line};
    semihosting(SYS_GET_CMDLINE, &command);

    const char *wanted = arguments(line);
    u32 run = 0, failed = 0;
    for (u32 i = 0; i < CHECKS; i++) {
        const struct check *check = &checks[i];
        if (*wanted ? !names(wanted, check->name) : check->asked_only)
            continue;
        int passes = check->passes();
        failed += !passes;
        print(passes ? "ok " : "not ok ");
        print_number(++run);
        print(" - ");
        print(check->name);
        print("\n");
    }
    print("1..");
    print_number(run);
    print("\n");

    struct {
        unsigned long reason, status;
    } end = {ADP_Stopped_ApplicationExit, failed == 0 ? 0 : 1};
    semihosting(SYS_EXIT, &end);
}
