#include "central/http/framing.h"

#include <string.h>
#include <strings.h>

/* Headers that a request has once at most. */
enum once {
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    HOST,
    AUTHORIZATION,
    ONCE,
};

static const char *const names[ONCE] = {
    [CONTENT_LENGTH] = MHD_HTTP_HEADER_CONTENT_LENGTH,
    [TRANSFER_ENCODING] = MHD_HTTP_HEADER_TRANSFER_ENCODING,
    [HOST] = MHD_HTTP_HEADER_HOST,
    [AUTHORIZATION] = MHD_HTTP_HEADER_AUTHORIZATION,
};

struct head {
    const char *values[ONCE]; /* NULL: it has none */
    bool ambiguous;
};

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *name,
                            const char *value)
{
    struct head *head = context;

    (void)kind;
    for (size_t i = 0; i < ONCE; i++) {
        if (strcasecmp(name, names[i]) != 0)
            continue;
        head->ambiguous = head->ambiguous || head->values[i];
        head->values[i] = value ? value : "";
    }
    return MHD_YES;
}

static bool is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

bool tp_framing_is_plain(struct MHD_Connection *connection, const char *version)
{
    bool modern = strcmp(version, MHD_HTTP_VERSION_1_1) == 0;
    struct head head = {.ambiguous = false};
    const char *length;
    const char *coding;

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, look, &head);
    length = head.values[CONTENT_LENGTH];
    coding = head.values[TRANSFER_ENCODING];
    return !head.ambiguous && (!modern || head.values[HOST]) && (!length || is_number(length)) &&
           (!coding || (modern && !length && strcasecmp(coding, "chunked") == 0));
}
