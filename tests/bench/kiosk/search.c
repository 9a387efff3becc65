/*
 * What a key costs that looks through a list of 40,000 accented names, as it is typed: from the key
 * to the page built again, without drawing. The first page folds them all; the baseline of each is
 * one look for a word through the bytes of all the names.
 */
#include <stdlib.h>

#include "../../unit/kiosk/resident.h"
#include "bench/bench.h"
#include "kiosk/app_answer.h"

#define NAMES 40000u
#define XML_MAX (16u * 1024u * 1024u)
#define KEYS "zolwiadlugapolnaberegswieto"

static const char *const firsts[] = {"Żółwia", "Długa",  "Święty", "Łódź",  "São",
                                     "Évreux", "Ørsted", "Їжак",   "Timiș", "Berég"};
static const char *const lasts[] = {"Górka", "Polna", "Krzyż", "João", "Ängby", "Stäfa", "Münster"};

static void put_name(struct tp_buf *out, unsigned i)
{
    (void)tp_buf_printf(out, "%s %s %u", firsts[i % 10], lasts[i / 10 % 7], i);
}

static bool write_survey(const char *path)
{
    struct tp_buf xml;
    bool ok;

    tp_buf_init(&xml, XML_MAX);
    (void)tp_buf_puts(&xml,
                      "<?xml version=\"1.0\"?><h:html xmlns=\"http://www.w3.org/2002/xforms\" "
                      "xmlns:h=\"http://www.w3.org/1999/xhtml\"><h:head><h:title>Towns</h:title>"
                      "<model><instance><data id=\"long\"><town/></data></instance>"
                      "<instance id=\"towns\"><root>");
    for (unsigned i = 0; i < NAMES; i++) {
        (void)tp_buf_printf(&xml, "<item><name>t%u</name><label>", i);
        put_name(&xml, i);
        (void)tp_buf_puts(&xml, "</label></item>");
    }
    (void)tp_buf_puts(&xml,
                      "</root></instance></model></h:head><h:body>"
                      "<select1 ref=\"/data/town\" appearance=\"autocomplete\"><label>Town</label>"
                      "<itemset nodeset=\"instance('towns')/root/item\"><value ref=\"name\"/>"
                      "<label ref=\"label\"/></itemset></select1></h:body></h:html>");
    ok = tp_buf_ok(&xml) && tp_file_write_atomic(path, xml.data, xml.length, 0600, NULL);
    tp_buf_finish(&xml);
    return ok;
}

static double floor_ms(void)
{
    struct tp_buf all;
    double start;
    bool found;

    tp_buf_init(&all, XML_MAX);
    for (unsigned i = 0; i < NAMES; i++)
        put_name(&all, i);
    start = now_ms();
    found = memmem(all.data, all.length, "nowhere", 7) != NULL;
    start = now_ms() - start;
    tp_buf_finish(&all);
    return found ? 0 : start;
}

static void search(void)
{
    struct tp_survey *survey = tp_library_find(app->library, "long");
    double times[sizeof(KEYS)], start, first, least = floor_ms();
    size_t count = strlen(KEYS);

    assert_non_null(survey);
    tp_answer_open(app, survey);
    tp_answer_start(app);
    start = now_ms();
    assert_true(tp_app_build(app, NULL));
    first = now_ms() - start;
    for (size_t i = 0; i < count; i++) {
        char letter[2] = {KEYS[i], '\0'};

        start = now_ms();
        type(letter);
        times[i] = now_ms() - start;
    }
    qsort(times, count, sizeof(times[0]), ascending);
    report("kiosk search, 40000 accented choices, first page", "ms", first, least);
    report("kiosk search, 40000 accented choices, a key, p50", "ms", times[count / 2], least);
    report("kiosk search, 40000 accented choices, a key, worst", "ms", times[count - 1], least);
}

int main(void)
{
    char path[128], survey[160];

    if (set_up_all(NULL) != 0)
        return 1;
    (void)snprintf(path, sizeof(path), "%s/surveys", folder);
    surveys = path;
    (void)snprintf(survey, sizeof(survey), "%s/long", path);
    if (!tp_dir_make(path, 0700, NULL) || !tp_dir_make(survey, 0700, NULL))
        return 1;
    (void)snprintf(survey, sizeof(survey), "%s/long/form.xml", path);
    if (!write_survey(survey) || set_up(NULL) != 0)
        return 1;
    search();
    (void)tear_down(NULL);
    return tear_down_all(NULL) == 0 ? 0 : 1;
}
