/*
 * As much of a C library as the tests need, and not more. Whatever the stream, what is printed goes to the console.
 * Compiled with -fno-builtin, so that no function here becomes a call of itself.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

void console_put(char c);
_Noreturn void console_exit(int status);
/* As a shell shows SIGABRT. */
#define ABORTED (128 + 6)

int printf(const char *f, ...);
_Noreturn void abort(void) { console_exit(ABORTED); }
_Noreturn void exit(int code) { console_exit(code); }
_Noreturn void _exit(int code) { console_exit(code); }
_Noreturn void __assert_fail(const char *what, const char *file, unsigned line, const char *function)
{
    (void)file;
    printf("%s, line %u: assertion %s failed\n", function, line, what);
    abort();
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    while (n--)
        *t++ = *f++;
    return to;
}
void *mempcpy(void *restrict to, const void *restrict from, size_t n) { return (char *)memcpy(to, from, n) + n; }
void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if (t <= f)
        return memcpy(to, from, n);
    while (n--)
        t[n] = f[n];
    return to;
}
void *memset(void *to, int value, size_t n)
{
    unsigned char *t = to;
    while (n--)
        *t++ = (unsigned char)value;
    return to;
}
int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;
    for (; n; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}
void *memchr(const void *where, int c, size_t n)
{
    const unsigned char *p = where;
    for (; n; n--, p++)
        if (*p == (unsigned char)c)
            return (void *)p;
    return NULL;
}
void bzero(void *to, size_t n) { memset(to, 0, n); }
void bcopy(const void *from, void *to, size_t n) { memmove(to, from, n); }
int bcmp(const void *a, const void *b, size_t n) { return memcmp(a, b, n); }

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}
size_t strnlen(const char *s, size_t most)
{
    size_t n = 0;
    while (n < most && s[n])
        n++;
    return n;
}
int strncmp(const char *a, const char *b, size_t n)
{
    for (; n; n--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}
int strcmp(const char *a, const char *b) { return strncmp(a, b, SIZE_MAX); }
char *stpcpy(char *restrict to, const char *restrict from)
{
    while ((*to = *from++))
        to++;
    return to;
}
char *strcpy(char *restrict to, const char *restrict from)
{
    stpcpy(to, from);
    return to;
}
char *strncpy(char *restrict to, const char *restrict from, size_t n)
{
    size_t i = 0;
    for (; i < n && from[i]; i++)
        to[i] = from[i];
    for (; i < n; i++)
        to[i] = 0;
    return to;
}
char *stpncpy(char *restrict to, const char *restrict from, size_t n) { return strncpy(to, from, n) + strnlen(from, n); }
char *strncat(char *restrict to, const char *restrict from, size_t n)
{
    char *end = to + strlen(to);
    while (n-- && *from)
        *end++ = *from++;
    *end = 0;
    return to;
}
char *strcat(char *restrict to, const char *restrict from) { return strncat(to, from, SIZE_MAX); }
char *strchr(const char *s, int c)
{
    for (;; s++) {
        if (*s == (char)c)
            return (char *)s;
        if (!*s)
            return NULL;
    }
}
char *strrchr(const char *s, int c)
{
    const char *found = NULL;
    do
        if (*s == (char)c)
            found = s;
    while (*s++);
    return (char *)found;
}
char *index(const char *s, int c) { return strchr(s, c); }
char *rindex(const char *s, int c) { return strrchr(s, c); }
char *strstr(const char *s, const char *wanted)
{
    size_t n = strlen(wanted);
    for (;; s++) {
        if (strncmp(s, wanted, n) == 0)
            return (char *)s;
        if (!*s)
            return NULL;
    }
}
size_t strspn(const char *s, const char *set)
{
    size_t n = 0;
    while (s[n] && strchr(set, s[n]))
        n++;
    return n;
}
size_t strcspn(const char *s, const char *set)
{
    size_t n = 0;
    while (s[n] && !strchr(set, s[n]))
        n++;
    return n;
}
char *strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)s : NULL;
}

