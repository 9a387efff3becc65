/* Instance XML: the input stands as the form's own instance and as a list of choices beside it. The
 * form loads or is refused; what a session on it writes is XML again. */
#include <stddef.h>
#include <stdint.h>

#include "form/form.h"
#include "sessions.h"

/* Every instance of a repeat has all that any has, so that nodes grow with the square of the input:
 * unit/form/hostile_test has the large ones. */
#define INPUT_MAX 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool make_form(const uint8_t *data, size_t size, struct tp_buf *xml)
{
    static const char head[] =
        "<h:html xmlns:h=\"http://www.w3.org/1999/xhtml\" xmlns=\"http://www.w3.org/2002/xforms\" "
        "xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:orx=\"http://openrosa.org/xforms\">"
        "<h:head><h:title>f</h:title><model><instance>";
    static const char middle[] = "</instance><instance id=\"list\">";
    static const char tail[] =
        "</instance><bind nodeset=\"/data/q\" type=\"int\" calculate=\"count(/data/r)\"/>"
        "<bind nodeset=\"/data/r/v\" relevant=\"../../q &gt; 0\"/></model></h:head><h:body>"
        "<select1 ref=\"/data/s\"><itemset nodeset=\"instance('list')/root/item[a != '']\">"
        "<value ref=\"name\"/><label ref=\"label\"/></itemset></select1>"
        "<group ref=\"/data/r\"><repeat nodeset=\"/data/r\"><input ref=\"/data/r/v\"/></repeat>"
        "</group></h:body></h:html>";

    return tp_buf_puts(xml, head) && tp_buf_add(xml, data, size) && tp_buf_puts(xml, middle) &&
           tp_buf_add(xml, data, size) && tp_buf_puts(xml, tail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tp_form_params form_params = {.lenient = true, .media_may_be_missing = true};
    struct tp_session *session;
    struct tp_form *form = NULL;
    struct tp_buf xml;

    if (size > INPUT_MAX)
        return 0;
    tp_buf_init(&xml, 4 * INPUT_MAX);
    if (make_form(data, size, &xml) &&
        tp_form_load("fuzz", tp_buf_text(&xml), xml.length, &form_params, &form, NULL) &&
        (session = session_of(form))) {
        tp_node node = tp_session_find(session, "/data/r[1]/v");

        if (node)
            (void)tp_session_set(session, node, "x", NULL);
        session_end(session);
    }
    tp_form_destroy(form);
    tp_buf_finish(&xml);
    return 0;
}
