/* JSON read into a tree and written out again: recursion, lists of nodes, strings and numbers, characters one by one. */
typedef unsigned long u64;
typedef unsigned int u32;
#define SEPARATE __attribute__((noinline))

enum type { OBJECT, LIST, STRING, NUMBER, TRUE, FALSE, NOTHING };
struct node {
    enum type type;
    const char *name;
    union {
        struct node *first;
        const char *text;
        long number;
    };
    struct node *next;
};
static struct node nodes[256];
static char strings[4096], out[4096];
static const char *in;
static char *to, *string_end;
static u32 used;

static const char document[] =
    "{\"name\": \"widget \\\"x\\\"\", \"id\": 123456, \"tags\": [\"alpha\", \"beta\", \"gamma\", \"delta\"], \"price\": -125,\n"
    " \"size\": {\"w\": 125, \"h\": -375, \"d\": 1000625}, \"ok\": true, \"bad\": false, \"none\": null,\n"
    " \"matrix\": [[1, 2, 3], [4, 5, 6], [7, 8, 9]], \"nested\": {\"a\": {\"b\": {\"c\": [1, [2, [3, [4]]]]}}},\n"
    " \"text\": \"the quick brown fox\\njumps over\\tthe lazy dog, again and again\"}";

static SEPARATE void skip_blanks(void)
{
    while (*in == ' ' || *in == '\n' || *in == '\t' || *in == ',' || *in == ':') in++;
}
static SEPARATE const char *read_string(void)
{
    const char *start = string_end;
    for (in++; *in != '"'; in++) {
        char c = *in;
        if (c == '\\') {
            c = *++in;
            if (c == 'n') c = '\n';
            else if (c == 't') c = '\t';
        }
        *string_end++ = c;
    }
    in++;
    *string_end++ = 0;
    return start;
}
static SEPARATE long read_number(void)
{
    int negative = *in == '-';
    long number = 0;
    for (in += negative; *in >= '0' && *in <= '9'; in++) number = number * 10 + (*in - '0');
    return negative ? -number : number;
}
static struct node *read_node(void);
static SEPARATE struct node *read_members(enum type type, char end)
{
    struct node *first = 0, **place = &first;
    in++;
    for (skip_blanks(); *in != end; skip_blanks()) {
        const char *name = 0;
        if (type == OBJECT) {
            name = read_string();
            skip_blanks();
        }
        struct node *node = read_node();
        node->name = name;
        *place = node;
        place = &node->next;
    }
    in++;
    return first;
}
static SEPARATE struct node *read_node(void)
{
    struct node *node = &nodes[used++];
    node->next = 0;
    switch (*in) {
    case '{':
        node->type = OBJECT;
        node->first = read_members(OBJECT, '}');
        break;
    case '[':
        node->type = LIST;
        node->first = read_members(LIST, ']');
        break;
    case '"':
        node->type = STRING;
        node->text = read_string();
        break;
    case 't':
        node->type = TRUE;
        in += 4;
        break;
    case 'f':
        node->type = FALSE;
        in += 5;
        break;
    case 'n':
        node->type = NOTHING;
        in += 4;
        break;
    default:
        node->type = NUMBER;
        node->number = read_number();
    }
    return node;
}

static SEPARATE void put(const char *text)
{
    while (*text) *to++ = *text++;
}
static SEPARATE void put_string(const char *text)
{
    *to++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') *to++ = '\\';
        *to++ = *text;
    }
    *to++ = '"';
}
static SEPARATE void put_number(long number)
{
    char digits[24];
    u64 left = number < 0 ? -number : number;
    int count = 0;
    do digits[count++] = '0' + left % 10;
    while (left /= 10);
    if (number < 0) *to++ = '-';
    while (count) *to++ = digits[--count];
}
static SEPARATE void put_node(const struct node *node, u32 depth)
{
    static const char *const words[] = {[TRUE] = "true", [FALSE] = "false", [NOTHING] = "null"};
    switch (node->type) {
    case OBJECT:
    case LIST:
        put(node->type == OBJECT ? "{\n" : "[");
        for (const struct node *member = node->first; member; member = member->next) {
            if (node->type == OBJECT) {
                for (u32 i = 0; i <= depth; i++) put("  ");
                put_string(member->name);
                put(": ");
            }
            put_node(member, depth + 1);
            if (member->next) put(node->type == OBJECT ? ",\n" : ", ");
        }
        put(node->type == OBJECT ? "\n}" : "]");
        break;
    case STRING:
        put_string(node->text);
        break;
    case NUMBER:
        put_number(node->number);
        break;
    default:
        put(words[node->type]);
    }
}

u64 kernel(u64 n)
{
    u64 sum = 0;
    while (n--) {
        used = 0;
        string_end = strings;
        to = out;
        in = document;
        put_node(read_node(), 0);
        *to = 0;
        for (const char *c = out; *c; c++) sum = sum * 31 + *c;
    }
    return sum;
}