/* The heap grows only. The size is in front of the block, for realloc. */
extern char heap_start[];
static char *heap = heap_start;
#define HEAP_END ((char *)0x46000000)
void *malloc(size_t size)
{
    char *block = (char *)(((uintptr_t)heap + 31) & ~(uintptr_t)15);
    if (size > (size_t)(HEAP_END - block))
        return NULL;
    heap = block + size;
    ((size_t *)block)[-1] = size;
    return block;
}
void free(void *block) { (void)block; }
void *calloc(size_t n, size_t size)
{
    void *block = malloc(n * size);
    return block ? memset(block, 0, n * size) : NULL;
}
void *realloc(void *old, size_t size)
{
    void *block = malloc(size);
    if (old && block) {
        size_t before = ((size_t *)old)[-1];
        memcpy(block, old, before < size ? before : size);
    }
    return block;
}

int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long long llabs(long long n) { return n < 0 ? -n : n; }
int isprint(int c) { return c >= ' ' && c <= '~'; }
int isdigit(int c) { return c >= '0' && c <= '9'; }
int atoi(const char *s)
{
    int n = 0;
    while (isdigit(*s))
        n = n * 10 + (*s++ - '0');
    return n;
}
long strtol(const char *s, char **end, int base)
{
    long n = 0;
    (void)base;
    while (isdigit(*s))
        n = n * 10 + (*s++ - '0');
    if (end)
        *end = (char *)s;
    return n;
}

double fabs(double x) { return __builtin_fabs(x); }
float fabsf(float x) { return __builtin_fabsf(x); }
double sqrt(double x) { return __builtin_sqrt(x); }
double floor(double x) { return __builtin_floor(x); }
float floorf(float x) { return __builtin_floorf(x); }
double ceil(double x) { return __builtin_ceil(x); }
double trunc(double x) { return __builtin_trunc(x); }
double copysign(double x, double y) { return __builtin_copysign(x, y); }
float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
long double copysignl(long double x, long double y) { return __builtin_copysignl(x, y); }

/* Without a place to put it, and with room for it, text goes to the console. */
struct sink {
    char *to;
    size_t room, count;
};
static void put(struct sink *s, char c)
{
    if (!s->to && s->room)
        console_put(c);
    else if (s->to && s->count + 1 < s->room)
        s->to[s->count] = c;
    s->count++;
}
static void put_padded(struct sink *s, const char *text, size_t n, int width, int left, char pad)
{
    int spaces = width > (int)n ? width - (int)n : 0;
    if (!left) {
        if (pad == '0' && n && *text == '-') {
            put(s, '-');
            text++, n--;
        }
        while (spaces--)
            put(s, pad);
    }
    while (n--)
        put(s, *text++);
    if (left)
        while (spaces-- > 0)
            put(s, ' ');
}
static char *digits(char *end, unsigned long long n, unsigned base, const char *symbols)
{
    do
        *--end = symbols[n % base];
    while (n /= base);
    return end;
}
/* %f of numbers below 2^63, with at most nine decimals. */
static char *decimal(char *end, double x, int decimals)
{
    unsigned long long scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    int negative = __builtin_signbit(x) != 0;
    double magnitude = __builtin_fabs(x);
    unsigned long long whole = (unsigned long long)magnitude;
    unsigned long long fraction = (unsigned long long)((magnitude - (double)whole) * (double)scale + 0.5);
    if (fraction >= scale)
        whole++, fraction -= scale;
    for (int i = 0; i < decimals; i++, fraction /= 10)
        *--end = (char)('0' + fraction % 10);
    if (decimals)
        *--end = '.';
    end = digits(end, whole, 10, "0123456789");
    if (negative)
        *--end = '-';
    return end;
}

