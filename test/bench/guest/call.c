/* A ledger of accounts by name: small functions that call each other, strings, structures copied, a switch. */
typedef unsigned long u64;
typedef unsigned int u32;
#define SEPARATE __attribute__((noinline))

enum kind { OPEN, DEPOSIT, WITHDRAW, TRANSFER, INTEREST, KINDS };
struct entry {
    enum kind kind;
    u32 amount;
    const char *from, *to;
};
struct account {
    char name[16];
    long balance;
    u32 entries;
    struct entry last;
};
enum { ACCOUNTS = 8 };
static struct account accounts[ACCOUNTS];
static const char *const names[ACCOUNTS] = {"savings-bank", "savings-home", "expenses", "rent",
                                            "salary-july",  "salary-june",  "taxes",    "travel"};
static u32 refused;

static SEPARATE int same(const char *a, const char *b)
{
    for (; *a == *b; a++, b++)
        if (!*a) return 1;
    return 0;
}
static SEPARATE void copy(char *to, const char *from)
{
    while ((*to++ = *from++)) {}
}
static SEPARATE struct account *lookup(const char *name)
{
    for (u32 i = 0; i < ACCOUNTS; i++)
        if (same(accounts[i].name, name)) return &accounts[i];
    return 0;
}
static SEPARATE int covers(const struct account *account, u32 amount)
{
    return account->balance >= (long)amount;
}
static SEPARATE void note(struct account *account, const struct entry *entry)
{
    account->last = *entry;
    account->entries++;
}
static SEPARATE void credit(struct account *account, u32 amount)
{
    account->balance += amount;
}
static SEPARATE int debit(struct account *account, u32 amount)
{
    if (!covers(account, amount)) {
        refused++;
        return 0;
    }
    account->balance -= amount;
    return 1;
}
static SEPARATE void post(const struct entry *entry)
{
    struct account *to = lookup(entry->to);
    switch (entry->kind) {
    case OPEN:
        to->balance = entry->amount;
        break;
    case DEPOSIT:
        credit(to, entry->amount);
        break;
    case WITHDRAW:
        debit(to, entry->amount);
        break;
    case TRANSFER: {
        struct account *from = lookup(entry->from);
        if (debit(from, entry->amount)) credit(to, entry->amount);
        note(from, entry);
        break;
    }
    case INTEREST:
        credit(to, to->balance > 0 ? (u32)to->balance >> 6 & 0xff : 1);
        break;
    default:
        break;
    }
    note(to, entry);
}

u64 kernel(u64 n)
{
    u64 sum = 0;
    u32 seed = 1;
    for (u32 i = 0; i < ACCOUNTS; i++) {
        struct entry opening = {OPEN, 1000, 0, names[i]};
        copy(accounts[i].name, names[i]);
        post(&opening);
    }
    while (n--) {
        seed = seed * 1103515245 + 12345;
        const char *from = names[seed >> 16 & 7], *to = names[seed >> 20 & 7];
        struct entry entry = {1 + (seed >> 24) % (KINDS - 1), seed >> 8 & 0xff, from, to};
        post(&entry);
        sum = sum * 3 + (u64)lookup(to)->balance + refused;
    }
    return sum;
}
