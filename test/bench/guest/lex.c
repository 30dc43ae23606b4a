/* A scanner of C as one large switch on state and character, called for each character, as table-free lexers are. */
typedef unsigned long u64;
typedef unsigned int u32;

enum state {
    START, STRING, ESCAPE, CHARACTER, SLASH, LINE_COMMENT, COMMENT, COMMENT_STAR, ZERO, OCTAL, HEX, DECIMAL, FRACTION, NAME,
    PLUS, MINUS, LESS, GREATER, EQUALS, NOT, AND, OR, STATES
};
static u32 tokens[STATES];
static u32 punctuation;
static u64 value;

static const char source[] =
    "int main(void)\n{\n    /* a comment ** here */\n    int x = 0x1234 + 077;\n    double d = 3.14159; // to the end\n"
    "    const char *s = \"hello \\\"world\\\"\";\n    if (x <= 10 && x != 3 || d >= 2) { x++; y--; }\n"
    "    while (x == 5) x = next_of(x - 1, 'c', \"zz\");\n    return x | y & 7;\n}\n";

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static enum state ended(enum state state)
{
    tokens[state]++;
    return START;
}
static enum state began(char c)
{
    switch (c) {
    case ' ': case '\n': case '\t': return START;
    case '"': return STRING;
    case '\'': return CHARACTER;
    case '/': return SLASH;
    case '+': return PLUS;
    case '-': return MINUS;
    case '<': return LESS;
    case '>': return GREATER;
    case '=': return EQUALS;
    case '!': return NOT;
    case '&': return AND;
    case '|': return OR;
    case '(': case ')': case '{': case '}': case ';': case ',': case '*':
        punctuation++;
        return START;
    case '0':
        value = 0;
        return ZERO;
    }
    value = is_digit(c) ? c - '0' : c;
    return is_digit(c) ? DECIMAL : NAME;
}
static __attribute__((noinline)) enum state step(enum state state, char c)
{
    switch (state) {
    case STRING:
        if (c == '\\') return ESCAPE;
        value = value * 31 + c;
        return c == '"' ? ended(STRING) : STRING;
    case ESCAPE: return STRING;
    case CHARACTER: return c == '\'' ? ended(CHARACTER) : CHARACTER;
    case SLASH: return c == '/' ? LINE_COMMENT : c == '*' ? COMMENT : ended(SLASH);
    case LINE_COMMENT: return c == '\n' ? ended(LINE_COMMENT) : LINE_COMMENT;
    case COMMENT: return c == '*' ? COMMENT_STAR : COMMENT;
    case COMMENT_STAR: return c == '/' ? ended(COMMENT) : c == '*' ? COMMENT_STAR : COMMENT;
    case ZERO:
        if (c == 'x') return HEX;
        /* fall through */
    case OCTAL:
        if (!is_digit(c)) return ended(OCTAL);
        value = value * 8 + (c - '0');
        return OCTAL;
    case HEX:
        if (!is_digit(c) && !is_letter(c)) return ended(HEX);
        value = value * 16 + (is_digit(c) ? c - '0' : (c | 32) - 'a' + 10);
        return HEX;
    case DECIMAL:
        if (c == '.') return FRACTION;
        if (!is_digit(c)) return ended(DECIMAL);
        value = value * 10 + (c - '0');
        return DECIMAL;
    case FRACTION: return is_digit(c) ? FRACTION : ended(FRACTION);
    case NAME:
        if (!is_letter(c) && !is_digit(c)) return ended(NAME);
        value = value * 33 + c;
        return NAME;
    case PLUS: return c == '+' ? ended(PLUS) : began(c);
    case MINUS: return c == '-' ? ended(MINUS) : began(c);
    case LESS: return c == '=' ? ended(LESS) : began(c);
    case GREATER: return c == '=' ? ended(GREATER) : began(c);
    case EQUALS: return c == '=' ? ended(EQUALS) : began(c);
    case NOT: return c == '=' ? ended(NOT) : began(c);
    case AND: return c == '&' ? ended(AND) : began(c);
    case OR: return c == '|' ? ended(OR) : began(c);
    default: return began(c);
    }
}

u64 kernel(u64 n)
{
    u64 sum = 0;
    while (n--) {
        enum state state = START;
        for (const char *c = source; *c; c++) state = step(state, *c);
        sum = sum * 3 + value;
    }
    for (u32 i = 0; i < STATES; i++) sum = sum * 5 + tokens[i];
    return sum + punctuation;
}