static void format(struct sink *s, const char *f, va_list list)
{
    for (; *f; f++) {
        if (*f != '%') {
            put(s, *f);
            continue;
        }
        int left = 0, width = 0, precision = -1, longs = 0, plus = 0, alternate = 0;
        char pad = ' ';
        for (f++;; f++) {
            if (*f == '-')
                left = 1;
            else if (*f == '0')
                pad = '0';
            else if (*f == '+')
                plus = 1;
            else if (*f == '#')
                alternate = 1;
            else if (*f != ' ')
                break;
        }
        if (*f == '*')
            width = va_arg(list, int), f++;
        for (; isdigit(*f); f++)
            width = width * 10 + (*f - '0');
        if (*f == '.') {
            precision = 0, f++;
            if (*f == '*')
                precision = va_arg(list, int), f++;
            for (; isdigit(*f); f++)
                precision = precision * 10 + (*f - '0');
        }
        for (; *f == 'l' || *f == 'z' || *f == 'j' || *f == 't' || *f == 'h'; f++)
            longs += *f != 'h';
        char buffer[64], *end = buffer + sizeof buffer, *start = end;
        switch (*f) {
        case 'd':
        case 'i': {
            long long n = longs ? va_arg(list, long long) : va_arg(list, int);
            start = digits(end, n < 0 ? -(unsigned long long)n : (unsigned long long)n, 10, "0123456789");
            if (n < 0)
                *--start = '-';
            else if (plus)
                *--start = '+';
            break;
        }
        case 'u':
        case 'o':
        case 'x':
        case 'X': {
            unsigned long long n = longs ? va_arg(list, unsigned long long) : va_arg(list, unsigned);
            unsigned base = *f == 'u' ? 10 : *f == 'o' ? 8 : 16;
            start = digits(end, n, base, *f == 'X' ? "0123456789ABCDEF" : "0123456789abcdef");
            if (alternate && base == 16 && n)
                *--start = *f, *--start = '0';
            break;
        }
        case 'p':
            start = digits(end, (uintptr_t)va_arg(list, void *), 16, "0123456789abcdef");
            *--start = 'x', *--start = '0';
            break;
        case 'f':
        case 'g':
        case 'e':
            start = decimal(end, va_arg(list, double), precision < 0 ? 6 : precision);
            break;
        case 'c':
            *--start = (char)va_arg(list, int);
            break;
        case 's':
            start = va_arg(list, char *);
            end = start + (precision >= 0 ? strnlen(start, (size_t)precision) : strlen(start));
            break;
        case '%':
            *--start = '%';
            break;
        default:
            abort();
        }
        put_padded(s, start, (size_t)(end - start), width, left, pad);
    }
    if (s->to && s->room)
        s->to[s->count < s->room ? s->count : s->room - 1] = 0;
}

typedef struct file FILE;
FILE *stdin, *stdout, *stderr;
int vsnprintf(char *to, size_t room, const char *f, va_list list)
{
    struct sink s = {to, room, 0};
    format(&s, f, list);
    return (int)s.count;
}
int vsprintf(char *to, const char *f, va_list list) { return vsnprintf(to, SIZE_MAX, f, list); }
int vprintf(const char *f, va_list list) { return vsnprintf(NULL, SIZE_MAX, f, list); }
int vfprintf(FILE *file, const char *f, va_list list)
{
    (void)file;
    return vprintf(f, list);
}
#define VARIADIC(call)       \
    va_list list;            \
    va_start(list, f);       \
    int count = call;        \
    va_end(list);            \
    return count
int printf(const char *f, ...) { VARIADIC(vprintf(f, list)); }
int fprintf(FILE *file, const char *f, ...) { VARIADIC(vfprintf(file, f, list)); }
int sprintf(char *to, const char *f, ...) { VARIADIC(vsprintf(to, f, list)); }
int snprintf(char *to, size_t room, const char *f, ...) { VARIADIC(vsnprintf(to, room, f, list)); }
size_t fwrite(const void *from, size_t size, size_t n, FILE *file)
{
    const char *s = from;
    (void)file;
    for (size_t i = 0; i < size * n; i++)
        console_put(s[i]);
    return n;
}
int fputs(const char *s, FILE *file) { return (int)fwrite(s, 1, strlen(s), file); }
int fputc(int c, FILE *file)
{
    char one = (char)c;
    fwrite(&one, 1, 1, file);
    return (unsigned char)c;
}
int putc(int c, FILE *file) { return fputc(c, file); }
int putchar(int c) { return fputc(c, stdout); }
int puts(const char *s)
{
    fputs(s, stdout);
    putchar('\n');
    return (int)strlen(s) + 1;
}
int fflush(FILE *file) { return (void)file, 0; }

void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))
{
    char *all = base;
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && compare(all + (j - 1) * size, all + j * size) > 0; j--)
            for (size_t b = 0; b < size; b++) {
                char kept = all[j * size + b];
                all[j * size + b] = all[(j - 1) * size + b];
                all[(j - 1) * size + b] = kept;
            }
}

/* There are no signals: a handler that is set is never called. */
void (*signal(int number, void (*handler)(int)))(int) { return (void)number, (void)handler, NULL; }
