/*
 * Workbooks for tests, written in Markdown: convert() makes the XForm, `form`, and expect() looks
 * into it by XPath. Each test ends with finish().
 */
#ifndef TP_TESTS_UNIT_FORM_CONVERSIONS_H
#define TP_TESTS_UNIT_FORM_CONVERSIONS_H

#include "tp_test.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#include "form/workbook.h"
#include "form/xlsform.h"

static struct tp_xlsform form;
static xmlDoc *doc;

static inline int finish(void **state)
{
    (void)state;
    xmlFreeDoc(doc);
    doc = NULL;
    tp_xlsform_finish(&form);
    return 0;
}

/* Whether it converts, and what was said of it: tp_problems_finish. */
static inline bool converts(const char *markdown, struct tp_problems *problems)
{
    struct tp_xlsform made = {0};
    struct tp_workbook workbook;
    bool whole;

    tp_problems_init(problems);
    assert_true(tp_workbook_parse("t.md", markdown, strlen(markdown), &workbook, NULL));
    whole = tp_xlsform_convert(&workbook, problems, &made);
    assert_true(whole == (made.xml != NULL));
    tp_xlsform_finish(&made);
    tp_workbook_finish(&workbook);
    return whole;
}

static inline void convert(const char *markdown)
{
    struct tp_workbook workbook;
    struct tp_problems problems;
    struct tp_error error;

    tp_problems_init(&problems);
    assert_true(tp_workbook_parse("t.md", markdown, strlen(markdown), &workbook, &error));
    if (!tp_xlsform_convert(&workbook, &problems, &form))
        fail_msg("row %u: %s", problems.items[0].row, problems.items[0].text);
    tp_workbook_finish(&workbook);
    tp_problems_finish(&problems);
    doc = xmlReadMemory(form.xml, (int)form.xml_length, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
}

/* The string value of an XPath; x: is XForms, h: XHTML, jr:, odk: as usual. */
static inline void expect(const char *path, const char *wanted)
{
    xmlXPathContext *context = xmlXPathNewContext(doc);
    xmlXPathObject *found;
    xmlChar *text;
    char *wrapped = NULL;

    (void)xmlXPathRegisterNs(context, BAD_CAST "x", BAD_CAST "http://www.w3.org/2002/xforms");
    (void)xmlXPathRegisterNs(context, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    (void)xmlXPathRegisterNs(context, BAD_CAST "jr", BAD_CAST "http://openrosa.org/javarosa");
    (void)xmlXPathRegisterNs(context, BAD_CAST "odk", BAD_CAST "http://www.opendatakit.org/xforms");
    assert_int_not_equal(asprintf(&wrapped, "normalize-space(%s)", path), -1);
    found = xmlXPathEvalExpression(BAD_CAST wrapped, context);
    assert_non_null(found);
    text = xmlXPathCastToString(found);
    if (strcmp((const char *)text, wanted) != 0)
        fail_msg("%s is '%s', not '%s' in\n%s", path, (const char *)text, wanted, form.xml);
    xmlFree(text);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    free(wrapped);
}

#endif
