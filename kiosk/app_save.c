#include "kiosk/app_save.h"

#include <stdio.h>

#include "kiosk/app_receipt.h"
#include "store/counters.h"
#include "store/outbox.h"

static const char *mode_of(const struct tp_person *person)
{
    return person->look.easy_read ? "easy-read" : "standard";
}

/* How far the wall clock can be believed: goes with the answer. */
static const char *clock_words(struct tp_app *app)
{
    struct tp_store_time now;

    if (app->store && tp_store_now(app->store, &now, NULL))
        return tp_clock_trust_word(now.trust);
    return tp_clock_trust_word(TP_CLOCK_UNCHECKED);
}

static bool put(struct tp_app *app, const struct tp_buf *xml, const char *instance_id,
                struct tp_error *error)
{
    const struct tp_form *form = tp_session_form(app->person.session);
    const struct tp_count complete = {.form_id = tp_form_id(form),
                                      .form_version = tp_form_version(form),
                                      .mode = mode_of(&app->person),
                                      .name = "complete"};
    const struct tp_outbox_entry entry = {.instance_id = instance_id,
                                          .form_id = tp_form_id(form),
                                          .form_version = tp_form_version(form),
                                          .xml = xml->data,
                                          .xml_count = xml->length,
                                          .key = app->has_key ? &app->key : NULL,
                                          .odk_key = tp_form_public_key(form),
                                          .practice = app->practice,
                                          .counts = &complete,
                                          .counts_count = 1};

    /* Practice needs neither a store nor a key: there is nothing to keep. */
    if (app->practice)
        return true;
    if (!app->store || (!app->has_key && !app->own_keys_only))
        return tp_fail(error, TP_ERR_IO, "%s",
                       app->store_problem[0] ? app->store_problem : "this screen has no store");
    return tp_outbox_put(app->store, &entry, error);
}

bool tp_save_answers(struct tp_app *app, struct tp_error *error)
{
    struct tp_person *person = &app->person;
    struct tp_survey *survey = person->survey;
    bool main_answers = survey->kind != TP_KIND_EQUALITY;
    char receipt[TP_RECEIPT_CODE_MAX] = "", instance_id[TP_SESSION_ID_MAX];
    const struct tp_context context = {
        .venue = app->venue,
        .event = app->event,
        .channel = app->practice ? "practice" : app->settings.channel,
        .language = person->language,
        .reading_mode = mode_of(person),
        .privacy_version = tp_survey_text(survey, "privacy_version", NULL),
        .clock = clock_words(app),
        .pace = tp_pace_word(&app->pace, tp_clock_monotonic_ms(&app->clock), person->visited_count),
        .practice = app->practice,
        .receipt_code = receipt,
        .about = main_answers ? "" : person->about,
    };
    struct tp_buf xml;
    bool ok;

    /* A second try at saving must not show another code than the one that may have been saved. */
    if (main_answers && person->receipt[0] && person->answered == survey)
        (void)snprintf(receipt, sizeof(receipt), "%s", person->receipt);
    else if (main_answers)
        tp_receipt_code(&app->random, receipt);
    tp_buf_init(&xml, TP_OUTBOX_XML_MAX);
    ok = tp_session_finish(person->session, &context, &xml, instance_id, error) &&
         put(app, &xml, instance_id, error);
    tp_buf_finish(&xml);
    if (main_answers) {
        (void)snprintf(person->receipt, sizeof(person->receipt), "%s", receipt);
        person->answered = survey;
    }
    if (!ok)
        return false;
    /* Only a consultation's answers are named by others: contact details never
     * (docs/ARCHITECTURE.md). */
    if (survey->kind == TP_KIND_CONSULTATION)
        (void)snprintf(person->about, sizeof(person->about), "%s", instance_id);
    tp_person_drop_answers(person);
    return true;
}

void tp_save_count(struct tp_app *app, const char *name)
{
    const struct tp_person *person = &app->person;
    const struct tp_form *form = person->survey ? person->survey->form : NULL;
    struct tp_error error;

    if (!app->store || app->practice || !form)
        return;
    if (!tp_counters_add(app->store,
                         &(struct tp_count){.form_id = tp_form_id(form),
                                            .form_version = tp_form_version(form),
                                            .mode = mode_of(person),
                                            .name = name},
                         1, &error))
        (void)fprintf(stderr, "talkpoint-kiosk: %s was not counted: %s\n", name, error.text);
}
