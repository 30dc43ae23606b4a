/* Output and the end of the program by semihosting: the same on every machine that offers it. */
#include <stddef.h>

enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_EXIT = 0x18 };
enum { OPEN_FOR_WRITING = 4 };
enum { ADP_Stopped_RunTimeErrorUnknown = 0x20023, ADP_Stopped_ApplicationExit = 0x20026 };

long semihosting(int operation, void *parameter);
int printf(const char *f, ...);

static char line[512];
static size_t used;
static long handle;

static void flush(void)
{
    if (!handle) {
        long open[] = {(long)":tt", OPEN_FOR_WRITING, 3};
        handle = semihosting(SYS_OPEN, open);
    }
    if (used) {
        long write[] = {handle, (long)line, (long)used};
        semihosting(SYS_WRITE, write);
    }
    used = 0;
}

void console_put(char c)
{
    line[used++] = c;
    if (c == '\n' || used == sizeof line)
        flush();
}

static _Noreturn void end(long reason, int status)
{
    long block[] = {reason, status};
    flush();
    semihosting(SYS_EXIT, block);
    for (;;)
        ;
}
_Noreturn void console_exit(int status) { end(ADP_Stopped_ApplicationExit, status); }

_Noreturn void console_exception(unsigned long esr, unsigned long elr, unsigned long far)
{
    printf("unexpected exception: ESR_EL1 %#lx, ELR_EL1 %#lx, FAR_EL1 %#lx\n", esr, elr, far);
    end(ADP_Stopped_RunTimeErrorUnknown, 0);
}
